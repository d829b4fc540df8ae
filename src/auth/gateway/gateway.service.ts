import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { asItWaits } from '../../common/http/request-context.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { StandingCheck } from '../schemes/standing.js';
import { CookieSessions } from '../session-cookie/cookie-sessions.js';
import { SessionCookie } from '../session-cookie/session-cookie.js';
import { type Conditions, conditionsOf } from './conditions.js';
import { identityHeaders } from './identity-headers.js';

/** Tells a gateway who a request is from, or why it shall not pass. */
@Injectable()
export class GatewayService {
  constructor(
    private readonly accounts: Accounts,
    private readonly standing: StandingCheck,
    private readonly cookie: SessionCookie,
    private readonly cookieSessions: CookieSessions,
  ) {}

  /**
   * Warm, for a sign-in of its own, this waits for nothing.
   *
   * @returns header fields for the service behind
   * @throws Problem why the sign-in that was sent does not hold, or token_missing;
   *   mfa_enrolment_required, role_required, permission_required, origin_not_allowed;
   *   validation_failed for a query that holds anything else
   */
  identify(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Record<string, string> | Promise<Record<string, string>> {
    const conditions = conditionsOf(request.query as object);
    if (request.refusal) throw request.refusal;
    const { principal } = request;
    const account = principal && this.accounts.peek(principal.userId);
    if (account) return admitted(principal, account, conditions);
    return asItWaits(request, reply, () => this.#look(request, conditions));
  }

  async #look(request: FastifyRequest, conditions: Conditions): Promise<Record<string, string>> {
    const principal = request.principal ?? (await this.#byCookie(request));
    if (!principal) throw new Problem('token_missing');
    const account = await this.accounts.find(principal.userId);
    if (!account) throw new Problem('token_revoked');
    return admitted(principal, account, conditions);
  }

  /**
   * Pages and pictures are asked for without a script, which could add X-Requested-With: where the
   * browser says that a page of this origin asks, or nobody's page, that is enough.
   */
  async #byCookie(request: FastifyRequest): Promise<Principal | undefined> {
    if (this.cookie.tokenIn(request) === undefined) return undefined;
    const from = request.headers['sec-fetch-site'];
    if (from !== 'same-origin' && from !== 'none') this.cookieSessions.admit(request);
    const session = await this.cookie.sessionOf(request);
    return session && this.standing.ofCookie(session);
  }
}

function admitted(
  principal: Principal,
  { email }: Account,
  { role, permission }: Conditions,
): Record<string, string> {
  if (principal.mustEnrol) throw new Problem('mfa_enrolment_required');
  if (role !== undefined && !principal.roles.includes(role)) {
    throw new Problem('role_required', { detail: 'This needs the role that `role` names.' });
  }
  if (permission !== undefined && !principal.permissions.has(permission)) {
    const detail = 'This needs the permission that `permission` names.';
    throw new Problem('permission_required', { detail });
  }
  return identityHeaders(principal, email);
}
