/** A mail as it leaves: what transports send or keep. */
export interface MailMessage {
  /** Id of the outbox row: the same at every attempt, so that duplicates can be told. */
  id: string;
  to: string;
  /** Canonical form of `to`. */
  toKey: string;
  subject: string;
  text: string;
  html: string;
  /** What the mail offers, once more by itself, for whoever reads captured mail. */
  link: string | null;
  token: string | null;
  code: string | null;
}

/**
 * Whose fault a failure is.
 * - `unreachable`: the mail server as a whole; no mail would have got through
 * - `temporary`: this mail, for now
 * - `permanent`: this mail, for good
 */
export type FailureKind = 'unreachable' | 'temporary' | 'permanent';

/** Why a mail was not sent. `reason` is short and holds nothing the server or a person wrote. */
export class MailFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Where mail goes. */
export abstract class MailTransport {
  /** How many mails may be under way at once. */
  abstract readonly parallel: number;

  /** Where mail goes, for people; without credentials. */
  abstract readonly destination: string;

  /** @throws MailFailure */
  abstract send(message: MailMessage): Promise<void>;
}
