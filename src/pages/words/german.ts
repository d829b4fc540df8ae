import type { PageWords } from './catalogue.js';

export const german: PageWords = {
  language: 'de',
  shared: {
    email: 'E-Mail-Adresse',
    showPassword: 'Passwort anzeigen',
    show: 'Anzeigen',
    passwordHint:
      'Ein paar ungewöhnliche Wörter oder, besser noch, was ein Passwort-Manager vorschlägt. Länge zählt mehr als Sonderzeichen.',
    script: {
      noAnswer: 'Der Server antwortet nicht. Versuchen Sie es gleich noch einmal.',
      waitOneSecond:
        'Zu viel auf einmal. Bitte warten Sie eine Sekunde, und versuchen Sie es noch einmal.',
      wait: 'Zu viel auf einmal. Bitte warten Sie {seconds} Sekunden, und versuchen Sie es noch einmal.',
      checkInput: 'Bitte prüfen Sie Ihre Eingabe.',
      passwordRejected: 'Dieses Passwort kann nicht benutzt werden.',
      failed: 'Das hat nicht funktioniert. Versuchen Sie es noch einmal.',
      reasons: {
        required: 'Hier fehlt etwas.',
        invalid_email: 'Das ist keine E-Mail-Adresse.',
        too_short: 'Das Passwort ist zu kurz.',
        too_long: 'Das Passwort ist zu lang.',
        control_character: 'Das Passwort enthält ein Steuerzeichen.',
        missing_lower: 'Es fehlt ein Kleinbuchstabe.',
        missing_upper: 'Es fehlt ein Großbuchstabe.',
        missing_digit: 'Es fehlt eine Ziffer.',
        missing_symbol: 'Es fehlt ein Sonderzeichen.',
        contains_personal_data: 'Das Passwort enthält Ihren Namen oder Ihre Adresse.',
        contains_service_name: 'Das Passwort enthält den Namen dieses Dienstes.',
        too_common:
          'Dieses Passwort wird als eines der ersten versucht. Nehmen Sie mehrere Wörter ohne Zusammenhang.',
        breached:
          'Dieses Passwort ist anderswo in fremde Hände geraten. Wählen Sie eines, das Sie noch nie benutzt haben.',
        too_weak: 'Dieses Passwort wäre bald erraten. Nehmen Sie mehrere Wörter ohne Zusammenhang.',
      },
    },
  },
  verifyEmail: {
    title: 'Adresse bestätigen',
    noScript:
      'Diese Seite sendet Ihre Bestätigung mit JavaScript, das ausgeschaltet ist. Schalten Sie es ein, und laden Sie die Seite neu, oder geben Sie den sechsstelligen Code aus der Mail dort ein, wo Sie sich registriert haben.',
    byLink: 'Bestätigen Sie mit dem Knopf, dass diese E-Mail-Adresse Ihnen gehört.',
    confirm: 'Meine Adresse bestätigen',
    byCode: 'Geben Sie den Code aus der neuesten Mail ein, oder fordern Sie eine neue Mail an.',
    code: 'Sechsstelliger Code',
    confirmCode: 'Bestätigen',
    resend: 'Neue Mail senden',
    script: {
      sixDigits: 'Der Code sind die sechs Ziffern in der Mail.',
      already: 'Diese Adresse war schon bestätigt. Sie können sich anmelden.',
      done: 'Ihre Adresse ist bestätigt. Sie können sich jetzt anmelden.',
      linkInvalid:
        'Dieser Link gilt nicht mehr: Er ist zu alt, oder eine neuere Mail hat ihn ersetzt.',
      codeInvalid:
        'Dieser Code ist falsch oder gilt nicht mehr. Lassen Sie sich eine neue Mail senden.',
      resent:
        'Wenn diese Adresse auf ihre Bestätigung wartet, ist eine neue Mail an sie unterwegs.',
    },
  },
  setPassword: {
    title: 'Passwort wählen',
    noScript:
      'Diese Seite sendet Ihr Passwort mit JavaScript, das ausgeschaltet ist. Schalten Sie es ein, und öffnen Sie den Link aus der Mail noch einmal.',
    password: 'Neues Passwort',
    set: 'Passwort setzen',
    ask: 'Neuen Link senden',
    script: {
      done: 'Ihr Passwort ist gesetzt. Sie können sich jetzt damit anmelden; alle früheren Anmeldungen wurden beendet.',
      invalid:
        'Dieser Link gilt nicht mehr: Er ist zu alt, wurde benutzt, oder eine neuere Mail hat ihn ersetzt.',
      asked:
        'Wenn es zu dieser Adresse ein Konto gibt, ist eine Mail mit einem neuen Link unterwegs.',
      open: 'Öffnen Sie den Link aus Ihrer Mail, oder lassen Sie sich einen neuen senden.',
    },
  },
  confirmEmailChange: {
    title: 'Neue Adresse bestätigen',
    noScript:
      'Diese Seite sendet Ihre Bestätigung mit JavaScript, das ausgeschaltet ist. Schalten Sie es ein, und öffnen Sie den Link aus der Mail noch einmal.',
    lead: 'Mit dem Knopf legen Sie fest, dass Sie sich von jetzt an mit dieser E-Mail-Adresse anmelden. Wenn Sie das nicht wollten, schließen Sie die Seite: Nichts ändert sich.',
    confirm: 'Neue Adresse verwenden',
    script: {
      open: 'Öffnen Sie den Link aus der Mail an Ihre neue Adresse.',
      done: 'Ihre Adresse ist geändert. Melden Sie sich von jetzt an mit der neuen an; andere Geräte wurden abgemeldet.',
      invalid:
        'Dieser Link gilt nicht mehr: Er ist zu alt, wurde benutzt oder abgebrochen, oder eine neuere Mail hat ihn ersetzt.',
    },
  },
  cancelEmailChange: {
    title: 'Adresse behalten',
    noScript:
      'Diese Seite bricht die Änderung mit JavaScript ab, das ausgeschaltet ist. Schalten Sie es ein, und öffnen Sie den Link aus der Mail noch einmal.',
    lead: 'Jemand möchte die Adresse Ihres Kontos ändern. Mit dem Knopf brechen Sie das ab: Ihre Adresse bleibt, wie sie ist.',
    cancel: 'Änderung abbrechen',
    script: {
      open: 'Öffnen Sie den Link aus der Mail über die Änderung Ihrer Adresse.',
      done: 'Die Änderung ist abgebrochen. Ihre Adresse bleibt, wie sie ist. Wenn Sie sie nicht wollten, folgen Sie auch dem anderen Link in der Mail: Jemand anderes kennt vielleicht Ihr Passwort.',
      invalid:
        'Es gibt nichts mehr abzubrechen: Der Link wurde benutzt, ist zu alt, oder die Änderung ist geschehen. Wenn Sie das nicht waren, folgen Sie dem Link in der neuesten Mail.',
    },
  },
  notMe: {
    title: 'Das war ich nicht',
    heading: 'War das jemand anderes?',
    noScript:
      'Diese Seite sendet Ihre Antwort mit JavaScript, das ausgeschaltet ist. Schalten Sie es ein, und öffnen Sie den Link aus der Mail noch einmal.',
    lead: 'Wenn Sie von dem, was in der Mail steht, nichts wissen, drücken Sie den Knopf. Dann',
    consequences: [
      'endet jede Anmeldung an Ihrem Konto, auf allen Geräten,',
      'wird eine Änderung Ihrer E-Mail-Adresse zurückgenommen,',
      'bekommen Sie eine Mail mit einem Link für ein neues Passwort.',
    ],
    report: 'Das war ich nicht',
    elsewhere: 'Einen Link für ein neues Passwort senden lassen',
    script: {
      done: 'Alle Anmeldungen sind beendet. Wählen Sie jetzt ein neues Passwort: Der Link ist per Mail an Sie unterwegs.',
      invalid: 'Dieser Link gilt nicht mehr: Er ist zu alt, oder er wurde schon benutzt.',
      open: 'Öffnen Sie den Link aus Ihrer Mail.',
    },
  },
  setup: {
    title: 'Verwaltung einrichten',
    noScript: [
      'Diese Seite braucht JavaScript, das ausgeschaltet ist. Schalten Sie es ein, und öffnen Sie den Link noch einmal, oder führen Sie',
      'mit einer Adresse auf dem Server aus.',
    ],
    lead: 'Dieses Konto darf alles: Es verwaltet Personen, Rollen und Sitzungen. Die Adresse gilt als bestätigt.',
    password: 'Passwort',
    make: 'Konto anlegen',
    next: [
      'Weiter geht es in der',
      'API-Dokumentation',
      ': Drücken Sie dort Authorize, und geben Sie Adresse und Passwort ein.',
    ],
    script: {
      open: 'Solange niemand den Server verwaltet, schreibt er einen Link in sein Log oder Terminal: Öffnen Sie den. Gibt es schon jemanden, ist hier nichts zu tun.',
      done: 'Das Konto ist angelegt.',
      invalid:
        'Dieser Link gilt nicht mehr. Solange niemand dieses Recht hat, schreibt der Server bei jedem Start einen neuen in sein Log.',
    },
  },
};
