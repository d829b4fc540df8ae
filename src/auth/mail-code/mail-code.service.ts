import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { hashSecretToken } from '../../common/crypto/secret-token.js';
import { canonicalEmail } from '../../common/email-address.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { currentAddress } from '../../common/http/request-context.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { SignInService } from '../login/sign-in.service.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { currentUserAgent, deviceLabel } from '../sessions/device-label.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { LoginTokens } from './login-token.js';
import type { MailCodeVerifyRequest } from './mail-code.dto.js';

/**
 * Sign-in by a mailed code. A known and an unknown address run through the same statements; whether
 * there is a code at all is decided by the mail worker (mail-code.mail.ts).
 */
@Injectable()
export class MailCodeService {
  constructor(
    private readonly loginTokens: LoginTokens,
    private readonly outbox: Outbox,
    private readonly accounts: Accounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly signIn: SignInService,
    private readonly guesses: GuessLimits,
    private readonly clock: Clock,
  ) {}

  /** Asks for a code. Gives what has to be sent back with it. */
  async ask(typed: string): Promise<string> {
    const emailKey = canonicalEmail(typed)!;
    const token = this.loginTokens.issue(emailKey);
    await this.outbox.request('sign-in-code', typed.trim(), emailKey, {
      signIn: {
        tokenHash: Buffer.from(hashSecretToken(token)).toString('base64url'),
        at: this.clock.now().toISOString(),
        device: deviceLabel(currentUserAgent()),
        ip: currentAddress(),
      },
    });
    return token;
  }

  /**
   * @throws Problem token_invalid, the same for every reason; rate_limited; what
   *   {@link SignInService.complete} throws
   */
  async verify({
    login_token: token,
    code,
    ...tokens
  }: MailCodeVerifyRequest): Promise<TokenResponse> {
    const emailKey = this.loginTokens.emailKeyOf(token);
    if (emailKey === undefined) {
      return this.guesses.attempt(() => Promise.reject(new Problem('token_invalid')));
    }
    const account = await this.accounts.findByEmail(emailKey);
    const owner = account ? { emailKey, userId: account.id } : { emailKey };
    const proved = await this.guesses.code(owner, () => this.#prove(account, token, code));
    return this.signIn.complete(proved, ['email'], { tokens });
  }

  /** The code is spent whatever comes of the sign-in: a second factor has a challenge of its own. */
  async #prove(account: Account | undefined, token: string, code: string): Promise<Account> {
    const row = await this.oneTimeTokens.findBySecretAndCode(token, 'sign_in_code', code);
    if (!row || !account || row.userId !== account.id) throw new Problem('token_invalid');
    if (!(await this.oneTimeTokens.spend(row))) throw new Problem('token_invalid');
    return account;
  }
}
