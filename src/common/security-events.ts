import { Injectable, Logger } from '@nestjs/common';

/**
 * What happens at the doors, for whoever watches: metrics, rules about suspicious activity,
 * notices. By name, what each event tells. `network` is as limits count it (`clientNetwork`).
 * `accountKey` stands for an address without telling it, the same for a known and an unknown one
 * (`AccountKeys`); `userId` is there when an account has the address.
 */
export interface SecurityEventMap {
  /** A secret was wrong: a password, a code, a token. Evaluated ones only, not refused ones. */
  'sign-in.failed': {
    accountKey?: string;
    userId?: string;
    network: string;
    reason: SignInFailure;
  };
  /** A session began. Basic on a route begins none. */
  'sign-in.succeeded': {
    userId: string;
    accountKey: string;
    network: string;
    /** No earlier session that is kept came from a device of this kind in this network. */
    newDevice: boolean;
    /** Wrong passwords for this account in the present window, from all networks. */
    failuresBefore: number;
  };
  /** The password was right, and a second factor is asked for. */
  'sign-in.half-way': { userId: string; accountKey: string; network: string };
  /**
   * A password sent by Basic to a route was compared and right. Once it is known there, no request
   * tells of it again.
   */
  'basic.accepted': {
    userId: string;
    accountKey: string;
    network: string;
    /** Nobody has proved to be the owner from there before, nor is it a known device. */
    newNetwork: boolean;
    /** Wrong passwords for this account in the present window, from all networks. */
    failuresBefore: number;
  };
  /** A limit answered 429, or held a mail back in silence. */
  'limit.refused': {
    limit: LimitName;
    /** Undefined where no request was waiting. */
    network?: string;
    accountKey?: string;
  };
  /** Guesses at an account have reached a limit: told once per account and window. */
  'account.limit-reached': {
    limit: LimitName;
    accountKey: string;
    userId?: string;
    network: string;
    /** Failures in the window, as the limit counts them. */
    failures: number;
    endsAt: Date;
  };
  /** Somebody registered, whether the address was known or not. */
  registration: { network: string };
  /** A genuine old refresh token came again: its family has ended. */
  'refresh.reused': { userId: string; sessionId: string; network: string };
  /** An access or refresh token of a session that has ended was used. */
  'ended-session.used': { userId: string; sessionId: string; network: string };
  /** An API key that has ended or expired was used. */
  'ended-api-key.used': { userId: string; apiKeyId: string; network: string };
  /** An account, or whoever holds a role, can do more than before. `subject` is the id of either. */
  'permission.raised': { actor?: string; subject: string; permissions: readonly string[] };
}

/** Why a sign-in failed; of a small set, so that it can label a metric. */
export type SignInFailure =
  | 'invalid_credentials'
  | 'current_password_wrong'
  | 'token_invalid'
  | 'account_disabled'
  | 'email_not_verified'
  | 'mfa_code_invalid'
  | 'passkey_invalid';

/** Every limit. docs/configuration.md says what each counts. */
export type LimitName =
  | 'general'
  | 'register'
  | 'mail'
  /** Requests of one network that strangers can cause mail by. */
  | 'mail-requests'
  /** Wrong passwords of one network, or of one known device, for one account. */
  | 'login'
  /** Wrong passwords for one account, from everywhere. */
  | 'account'
  /** Wrong passwords for one account, from all its known devices. */
  | 'known-devices'
  /** Wrong secrets of any kind from one network. */
  | 'failures'
  /** Wrong codes for one account. */
  | 'token'
  /** Uses of one API key. */
  | 'api-key'
  /** Wrong second factors for one account, after the right password. */
  | 'second-factor';

export type SecurityEventName = keyof SecurityEventMap;

type Listener<Name extends SecurityEventName> = (event: SecurityEventMap[Name]) => void;

/**
 * Tells what happens to those who listen, in this process, at once. A listener must be quick: it
 * runs while a request waits. What it throws is logged and reaches nobody, so that watching can
 * break nothing. Events are told after the change they speak of is committed.
 */
@Injectable()
export class SecurityEvents {
  readonly #log = new Logger('SecurityEvents');
  readonly #listeners = new Map<SecurityEventName, Listener<never>[]>();

  on<Name extends SecurityEventName>(name: Name, listener: Listener<Name>): void {
    const listeners = this.#listeners.get(name);
    if (listeners) listeners.push(listener);
    else this.#listeners.set(name, [listener]);
  }

  emit<Name extends SecurityEventName>(name: Name, event: SecurityEventMap[Name]): void {
    const listeners = this.#listeners.get(name) as Listener<Name>[] | undefined;
    if (!listeners) return;
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ reason: 'a listener failed', event: name, err: error });
      }
    }
  }
}
