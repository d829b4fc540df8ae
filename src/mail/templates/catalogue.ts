/**
 * Every text that stands in a mail, apart from what it is filled with. There is one object of this
 * type for each language; one that lacks a text does not compile.
 *
 * No text shows what a person typed, except through a parameter that says so: templates make that
 * inert first (letter.ts).
 */
export interface Catalogue {
  /** @param name '' when there is none; already inert */
  hello(name: string): string;
  /** @param sender host the mail speaks for */
  footer(sender: string): string;
  /** "The link works for 30 minutes, and once." */
  linkWorks(duration: string): string;
  /** {@link linkWorks}, of a link that the next mail of its kind replaces. */
  newestLinkWorks(duration: string): string;
  when: string;
  unknown: string;
  unknownDevice: string;

  'verify-email': {
    subject: string;
    intro: string;
    confirm: string;
    code: string;
    linkAndCodeWork(duration: string): string;
    otherwise: string;
  };
  'registered-again': {
    subject: string;
    happened: string;
    ifYou: string;
    otherwise: string;
    choose: string;
  };
  'already-registered': { subject: string; happened: string; ifYou: string; otherwise: string };
  invitation: { subject: string; intro: string; choose: string; otherwise: string };
  'reset-password': { subject: string; intro: string; choose: string; otherwise: string };
  'sign-in-code': {
    subject: string;
    intro: string;
    code: string;
    codeWorks(duration: string): string;
    device: string;
    from: string;
    otherwise: string;
  };
  'change-email': { subject: string; intro: string; confirm: string; otherwise: string };
  'email-change-asked': {
    subject: string;
    /** @param newEmail already inert */
    happened(newEmail: string): string;
    device: string;
    from: string;
    ifYou: string;
    otherwise: string;
    cancel: string;
  };
  'email-restored': { subject: string; happened: string; otherwise: string };
  'account-deleted': { subject: string; happened: string; otherwise: string };

  /** What all notices say about the link "this was not me". */
  notMe: { otherwise: string; label: string };
  'password-changed': NoticeTexts & {
    /** That so many API keys, at least one, go on working. */
    apiKeys(count: number): string;
  };
  'api-key-created': NoticeTexts & {
    /** Label of the key's name. */
    key: string;
  };
  'email-changed': NoticeTexts;
  'new-device': NoticeTexts;
  'session-reused': NoticeTexts;
  'sign-in-slowed-down': NoticeTexts;
  'sign-in-after-failures': NoticeTexts;
  'passkey-copied': NoticeTexts;
  'totp-added': NoticeTexts;
  'totp-removed': NoticeTexts;
  'passkey-added': NoticeTexts;
  'passkey-removed': NoticeTexts;
  'recovery-codes-renewed': NoticeTexts;
  'second-factor-failed': NoticeTexts;
  'recovery-code-used': NoticeTexts & {
    /** @param codes at least 1 */
    left(codes: number): string;
    noneLeft: string;
  };
  'device-trusted': NoticeTexts;
  'suspicious-activity': {
    subject: string;
    happened: Record<'stuffing' | 'registrations' | 'permission-raised', string>;
    count: string;
    network: string;
    /** Label of the id of an account or role. */
    subjectId: string;
    whatToDo: string;
  };
}

/** A notice: what happened, when and from where, and what to do if it was the reader. */
export interface NoticeTexts {
  subject: string;
  happened: string;
  /** Label of the device. */
  device: string;
  /** Label of the network address. */
  from: string;
  ifYou: string;
}
