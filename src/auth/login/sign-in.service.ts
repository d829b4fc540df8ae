import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { KnownNetworks } from '../../common/http/limits/known-networks.js';
import { LimitKeys } from '../../common/http/limits/limit-keys.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import { Database } from '../../database/database.js';
import type { TrustedDevice } from '../../generated/prisma/client.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';
import { DeviceCookie } from '../password/device-cookie.js';
import { Sessions } from '../sessions/sessions.js';
import { TokenIssuer } from '../sessions/token-issuer.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { TrustedDevices } from '../trusted-devices/trusted-devices.js';
import { MfaChallenges } from '../second-factor/challenges.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import type { TokenChoice } from '../tokens/token-choice.dto.js';
import { TokenGrants } from '../tokens/token-grants.js';
import type { AuthenticationMethod } from './authentication-method.js';
import { mayNotSignIn, needsSecondFactor } from './sign-in.policy.js';

export interface SignInOptions {
  /**
   * Uses up what was proved with, such as a challenge or a code. Runs in the transaction that
   * starts the session, so that neither happens without the other; what it throws refuses the sign-in.
   */
  spend?: () => Promise<void>;
  /** The person wants no second factor to be asked for on this device for a while. */
  trustDevice?: boolean;
  /** What the access token shall be good for; anything, for this server, when left out. */
  tokens?: TokenChoice;
}

/** The one place a session begins, whichever way a person proved who they are. */
@Injectable()
export class SignInService {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly challenges: MfaChallenges,
    private readonly secondFactors: SecondFactors,
    private readonly trustedDevices: TrustedDevices,
    private readonly grants: TokenGrants,
    private readonly issuer: TokenIssuer,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly deviceCookie: DeviceCookie,
    private readonly knownNetworks: KnownNetworks,
    private readonly limitKeys: LimitKeys,
    private readonly guesses: GuessLimits,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * @param account as it was when the person proved to be its owner
   * @param methods what was proved; with `mfa` when that is more than one factor
   * @throws Problem account_disabled or email_not_verified; mfa_required, which begins the second
   *   half of the sign-in; invalid_credentials when what was proved has ceased to hold meanwhile;
   *   validation_failed when the tokens asked for cannot be had
   */
  async complete(
    account: Account,
    methods: AuthenticationMethod[],
    { spend, trustDevice, tokens }: SignInOptions = {},
  ): Promise<TokenResponse> {
    const refusal = mayNotSignIn(account);
    const network = currentNetwork();
    const accountKey = this.limitKeys.account(account.emailKey);
    if (refusal) {
      this.events.emit('sign-in.failed', {
        userId: account.id,
        accountKey,
        network,
        reason: refusal,
      });
      throw new Problem(refusal);
    }
    const grant = await this.grants.of(account, tokens);
    const device = needsSecondFactor(account, methods)
      ? await this.#trustedDevice(account, methods)
      : undefined;

    let newDevice = false;
    const session = await this.database.transaction(async () => {
      await spend?.();
      if (device) await this.trustedDevices.use(device);
      // A new password, or disabling, ends all sessions: none may begin behind its back.
      if (!(await this.accounts.recordLogin(account))) throw new Problem('invalid_credentials');
      const started = await this.sessions.start(account.id, methods, device?.createdAt);
      const isFirst = account.lastLoginAt === null;
      newDevice = !isFirst && (await this.sessions.isNewDevice(started));
      if (newDevice) await this.notices.newDevice(account, started);
      await this.knownNetworks.remember(accountKey, network);
      await this.audit.record({
        type: 'login.succeeded',
        actor: account.id,
        subject: account.id,
        after: {
          session: started.id,
          amr: started.amr,
          ...(device ? { trustedDevice: device.id } : {}),
        },
      });
      if (trustDevice && methods.includes('mfa') && (await this.trustedDevices.trust(account))) {
        await this.notices.deviceTrusted(account);
      }
      return started;
    });
    this.deviceCookie.remember(account.emailKey);
    this.events.emit('sign-in.succeeded', {
      userId: account.id,
      accountKey,
      network,
      newDevice,
      failuresBefore: await this.guesses.failuresAt(accountKey),
    });
    return this.issuer.issue(account, session, session.generation, session.idleExpiresAt, grant);
  }

  /**
   * What stands in for the second factor. The session then says that the password was proved, and
   * when the factor was: it does not count as a recent sign-in.
   *
   * @throws Problem mfa_required when nothing does
   */
  async #trustedDevice(account: Account, methods: AuthenticationMethod[]): Promise<TrustedDevice> {
    const device = await this.trustedDevices.standIn(account, methods);
    if (!device) throw await this.#halfWay(account, methods);
    return device;
  }

  /** Nothing that tells of a sign-in happens yet: no notice, no known device. */
  async #halfWay(account: Account, methods: AuthenticationMethod[]): Promise<Problem> {
    const { token, expiresIn } = await this.challenges.begin(account, methods);
    this.events.emit('sign-in.half-way', {
      userId: account.id,
      accountKey: this.limitKeys.account(account.emailKey),
      network: currentNetwork(),
    });
    return new Problem('mfa_required', {
      members: {
        mfa_token: token,
        methods: await this.secondFactors.methodsOf(account.id),
        expires_in: expiresIn,
      },
    });
  }
}
