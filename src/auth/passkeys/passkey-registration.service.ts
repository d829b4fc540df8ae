import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { invalid } from '../../common/http/validation.js';
import { Database } from '../../database/database.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { Sessions } from '../sessions/sessions.js';
import { Enrolments } from '../second-factor/enrolments.js';
import { parseClientData } from './client-data.js';
import { defaultName } from './default-name.js';
import { CHALLENGE_TTL, type ChallengeUse, PasskeyChallenges } from './passkey-challenges.js';
import { userHandleOf } from './passkey-proof.js';
import { descriptorOf, toPasskeyResponse } from './passkey-response.js';
import { MOST_PASSKEYS, Passkeys } from './passkeys.js';
import type {
  PasskeyRegistrationOptions,
  RegisteredPasskey,
  RegisterPasskeyRequest,
} from './passkeys.dto.js';
import { RelyingParty } from './relying-party.js';
import { ALGORITHMS, type MadePasskey, verifyRegistration } from './webauthn.js';
import type { RegistrationResponse } from './webauthn-json.js';

/** Gives an account a passkey: options for the browser, and what it made of them. */
@Injectable()
export class PasskeyRegistrationService {
  constructor(
    private readonly challenges: PasskeyChallenges,
    private readonly passkeys: Passkeys,
    private readonly party: RelyingParty,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly enrolments: Enrolments,
    private readonly database: Database,
  ) {}

  /** @throws Problem conflict when the person has as many as anybody may */
  async options(caller: Principal): Promise<PasskeyRegistrationOptions> {
    const account = (await this.accounts.find(caller.userId))!;
    const kept = await this.passkeys.of(account.id);
    if (kept.length >= MOST_PASSKEYS) throw full();
    return {
      rp: { id: this.party.id, name: this.party.name },
      user: {
        id: userHandleOf(account.id).toString('base64url'),
        name: account.email,
        displayName: account.name ?? account.email,
      },
      challenge: this.challenges.issue(useBy(caller)),
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      timeout: CHALLENGE_TTL,
      excludeCredentials: kept.map(descriptorOf),
      authenticatorSelection: {
        // A passkey the browser finds by itself: signing in needs no name.
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'none',
    };
  }

  /**
   * @throws Problem validation_failed when the response does not hold; conflict when the passkey is
   *   somebody's already, or the person has as many as anybody may; token_revoked when the sign-in
   *   has ended meanwhile
   */
  async register(
    caller: Principal,
    { response, name }: RegisterPasskeyRequest,
  ): Promise<RegisteredPasskey> {
    const made = await this.#verified(response, useBy(caller));
    const chosen = name || defaultName(made.aaguid);
    const transports = response.response.transports ?? [];

    return this.database.transaction(async () => {
      await this.#stillSignedIn(caller);
      const added = await this.passkeys.add(caller.userId, made, chosen, transports);
      if (added === 'full') throw full();
      if (added === 'taken') {
        throw new Problem('conflict', { detail: 'This passkey is registered already.' });
      }
      const recoveryCodes = await this.enrolments.factorAdded(caller.userId, {
        kind: 'passkey',
        name: added.name,
      });
      return { ...toPasskeyResponse(added), ...(recoveryCodes ? { recoveryCodes } : {}) };
    });
  }

  /** Spends the challenge, whatever comes of it. */
  async #verified(response: RegistrationResponse, use: ChallengeUse): Promise<MadePasskey> {
    const clientData = parseClientData(response.response.clientDataJSON);
    if (!clientData || !(await this.challenges.spend(clientData.challenge, use))) {
      throw refused('challenge_invalid', 'It answers no options of this session that still work.');
    }
    const { type, origin, framed, challenge } = clientData;
    if (origin !== this.party.origin || framed) {
      throw refused('wrong_origin', 'It was made on a page of another origin than PUBLIC_URL.');
    }
    const made =
      type === 'webauthn.create'
        ? await verifyRegistration(response, challenge, this.party)
        : undefined;
    if (!made) throw refused('not_verified', 'It does not hold.');
    return made;
  }

  /** Whoever signed out, was signed out or disabled while this was checked adds no way in. */
  async #stillSignedIn({ userId, sessionId }: Principal): Promise<void> {
    const account: Account | undefined = await this.accounts.fresh(userId);
    const session = sessionId === undefined ? undefined : await this.sessions.standing(sessionId);
    const ended = sessionId !== undefined && session?.endedAt !== null;
    if (account?.status !== 'active' || ended) throw new Problem('token_revoked');
  }
}

function useBy({ userId, sessionId }: Principal): ChallengeUse {
  return { for: 'registration', userId, sessionId };
}

function refused(code: string, detail: string): Problem {
  return invalid([{ pointer: '/response', code, detail }]);
}

function full(): Problem {
  return new Problem('conflict', {
    detail: `An account has at most ${MOST_PASSKEYS} passkeys. Remove one first.`,
  });
}
