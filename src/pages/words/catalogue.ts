/**
 * Every text of the pages that people are sent to, by page. There is one object of this type for
 * each language; one that lacks a text does not compile.
 */
export interface PageWords {
  /** Language tag. */
  language: string;
  /** What more than one page has. Those of `script` are for its script. */
  shared: {
    email: string;
    showPassword: string;
    /** On the button; a part of `showPassword`. */
    show: string;
    passwordHint: string;
    script: {
      noAnswer: string;
      waitOneSecond: string;
      /** `{seconds}` stands for how many. */
      wait: string;
      checkInput: string;
      passwordRejected: string;
      failed: string;
      /** What is wrong with a field, by the code of the entry; else what the server says of it. */
      reasons: Record<string, string>;
    };
  };
  verifyEmail: {
    title: string;
    noScript: string;
    byLink: string;
    confirm: string;
    byCode: string;
    code: string;
    confirmCode: string;
    resend: string;
    script: {
      sixDigits: string;
      already: string;
      done: string;
      linkInvalid: string;
      codeInvalid: string;
      resent: string;
    };
  };
  setPassword: {
    title: string;
    noScript: string;
    password: string;
    set: string;
    ask: string;
    script: { done: string; invalid: string; asked: string; open: string };
  };
  confirmEmailChange: {
    title: string;
    noScript: string;
    lead: string;
    confirm: string;
    script: { open: string; done: string; invalid: string };
  };
  cancelEmailChange: {
    title: string;
    noScript: string;
    lead: string;
    cancel: string;
    script: { open: string; done: string; invalid: string };
  };
  notMe: {
    title: string;
    heading: string;
    noScript: string;
    lead: string;
    consequences: string[];
    report: string;
    elsewhere: string;
    script: { done: string; invalid: string; open: string };
  };
  setup: {
    title: string;
    /** Before and after the command that does without a browser. */
    noScript: [string, string];
    lead: string;
    password: string;
    make: string;
    /** Before, in and after the link to the API documentation. */
    next: [string, string, string];
    script: { open: string; done: string; invalid: string };
  };
}
