import { Injectable } from '@nestjs/common';
import { CounterFamily } from '../common/metrics/counter.js';
import {
  type LimitName,
  type SecurityEventName,
  SecurityEvents,
  type SignInFailure,
} from '../common/security-events.js';

/** All of each kind, so that every series is there before its first event and its rate is seen. */
const EVENTS: Record<SecurityEventName, true> = {
  'sign-in.failed': true,
  'sign-in.succeeded': true,
  'sign-in.half-way': true,
  'basic.accepted': true,
  'limit.refused': true,
  'account.limit-reached': true,
  registration: true,
  'refresh.reused': true,
  'ended-session.used': true,
  'ended-api-key.used': true,
  'permission.raised': true,
};
const FAILURES: Record<SignInFailure, true> = {
  invalid_credentials: true,
  current_password_wrong: true,
  token_invalid: true,
  account_disabled: true,
  email_not_verified: true,
  mfa_code_invalid: true,
  passkey_invalid: true,
};
const LIMITS: Record<LimitName, true> = {
  general: true,
  register: true,
  mail: true,
  'mail-requests': true,
  login: true,
  account: true,
  'known-devices': true,
  failures: true,
  token: true,
  'api-key': true,
  'second-factor': true,
};

const SUCCEEDED = 'succeeded';
const HALF_WAY = 'mfa_required';

/** Counts what happens at the doors: never who, and never from where. */
@Injectable()
export class SecurityMetrics {
  readonly #events = new CounterFamily(
    'latchkey_security_events_total',
    'What happened at the doors: registrations, reused refresh tokens, ended sessions used, and so on.',
    ['event'],
  );
  readonly #signIns = new CounterFamily(
    'latchkey_sign_ins_total',
    'Sign-ins that succeeded or stopped for a second factor, and secrets that were wrong, by reason.',
    ['outcome'],
  );
  readonly #refusals = new CounterFamily(
    'latchkey_limit_refusals_total',
    'Requests that a limit refused, and mails it held back.',
    ['limit'],
  );
  readonly families = [this.#events, this.#signIns, this.#refusals];

  constructor(events: SecurityEvents) {
    for (const name of Object.keys(EVENTS) as SecurityEventName[]) {
      const counter = this.#events.with(name);
      events.on(name, () => counter.add());
    }
    for (const outcome of [SUCCEEDED, HALF_WAY, ...Object.keys(FAILURES)])
      this.#signIns.with(outcome);
    for (const limit of Object.keys(LIMITS)) this.#refusals.with(limit);
    events.on('sign-in.succeeded', () => this.#signIns.with(SUCCEEDED).add());
    events.on('sign-in.half-way', () => this.#signIns.with(HALF_WAY).add());
    events.on('sign-in.failed', ({ reason }) => this.#signIns.with(reason).add());
    events.on('limit.refused', ({ limit }) => this.#refusals.with(limit).add());
  }
}
