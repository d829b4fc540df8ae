import { Injectable } from '@nestjs/common';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { SignInService } from '../login/sign-in.service.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { MfaChallenges } from './challenges.js';
import { FactorProof } from './factor-proof.js';
import type { VerifyMfaRequest } from './mfa.dto.js';
import { typedFactor } from './typed-factor.js';

/** The second half of a sign-in, by a code. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly challenges: MfaChallenges,
    private readonly proof: FactorProof,
    private readonly signIn: SignInService,
    private readonly guesses: GuessLimits,
  ) {}

  /**
   * @throws Problem validation_failed; token_invalid, the same for every reason; mfa_code_invalid, rate_limited, and what
   *   {@link SignInService.complete} throws
   */
  async verify({
    mfa_token,
    code,
    recovery_code,
    trustDevice = false,
    ...tokens
  }: VerifyMfaRequest): Promise<TokenResponse> {
    const typed = typedFactor(code, recovery_code, 'recovery_code');
    const challenge = await this.guesses.attemptUnguessable(() => this.challenges.find(mfa_token));
    const { account, methods } = challenge;
    return this.proof.guess(account, async () => {
      await this.challenges.countTry(challenge);
      const spendFactor = await this.proof.judge(account, typed);
      return this.signIn.complete(account, [...methods, 'otp', 'mfa'], {
        spend: async () => {
          await this.challenges.spend(mfa_token);
          await spendFactor();
        },
        tokens,
        trustDevice,
      });
    });
  }
}
