import type { Catalogue } from './catalogue.js';

const NOTHING_TO_DO = 'Wenn Sie das waren, ist nichts zu tun.';

export const german: Catalogue = {
  hello: (name) => (name === '' ? 'Guten Tag,' : `Guten Tag ${name},`),
  footer: (sender) => `Gesendet von ${sender}. Antworten auf diese Mail werden nicht gelesen.`,
  linkWorks: (duration) => `Der Link gilt ${duration} und funktioniert einmal.`,
  newestLinkWorks: (duration) =>
    `Der Link gilt ${duration} und funktioniert einmal. Eine neuere Mail ersetzt ihn.`,
  when: 'Wann',
  unknown: 'unbekannt',
  unknownDevice: 'unbekanntes Gerät',

  'verify-email': {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    intro:
      'Mit dieser Adresse wird ein Konto eröffnet. Folgen Sie dem Link, um zu bestätigen, dass sie Ihnen gehört.',
    confirm: 'Adresse bestätigen',
    code: 'Oder geben Sie diesen Code ein, wo danach gefragt wird:',
    linkAndCodeWork: (duration) =>
      `Link und Code gelten ${duration}. Eine neuere Mail ersetzt sie.`,
    otherwise:
      'Wenn Sie kein Konto wollten, tun Sie nichts: Ohne Ihre Bestätigung entsteht keines.',
  },
  'registered-again': {
    subject: 'Ihre E-Mail-Adresse wurde noch einmal registriert',
    happened:
      'Diese Adresse wurde noch einmal registriert, mit einem anderen Passwort. Wer sie jetzt bestätigt, bestätigt das Konto mit dem neuesten Passwort: Nur dieses würde gelten.',
    ifYou: 'Wenn Sie das jedes Mal selbst waren, bestätigen Sie die Adresse.',
    otherwise:
      'Wenn Sie sich nicht zweimal registriert haben, bestätigen Sie nicht: Das neueste Passwort kennt vielleicht jemand anderes. Wählen Sie stattdessen ein eigenes, das bestätigt die Adresse ebenfalls, oder tun Sie nichts, wenn Sie kein Konto wollten.',
    choose: 'Passwort wählen',
  },
  'already-registered': {
    subject: 'Sie haben schon ein Konto',
    happened:
      'Gerade wollte jemand mit dieser Adresse ein Konto eröffnen oder seines auf sie umstellen. Zu ihr gibt es schon ein Konto, und daran wurde nichts geändert.',
    ifYou:
      'Wenn Sie das waren, melden Sie sich mit Ihrem Passwort an, oder fordern Sie ein neues an.',
    otherwise: 'Wenn Sie das nicht waren, ist nichts zu tun.',
  },
  invitation: {
    subject: 'Sie sind eingeladen',
    intro: 'Für Sie wurde ein Konto angelegt. Wählen Sie ein Passwort, dann gehört es Ihnen.',
    choose: 'Passwort wählen',
    otherwise:
      'Wenn Sie das nicht erwartet haben, tun Sie nichts: Ohne Passwort kann niemand das Konto benutzen.',
  },
  'reset-password': {
    subject: 'Wählen Sie ein neues Passwort',
    intro:
      'Jemand hat für Ihr Konto ein neues Passwort angefordert. Wenn Sie das waren, folgen Sie dem Link.',
    choose: 'Neues Passwort wählen',
    otherwise: 'Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.',
  },
  'sign-in-code': {
    subject: 'Ihr Anmeldecode',
    intro: 'Jemand möchte sich mit einem Code statt mit dem Passwort an Ihrem Konto anmelden.',
    code: 'Wenn Sie das sind, geben Sie diesen Code dort ein, wo Sie ihn angefordert haben:',
    codeWorks: (duration) =>
      `Der Code gilt ${duration}, einmal und nur dort. Eine neuere Mail ersetzt ihn.`,
    device: 'Angefordert mit',
    from: 'Von',
    otherwise:
      'Niemand, der für diesen Dienst arbeitet, fragt nach dem Code: Nennen Sie ihn niemandem. Wenn Sie das nicht waren, tun Sie nichts: Ohne den Code kommt niemand hinein.',
  },
  'change-email': {
    subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
    intro:
      'Ein Konto soll auf diese Adresse umgestellt werden. Folgen Sie dem Link, um zu bestätigen, dass die Adresse Ihnen gehört.',
    confirm: 'Adresse bestätigen',
    otherwise:
      'Wenn Sie das nicht wollten, tun Sie nichts: Ohne Ihre Bestätigung ändert sich nichts.',
  },
  'email-change-asked': {
    subject: 'Die Adresse Ihres Kontos soll sich ändern',
    happened: (newEmail) =>
      `Jemand, der in Ihrem Konto angemeldet ist, möchte dessen E-Mail-Adresse in ${newEmail} ändern. Nichts ändert sich, bevor die neue Adresse bestätigt ist.`,
    device: 'Gerät',
    from: 'Von',
    ifYou: 'Wenn Sie das waren, folgen Sie dem Link in der Mail an die neue Adresse.',
    otherwise: 'Wenn es ein Versehen war, brechen Sie die Änderung ab:',
    cancel: 'Änderung abbrechen',
  },
  'email-restored': {
    subject: 'Die Adresse Ihres Kontos wurde zurückgesetzt',
    happened:
      'Wer die frühere Adresse Ihres Kontos liest, sagt, dass jemand anderes sie geändert hat. Das Konto hat wieder die frühere Adresse, und alle Anmeldungen wurden beendet.',
    otherwise: 'Wenn das Konto Ihnen gehört, wenden Sie sich an den Betreiber dieses Dienstes.',
  },
  'account-deleted': {
    subject: 'Ihr Konto wurde gelöscht',
    happened:
      'Ihr Konto und alles, was dazu gespeichert war, wurde gelöscht. Das lässt sich nicht rückgängig machen.',
    otherwise:
      'Wenn Sie das nicht erwartet haben, wenden Sie sich an den Betreiber dieses Dienstes.',
  },

  notMe: {
    otherwise:
      'Wenn Sie das nicht waren, sagen Sie es uns. Das beendet jede Anmeldung an Ihrem Konto und jeden API-Schlüssel und schickt einen Link für ein neues Passwort an diese Adresse.',
    label: 'Das war ich nicht',
  },
  'password-changed': {
    subject: 'Ihr Passwort wurde geändert',
    happened: 'Ihr Konto hat ein neues Passwort. Andere Anmeldungen wurden beendet.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
    apiKeys: (count) =>
      `${count === 1 ? 'Ein API-Schlüssel von Ihnen gilt' : `${count} API-Schlüssel von Ihnen gelten`} weiter. Wenn jemand anderes einen davon kennen könnte, beenden Sie ihn.`,
  },
  'api-key-created': {
    subject: 'Für Ihr Konto wurde ein API-Schlüssel erstellt',
    happened:
      'Jemand, der in Ihrem Konto angemeldet ist, hat einen API-Schlüssel erstellt. Wer ihn hat, kann ohne Ihr Passwort für Sie handeln, bis er beendet wird.',
    key: 'Schlüssel',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'email-changed': {
    subject: 'Die Adresse Ihres Kontos wurde geändert',
    happened:
      'Ihr Konto hat eine neue E-Mail-Adresse. Eine Woche lang kann der Link in der Mail an die alte Adresse diese zurückholen.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'new-device': {
    subject: 'Neue Anmeldung an Ihrem Konto',
    happened:
      'Jemand hat sich an Ihrem Konto von einem Ort angemeldet, von dem aus es noch nicht benutzt wurde.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'session-reused': {
    subject: 'Eine Sitzung wurde zu Ihrer Sicherheit beendet',
    happened:
      'Der Schlüssel, der eines Ihrer Geräte angemeldet hält, wurde zweimal benutzt. Eine Kopie davon könnte in fremden Händen sein, deshalb wurde diese Sitzung beendet.',
    device: 'Sitzung',
    from: 'Zweite Benutzung von',
    ifYou: 'Wenn Sie es sich erklären können, melden Sie sich auf diesem Gerät neu an.',
  },
  'sign-in-slowed-down': {
    subject: 'Die Anmeldung an Ihrem Konto ist gebremst',
    happened:
      'Jemand hat an Ihrem Konto viele falsche Passwörter versucht. Daran wurde nichts geändert. Die Anmeldung von Geräten, auf denen es noch nicht benutzt wurde, ist eine Weile gebremst.',
    device: 'Letzter Versuch mit',
    from: 'Von',
    ifYou:
      'Wenn Sie das waren, warten Sie eine Weile, oder fordern Sie ein neues Passwort an. Wenn Sie dasselbe Passwort auch anderswo benutzen, wählen Sie ein anderes.',
  },
  'sign-in-after-failures': {
    subject: 'Anmeldung an Ihrem Konto nach falschen Passwörtern',
    happened:
      'Jemand hat sich nach mehreren falschen Passwörtern an Ihrem Konto angemeldet. Vielleicht wurde das richtige erraten.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'passkey-copied': {
    subject: 'Ein Passkey von Ihnen wurde abgewiesen',
    happened:
      'Ein Passkey Ihres Kontos wurde so benutzt, wie eine Kopie davon es täte: Er zählt, wie oft er benutzt wird, und die Zahl ging zurück. Er wurde abgewiesen, und niemand wurde angemeldet.',
    device: 'Gerät',
    from: 'Von',
    ifYou:
      'Wenn Sie es waren, versuchen Sie es noch einmal. Wird er wieder abgewiesen, entfernen Sie diesen Passkey und legen Sie einen neuen an.',
  },
  'totp-added': {
    subject: 'Ihrem Konto wurde eine Authenticator-App hinzugefügt',
    happened:
      'Bei der Anmeldung an Ihrem Konto werden jetzt Codes einer Authenticator-App verlangt. Andere Anmeldungen wurden beendet.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'totp-removed': {
    subject: 'Die Authenticator-App wurde von Ihrem Konto entfernt',
    happened:
      'Bei der Anmeldung an Ihrem Konto werden keine Codes der Authenticator-App mehr verlangt. Andere Anmeldungen wurden beendet.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'passkey-added': {
    subject: 'Ihrem Konto wurde ein Passkey hinzugefügt',
    happened:
      'Ihr Konto hat einen neuen Passkey. Wer ihn besitzt, kann sich damit anmelden. Andere Anmeldungen wurden beendet.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'passkey-removed': {
    subject: 'Ein Passkey wurde von Ihrem Konto entfernt',
    happened:
      'Mit diesem Passkey kann sich niemand mehr an Ihrem Konto anmelden. Andere Anmeldungen wurden beendet.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'recovery-codes-renewed': {
    subject: 'Ihr Konto hat neue Wiederherstellungscodes',
    happened:
      'Für Ihr Konto wurden neue Wiederherstellungscodes erstellt. Die alten gelten nicht mehr.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'second-factor-failed': {
    subject: 'Für Ihr Konto wurde ein falscher Code angegeben',
    happened:
      'Jemand hat das richtige Passwort Ihres Kontos und danach einen falschen Code oder einen Passkey benutzt, der abgewiesen wurde. Weiter kam er damit nicht.',
    device: 'Gerät',
    from: 'Von',
    ifYou:
      'Wenn Sie sich beim Code vertippt oder den falschen Passkey benutzt haben, ist nichts zu tun. Wenn nicht, kennt jemand Ihr Passwort: Wählen Sie ein anderes.',
  },
  'recovery-code-used': {
    subject: 'Ein Wiederherstellungscode Ihres Kontos wurde benutzt',
    happened:
      'Jemand hat sich mit einem Ihrer Wiederherstellungscodes ausgewiesen. Er gilt nicht noch einmal.',
    left: (codes) =>
      codes === 1 ? 'Ein Code ist übrig. Erstellen Sie bald neue.' : `${codes} Codes sind übrig.`,
    noneLeft: 'Es ist kein Code übrig. Erstellen Sie bald neue.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'device-trusted': {
    subject: 'Eines Ihrer Geräte gilt jetzt als vertraut',
    happened:
      'Dreißig Tage lang fragt die Anmeldung mit Ihrem Passwort auf diesem Gerät nicht nach dem zweiten Faktor. Ein neues Passwort oder eine Änderung an Ihren zweiten Faktoren beendet das.',
    device: 'Gerät',
    from: 'Von',
    ifYou: NOTHING_TO_DO,
  },
  'suspicious-activity': {
    subject: 'Verdächtige Vorgänge auf Ihrem Server',
    happened: {
      stuffing:
        'An vielen Konten werden Passwörter versucht, vermutlich aus einem Einbruch bei einem anderen Dienst. Die Begrenzungen bremsen das; niemand wird ausgesperrt.',
      registrations: 'Ungewöhnlich viele Konten werden registriert.',
      'permission-raised':
        'Ein Konto oder eine Rolle hat ein Recht bekommen, das ändern kann, was andere dürfen.',
    },
    count: 'Anzahl',
    network: 'Netz',
    subjectId: 'Konto oder Rolle',
    whatToDo:
      'Sie bekommen diese Mail, weil Sie den Server verwalten. Mehr sagt das Audit-Protokoll (Typ suspicious.detected). Solange es andauert, wird dasselbe höchstens einmal in der Stunde gemeldet.',
  },
};
