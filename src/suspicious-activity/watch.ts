import { FixedWindows } from '../common/http/limits/fixed-windows.js';
import type { SecurityEventMap, SignInFailure } from '../common/security-events.js';
import { type DistinctWindow, DistinctWindows } from './distinct-windows.js';
import { ADMINISTRATIVE, RULES, type RuleName } from './rules.js';

/** Something a rule has found. */
export interface Detection {
  rule: RuleName;
  /** What it is about: the same again within the cooldown is not told. */
  about: string;
  /** How many were counted; see the rule. */
  count: number;
  /** Id of the account, or of the role, where it is known. */
  subject?: string;
  /** Id of who did it, where they were signed in. */
  actor?: string;
  /** The network it came from, where it was one. */
  network?: string;
  permissions?: readonly string[];
  /** Its owner gets a mail about the same sign-in anyway. */
  ownerKnows?: boolean;
}

/** Networks, accounts and sessions kept in mind for each rule. */
const KEYS = 5000;
/** Accounts kept in mind for the rule about all networks. */
const MOST_ACCOUNTS = 10_000;
const EVERYWHERE = '';

/** The others come with a right password. */
const WRONG: ReadonlySet<SignInFailure> = new Set<SignInFailure>([
  'invalid_credentials',
  'mfa_code_invalid',
]);

/**
 * What the rules make of events, one after the other. Knows nothing but what it was told: time is an
 * argument (milliseconds since 1970), and its memory is bounded however many networks, addresses
 * and sessions somebody invents.
 *
 * An account whose owner signs in after a mistake is no longer counted where the mistake was made:
 * what people mistype they put right, and who tries stolen passwords moves on to the next account.
 */
export class Watch {
  readonly #accountsOfNetwork = distinctOf('credential_stuffing');
  readonly #networksOfAccount = distinctOf('account_from_many_networks');
  readonly #accounts = new DistinctWindows(RULES.distributed_stuffing.windowMs, MOST_ACCOUNTS, 1);
  readonly #signIns = new FixedWindows(RULES.distributed_stuffing.windowMs, 1);
  readonly #registrationsOfNetwork = countsOf('registration_burst', KEYS);
  readonly #registrations = countsOf('distributed_registrations', 1);
  readonly #usesOfEnded = countsOf('ended_session_used', KEYS);
  readonly #usesOfEndedKeys = countsOf('ended_api_key_used', KEYS);

  failed(
    { accountKey, userId, network, reason }: SecurityEventMap['sign-in.failed'],
    now: number,
  ): Detection[] {
    if (accountKey === undefined || !WRONG.has(reason)) return [];
    const here = this.#accountsOfNetwork.add(network, accountKey, now);
    const everywhere = this.#accounts.add(EVERYWHERE, accountKey, now);
    return [
      ...first(here, 'credential_stuffing', network, { network }),
      ...((this.#signIns.peek(EVERYWHERE, now)?.count ?? 0) < everywhere.members.size
        ? first(everywhere, 'distributed_stuffing', EVERYWHERE, {})
        : []),
      // That somebody tries an address nobody has, from wherever, is no news about anybody.
      ...(userId === undefined ? [] : this.#networkOf(accountKey, network, userId, now)),
    ];
  }

  succeeded(event: SecurityEventMap['sign-in.succeeded'], now: number): Detection[] {
    const { newDevice } = event;
    return this.#right(event, newDevice, newDevice, now);
  }

  basicAccepted(event: SecurityEventMap['basic.accepted'], now: number): Detection[] {
    return this.#right(event, event.newNetwork, false, now);
  }

  #right(event: RightPassword, isNew: boolean, ownerKnows: boolean, now: number): Detection[] {
    const { userId, accountKey, network, failuresBefore } = event;
    this.#signIns.hit(EVERYWHERE, now);
    this.#accountsOfNetwork.remove(network, accountKey, now);
    this.#accounts.remove(EVERYWHERE, accountKey, now);
    const of = { subject: userId, network };
    const found: Detection[] = [];
    if (isNew) {
      const about = `${userId} ${network}`;
      found.push(...this.#networkOf(accountKey, network, userId, now), {
        rule: 'new_device',
        about,
        count: 1,
        ...of,
      });
    } else {
      this.#networksOfAccount.remove(accountKey, network, now);
    }
    if (failuresBefore >= RULES.success_after_failures.threshold) {
      found.push({
        rule: 'success_after_failures',
        about: userId,
        count: failuresBefore,
        ...of,
        ownerKnows,
      });
    }
    return found;
  }

  registered({ network }: SecurityEventMap['registration'], now: number): Detection[] {
    const here = this.#registrationsOfNetwork.hit(network, now).count;
    const everywhere = this.#registrations.hit(EVERYWHERE, now).count;
    return [
      ...reached(here, 'registration_burst', network, { network }),
      ...reached(everywhere, 'distributed_registrations', EVERYWHERE, {}),
    ];
  }

  refreshReused({ userId, network }: SecurityEventMap['refresh.reused']): Detection[] {
    return [{ rule: 'refresh_token_reused', about: userId, count: 1, subject: userId, network }];
  }

  endedSessionUsed(
    { userId, sessionId, network }: SecurityEventMap['ended-session.used'],
    now: number,
  ): Detection[] {
    const { count } = this.#usesOfEnded.hit(sessionId, now);
    return reached(count, 'ended_session_used', sessionId, { subject: userId, network });
  }

  endedApiKeyUsed(
    { userId, apiKeyId, network }: SecurityEventMap['ended-api-key.used'],
    now: number,
  ): Detection[] {
    const { count } = this.#usesOfEndedKeys.hit(apiKeyId, now);
    return reached(count, 'ended_api_key_used', apiKeyId, { subject: userId, network });
  }

  permissionRaised(event: SecurityEventMap['permission.raised']): Detection[] {
    const { actor, subject } = event;
    const permissions = event.permissions.filter((name) => ADMINISTRATIVE.has(name));
    if (permissions.length === 0) return [];
    const by = actor === undefined ? {} : { actor };
    return [{ rule: 'permission_raised', about: subject, count: 1, subject, permissions, ...by }];
  }

  /** Networks, accounts and sessions in mind; for tests of the bound. */
  get size(): number {
    return (
      this.#accountsOfNetwork.size +
      this.#networksOfAccount.size +
      this.#registrationsOfNetwork.size +
      this.#usesOfEnded.size +
      this.#usesOfEndedKeys.size
    );
  }

  #networkOf(accountKey: string, network: string, subject: string, now: number): Detection[] {
    const networks = this.#networksOfAccount.add(accountKey, network, now);
    return first(networks, 'account_from_many_networks', accountKey, { subject });
  }
}

/** What a sign-in and a password sent by Basic have in common. */
type RightPassword = Pick<
  SecurityEventMap['sign-in.succeeded'],
  'userId' | 'accountKey' | 'network' | 'failuresBefore'
>;

type Found = Pick<Detection, 'subject' | 'network'>;

function distinctOf(rule: RuleName): DistinctWindows {
  const { windowMs, threshold } = RULES[rule];
  return new DistinctWindows(windowMs, threshold, KEYS);
}

function countsOf(rule: RuleName, capacity: number): FixedWindows {
  return new FixedWindows(RULES[rule].windowMs, capacity);
}

/** A detection when the window holds as many as it takes, once. */
function first(window: DistinctWindow, rule: RuleName, about: string, of: Found): Detection[] {
  const count = window.members.size;
  if (window.told || count < RULES[rule].threshold) return [];
  window.told = true;
  return [{ rule, about, count, ...of }];
}

/** A detection at the one hit that makes it as many as it takes. */
function reached(count: number, rule: RuleName, about: string, of: Found): Detection[] {
  return count === RULES[rule].threshold ? [{ rule, about, count, ...of }] : [];
}
