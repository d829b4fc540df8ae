import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { invalid } from '../../common/http/validation.js';
import { Accounts } from '../../users/accounts.js';
import { type SignInOptions, SignInService } from '../login/sign-in.service.js';
import { MfaChallenges } from '../second-factor/challenges.js';
import { FactorProof } from '../second-factor/factor-proof.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { CHALLENGE_TTL, type ChallengeUse, PasskeyChallenges } from './passkey-challenges.js';
import { methodsOf, PasskeyProof } from './passkey-proof.js';
import { descriptorOf } from './passkey-response.js';
import { type Passkey, Passkeys } from './passkeys.js';
import type {
  PasskeyAuthenticationOptions,
  PasskeyAuthenticationOptionsRequest,
  PasskeyAuthenticationRequest,
} from './passkeys.dto.js';
import { RelyingParty } from './relying-party.js';
import type { AuthenticationResponse } from './webauthn-json.js';

/** What the person wants beside being signed in. */
type Wishes = Pick<SignInOptions, 'tokens' | 'trustDevice'>;

/** Sign-in with a passkey: alone, or as the second factor after something else. */
@Injectable()
export class PasskeySignInService {
  constructor(
    private readonly challenges: PasskeyChallenges,
    private readonly proof: PasskeyProof,
    private readonly passkeys: Passkeys,
    private readonly party: RelyingParty,
    private readonly mfaChallenges: MfaChallenges,
    private readonly factorProof: FactorProof,
    private readonly accounts: Accounts,
    private readonly signIn: SignInService,
    private readonly guesses: GuessLimits,
  ) {}

  /**
   * Names passkeys only to whoever has proved something of the account already. Nobody else can
   * learn whether there is one: they do not say whom they mean.
   *
   * @param refusal why the sign-in sent along was not accepted
   * @throws Problem token_invalid for an mfa_token that is no good; token_missing, or the refusal
   */
  async options(
    { mfa_token: mfaToken, purpose }: PasskeyAuthenticationOptionsRequest,
    caller: Principal | undefined,
    refusal: Problem | undefined,
  ): Promise<PasskeyAuthenticationOptions> {
    if (mfaToken !== undefined && purpose !== undefined) throw oneOfBoth();
    if (mfaToken !== undefined) {
      const { account } = await this.#pending(mfaToken);
      return this.#options({ for: 'second-factor', mfaToken }, await this.passkeys.of(account.id));
    }
    if (purpose === undefined) return this.#options({ for: 'sign-in' }, []);
    if (!caller) throw refusal ?? new Problem('token_missing');
    const { userId, sessionId } = caller;
    const kept = await this.passkeys.of(userId);
    return this.#options({ for: 'reauthentication', userId, sessionId }, kept);
  }

  /**
   * @throws Problem passkey_invalid; token_invalid for an mfa_token that is no good;
   *   account_disabled, email_not_verified, rate_limited
   */
  authenticate({
    response,
    mfa_token: mfaToken,
    trustDevice = false,
    ...tokens
  }: PasskeyAuthenticationRequest): Promise<TokenResponse> {
    const wishes = { tokens, trustDevice };
    return mfaToken === undefined
      ? this.#alone(response, wishes)
      : this.#asSecondFactor(response, mfaToken, wishes);
  }

  /** What a passkey is and what it took to use it: two factors at once (RFC 8176). */
  async #alone(response: AuthenticationResponse, wishes: Wishes): Promise<TokenResponse> {
    const proved = await this.guesses.attemptUnguessable(() =>
      this.proof.prove(response, { for: 'sign-in' }),
    );
    const account = await this.accounts.fresh(proved.passkey.userId);
    if (!account) throw new Problem('passkey_invalid'); // deleted meanwhile
    return this.signIn.complete(account, methodsOf(proved.passkey), {
      ...wishes,
      spend: () => this.proof.noteUse(proved),
    });
  }

  async #asSecondFactor(
    response: AuthenticationResponse,
    mfaToken: string,
    wishes: Wishes,
  ): Promise<TokenResponse> {
    const pending = await this.#pending(mfaToken);
    const { account, methods } = pending;
    const use: ChallengeUse = { for: 'second-factor', mfaToken };
    const proved = await this.factorProof.guess(account, async () => {
      await this.mfaChallenges.countTry(pending);
      return this.proof.prove(response, use, account.id);
    });
    const all = new Set([...methods, ...methodsOf(proved.passkey)]);
    return this.signIn.complete(account, [...all], {
      ...wishes,
      spend: async () => {
        await this.mfaChallenges.spend(mfaToken);
        await this.proof.noteUse(proved);
      },
    });
  }

  /** What the first step of the sign-in came to. */
  #pending(mfaToken: string) {
    return this.guesses.attemptUnguessable(() => this.mfaChallenges.find(mfaToken));
  }

  #options(use: ChallengeUse, allowed: Passkey[]): PasskeyAuthenticationOptions {
    return {
      challenge: this.challenges.issue(use),
      rpId: this.party.id,
      timeout: CHALLENGE_TTL,
      userVerification: 'required',
      allowCredentials: allowed.map(descriptorOf),
    };
  }
}

function oneOfBoth(): Problem {
  const detail = 'purpose and mfa_token exclude each other.';
  return invalid([{ pointer: '/purpose', code: 'not_allowed', detail }]);
}
