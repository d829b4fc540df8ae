import type { PageWords } from './catalogue.js';

export const english: PageWords = {
  language: 'en',
  shared: {
    email: 'E-mail address',
    showPassword: 'Show password',
    show: 'Show',
    passwordHint:
      'A few unusual words, or better, what a password manager makes. Length matters more than special characters.',
    script: {
      noAnswer: 'The server does not answer. Try again in a moment.',
      waitOneSecond: 'Too much at once. Please wait a second and try again.',
      wait: 'Too much at once. Please wait {seconds} seconds and try again.',
      checkInput: 'Please check what you typed.',
      passwordRejected: 'This password cannot be used.',
      failed: 'That did not work. Try again.',
      reasons: {}, // the server's own
    },
  },
  verifyEmail: {
    title: 'Confirm your address',
    noScript:
      'This page sends your confirmation with JavaScript, which is switched off. Switch it on and load the page again, or type the six-digit code from the mail where you registered.',
    byLink: 'Press the button to confirm that this e-mail address is yours.',
    confirm: 'Confirm my address',
    byCode: 'Type the code from the newest mail, or have a new mail sent.',
    code: 'Six-digit code',
    confirmCode: 'Confirm',
    resend: 'Send a new mail',
    script: {
      sixDigits: 'The code is the six digits in the mail.',
      already: 'This address was confirmed already. You can sign in.',
      done: 'Your address is confirmed. You can sign in now.',
      linkInvalid: 'This link is no longer valid: it is too old, or a newer mail took its place.',
      codeInvalid: 'This code is not right, or it is no longer valid. Have a new mail sent.',
      resent: 'If this address waits to be confirmed, a new mail is on its way to it.',
    },
  },
  setPassword: {
    title: 'Choose a password',
    noScript:
      'This page sends your password with JavaScript, which is switched off. Switch it on and open the link from the mail again.',
    password: 'New password',
    set: 'Set password',
    ask: 'Send a new link',
    script: {
      done: 'Your password is set. You can sign in with it now; every earlier sign-in has ended.',
      invalid:
        'This link is no longer valid: it is too old, was used, or a newer mail took its place.',
      asked: 'If this address has an account, a mail with a new link is on its way.',
      open: 'Open the link from your mail, or have a new one sent.',
    },
  },
  confirmEmailChange: {
    title: 'Confirm your new address',
    noScript:
      'This page sends your confirmation with JavaScript, which is switched off. Switch it on and open the link from the mail again.',
    lead: 'Press the button to sign in with this e-mail address from now on. If you did not ask for that, close the page: nothing changes.',
    confirm: 'Use the new address',
    script: {
      open: 'Open the link from the mail to your new address.',
      done: 'Your address is changed. Sign in with the new one from now on; other devices were signed out.',
      invalid:
        'This link is no longer valid: it is too old, was used or cancelled, or a newer mail took its place.',
    },
  },
  cancelEmailChange: {
    title: 'Keep your address',
    noScript:
      'This page cancels the change with JavaScript, which is switched off. Switch it on and open the link from the mail again.',
    lead: 'Somebody asked to change the address of your account. Press the button to cancel that: your address stays as it is.',
    cancel: 'Cancel the change',
    script: {
      open: 'Open the link from the mail about the change of your address.',
      done: 'The change is cancelled. Your address stays as it is. If you did not ask for it, follow the other link in the mail, too: somebody else may know your password.',
      invalid:
        'There is nothing to cancel any more: the link was used, is too old, or the change is done. If it was not you, follow the link in the newest mail.',
    },
  },
  notMe: {
    title: 'This was not me',
    heading: 'Was it somebody else?',
    noScript:
      'This page sends your answer with JavaScript, which is switched off. Switch it on and open the link from the mail again.',
    lead: 'If you know nothing of what the mail says, press the button. Then',
    consequences: [
      'every sign-in to your account ends, on all devices,',
      'a change of your e-mail address is taken back,',
      'you get a mail with a link to choose a new password.',
    ],
    report: 'This was not me',
    elsewhere: 'Have a link for a new password sent',
    script: {
      done: 'Every sign-in has ended. Now choose a new password: the link is on its way to you by mail.',
      invalid: 'This link is no longer valid: it is too old, or it was used already.',
      open: 'Open the link from your mail.',
    },
  },
  setup: {
    title: 'First administrator',
    noScript: [
      'This page needs JavaScript, which is switched off. Switch it on and open the link again, or run',
      'with an address on the server.',
    ],
    lead: 'This account may do everything: it manages people, roles and sessions. The address counts as confirmed.',
    password: 'Password',
    make: 'Make administrator',
    next: [
      'Go on in the',
      'API documentation',
      ': press Authorize there, and give address and password.',
    ],
    script: {
      open: 'While there is no administrator, the server writes a setup link to its log or terminal: open that. If there is one already, there is nothing to do here.',
      done: 'The administrator is made.',
      invalid:
        'This setup link is no longer valid. While there is no administrator, the server writes a new one to its log when it starts.',
    },
  },
};
