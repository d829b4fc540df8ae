import type { Permission } from '../users/permissions.js';

/** What to look for. Durations are milliseconds. */
export interface Rule {
  /** How many make it suspicious; what is counted stands in `counts`. */
  readonly threshold: number;
  /** How long they are counted together. */
  readonly windowMs: number;
  /** For how long the same is not told again, by any process. */
  readonly cooldownMs: number;
  /** alarm: hardly ever ordinary. notice: mostly ordinary, and worth a look when it is not. */
  readonly severity: 'alarm' | 'notice';
  /** Whom a mail goes to. */
  readonly tells?: 'owner' | 'administrators';
  /**
   * Who knows no secret can bring it about from as many networks and for as many accounts as they
   * like: how often it is told at all is bounded.
   */
  readonly byStrangers?: true;
  /** One line for the table in docs/monitoring.md. */
  readonly counts: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Every rule there is. Names are stable: they label a metric and stand in the audit trail. */
export const RULES = {
  credential_stuffing: {
    threshold: 10,
    windowMs: HOUR,
    cooldownMs: HOUR,
    severity: 'alarm',
    tells: 'administrators',
    byStrangers: true,
    counts:
      'accounts that one network got a password of wrong, and none of whose owners signed in from there after',
  },
  distributed_stuffing: {
    threshold: 50,
    windowMs: HOUR,
    cooldownMs: HOUR,
    severity: 'alarm',
    tells: 'administrators',
    byStrangers: true,
    counts:
      'accounts as above, from all networks, when they are also more than there were sign-ins',
  },
  account_from_many_networks: {
    threshold: 5,
    windowMs: HOUR,
    cooldownMs: HOUR,
    severity: 'alarm',
    byStrangers: true,
    counts:
      'networks that got the password of one account wrong, or signed in to it and were new to it',
  },
  refresh_token_reused: {
    threshold: 1,
    windowMs: HOUR,
    cooldownMs: HOUR,
    severity: 'alarm',
    counts: 'old refresh tokens of one account that were used again',
  },
  new_device: {
    threshold: 1,
    windowMs: HOUR,
    cooldownMs: HOUR,
    severity: 'notice',
    counts:
      'sign-ins to one account from one network, with a device or from where it was not used before',
  },
  success_after_failures: {
    threshold: 5,
    windowMs: 15 * MINUTE,
    cooldownMs: HOUR,
    severity: 'alarm',
    tells: 'owner',
    counts: 'wrong passwords of one account, from everywhere, before one that was right',
  },
  registration_burst: {
    threshold: 15,
    windowMs: HOUR,
    cooldownMs: HOUR,
    severity: 'alarm',
    tells: 'administrators',
    byStrangers: true,
    counts: 'registrations from one network',
  },
  distributed_registrations: {
    threshold: 100,
    windowMs: 10 * MINUTE,
    cooldownMs: HOUR,
    severity: 'alarm',
    tells: 'administrators',
    byStrangers: true,
    counts: 'registrations from all networks',
  },
  permission_raised: {
    threshold: 1,
    windowMs: HOUR,
    cooldownMs: HOUR,
    severity: 'notice',
    tells: 'administrators',
    counts: 'grants to one account or role of a permission that can change what others may do',
  },
  ended_session_used: {
    threshold: 10,
    windowMs: 15 * MINUTE,
    cooldownMs: HOUR,
    severity: 'alarm',
    byStrangers: true,
    counts: 'requests with a token of one session that has ended',
  },
  ended_api_key_used: {
    threshold: 10,
    windowMs: 15 * MINUTE,
    cooldownMs: HOUR,
    severity: 'notice',
    counts: 'requests with one API key that has ended or expired',
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

export const RULE_NAMES = Object.keys(RULES) as RuleName[];

/** The rule, with all that it may leave out. */
export function ruleOf(name: RuleName): Rule {
  return RULES[name];
}

/** Whoever holds one of these can make themselves or others an administrator. */
export const ADMINISTRATIVE: ReadonlySet<string> = new Set<Permission>([
  'users:write',
  'roles:write',
  'roles:assign',
]);
