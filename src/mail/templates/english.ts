import type { Catalogue } from './catalogue.js';

const NOTHING_TO_DO = 'If it was you, there is nothing to do.';

export const english: Catalogue = {
  hello: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  footer: (sender) => `Sent by ${sender}. Answers to this mail are not read.`,
  linkWorks: (duration) => `The link works for ${duration}, and once.`,
  newestLinkWorks: (duration) =>
    `The link works for ${duration}, and once. A newer mail replaces it.`,
  when: 'When',
  unknown: 'unknown',
  unknownDevice: 'unknown device',

  'verify-email': {
    subject: 'Confirm your e-mail address',
    intro:
      'An account is being opened with this address. To confirm that it is yours, follow the link.',
    confirm: 'Confirm address',
    code: 'Or type this code where you are asked for it:',
    linkAndCodeWork: (duration) =>
      `Link and code work for ${duration}. A newer mail replaces them.`,
    otherwise:
      'If you did not ask for an account, do nothing: without your confirmation there is none.',
  },
  'registered-again': {
    subject: 'Your e-mail address was registered again',
    happened:
      'This address was registered again, with another password. Whoever confirms it now confirms the account with the newest password: only that one would work.',
    ifYou: 'If it was you each time, confirm the address.',
    otherwise:
      'If you did not register twice, do not confirm: somebody else may know the newest password. Choose one of your own instead, which confirms the address too, or do nothing if you did not ask for an account.',
    choose: 'Choose a password',
  },
  'already-registered': {
    subject: 'You already have an account',
    happened:
      'Somebody has just tried to open an account with this address, or to move theirs to it. It has an account already, and nothing about that was changed.',
    ifYou: 'If it was you, sign in with the password you have, or ask for a new one.',
    otherwise: 'If it was not you, there is nothing to do.',
  },
  invitation: {
    subject: 'You are invited',
    intro: 'An account has been made for you. Choose a password, and it is yours.',
    choose: 'Choose a password',
    otherwise:
      'If you did not expect this, do nothing: without a password nobody can use the account.',
  },
  'reset-password': {
    subject: 'Choose a new password',
    intro: 'Somebody asked for a new password for your account. If it was you, follow the link.',
    choose: 'Choose a new password',
    otherwise: 'If it was not you, do nothing: your password stays as it is.',
  },
  'sign-in-code': {
    subject: 'Your sign-in code',
    intro: 'Somebody wants to sign in to your account with a code instead of a password.',
    code: 'If it was you, type this code where you asked for it:',
    codeWorks: (duration) =>
      `The code works for ${duration}, once, and nowhere else. A newer mail replaces it.`,
    device: 'Asked for with',
    from: 'From',
    otherwise:
      'Nobody who works for this service asks for the code: tell it to no one. If it was not you, do nothing: without the code nobody gets in.',
  },
  'change-email': {
    subject: 'Confirm your new e-mail address',
    intro:
      'An account is to be moved to this address. To confirm that the address is yours, follow the link.',
    confirm: 'Confirm address',
    otherwise:
      'If you did not ask for this, do nothing: without your confirmation nothing changes.',
  },
  'email-change-asked': {
    subject: 'The address of your account is to change',
    happened: (newEmail) =>
      `Somebody who is signed in to your account asked to change its e-mail address to ${newEmail}. Nothing changes before the new address is confirmed.`,
    device: 'Device',
    from: 'From',
    ifYou: 'If it was you, follow the link in the mail to the new address.',
    otherwise: 'If it was a mistake, cancel the change:',
    cancel: 'Cancel the change',
  },
  'email-restored': {
    subject: 'The address of your account was changed back',
    happened:
      'Whoever reads the earlier address of your account says that its change was somebody else. The account has the earlier address again, and all its sign-ins have ended.',
    otherwise: 'If the account is yours, tell the people who run this service.',
  },
  'account-deleted': {
    subject: 'Your account was deleted',
    happened:
      'Your account, and everything that was kept with it, was deleted. This cannot be undone.',
    otherwise: 'If you did not expect this, tell the people who run this service.',
  },

  notMe: {
    otherwise:
      'If it was not you, say so. That ends every sign-in and every API key of your account, and sends a link for a new password to this address.',
    label: 'This was not me',
  },
  'password-changed': {
    subject: 'Your password was changed',
    happened: 'Your account has a new password. Its other sign-ins have ended.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
    apiKeys: (count) =>
      `${count === 1 ? 'One API key of yours goes' : `${count} API keys of yours go`} on working. If somebody else may know one, end it.`,
  },
  'api-key-created': {
    subject: 'An API key was made for your account',
    happened:
      'Somebody who is signed in to your account made an API key. Whoever has it can act for you without your password, until it is ended.',
    key: 'Key',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'email-changed': {
    subject: 'The address of your account was changed',
    happened:
      'Your account has a new e-mail address. For a week, the link in the mail to the old address can bring the old one back.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'new-device': {
    subject: 'New sign-in to your account',
    happened: 'Somebody signed in to your account from where it was not used before.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'session-reused': {
    subject: 'A session was ended for your safety',
    happened:
      'The key that keeps one of your devices signed in was used twice. A copy of it may be in other hands, so this session was ended.',
    device: 'Session',
    from: 'Second use from',
    ifYou: 'If you can explain it, sign in again on that device.',
  },
  'sign-in-slowed-down': {
    subject: 'Sign-in to your account is slowed down',
    happened:
      'Somebody tried many wrong passwords on your account. Nothing about it was changed. Sign-in from devices it was not used on before is slowed down for a while.',
    device: 'Last try with',
    from: 'From',
    ifYou:
      'If it was you, wait a while, or ask for a new password. If you use the same password elsewhere, choose another one.',
  },
  'sign-in-after-failures': {
    subject: 'Sign-in to your account after wrong passwords',
    happened:
      'Somebody signed in to your account after several wrong passwords. They may have guessed the right one.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'passkey-copied': {
    subject: 'A passkey of yours was refused',
    happened:
      'A passkey of your account was used as a copy of it would be: it counts its uses, and the count went back. It was refused, and nobody was signed in.',
    device: 'Device',
    from: 'From',
    ifYou:
      'If it was you, try once more. If it is refused again, remove this passkey and make a new one.',
  },
  'totp-added': {
    subject: 'An authenticator app was added to your account',
    happened:
      'Codes of an authenticator app are now asked for when somebody signs in to your account. Its other sign-ins have ended.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'totp-removed': {
    subject: 'The authenticator app was removed from your account',
    happened:
      'Codes of the authenticator app are no longer asked for when somebody signs in to your account. Its other sign-ins have ended.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'passkey-added': {
    subject: 'A passkey was added to your account',
    happened:
      'Your account has a new passkey. Whoever holds it can sign in with it. The other sign-ins of the account have ended.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'passkey-removed': {
    subject: 'A passkey was removed from your account',
    happened:
      'Nobody can sign in to your account with this passkey any more. The other sign-ins of the account have ended.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'recovery-codes-renewed': {
    subject: 'Your account has new recovery codes',
    happened: 'New recovery codes were made for your account. The old ones no longer work.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'second-factor-failed': {
    subject: 'A wrong code was given for your account',
    happened:
      'Somebody gave the right password of your account, and then a wrong code, or a passkey that was refused. That stopped them.',
    device: 'Device',
    from: 'From',
    ifYou:
      'If you mistyped the code or used the wrong passkey, there is nothing to do. If not, somebody knows your password: choose another one.',
  },
  'recovery-code-used': {
    subject: 'A recovery code of your account was used',
    happened:
      'Somebody proved with one of your recovery codes that the account is theirs. It does not work again.',
    left: (codes) =>
      codes === 1 ? 'One code is left. Make new ones soon.' : `${codes} codes are left.`,
    noneLeft: 'No code is left. Make new ones soon.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'device-trusted': {
    subject: 'A device of yours is trusted now',
    happened:
      'For thirty days, signing in with your password on this device asks for no second factor. A new password, or a change of your second factors, ends that.',
    device: 'Device',
    from: 'From',
    ifYou: NOTHING_TO_DO,
  },
  'suspicious-activity': {
    subject: 'Suspicious activity on your server',
    happened: {
      stuffing:
        'Passwords are being tried on many accounts, most likely taken from a breach of another service. The limits slow this down; nobody is locked out.',
      registrations: 'Unusually many accounts are being registered.',
      'permission-raised':
        'An account or a role was given a permission that can change what others may do.',
    },
    count: 'Counted',
    network: 'Network',
    subjectId: 'Account or role',
    whatToDo:
      'You get this mail because you administer the server. The audit trail says more (type suspicious.detected). While it goes on, the same is told at most once an hour.',
  },
};
