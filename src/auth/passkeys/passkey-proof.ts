import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { sameBytes } from '../../common/crypto/secret-token.js';
import { uuidToBytes } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import { Accounts } from '../../users/accounts.js';
import type { AuthenticationMethod } from '../login/authentication-method.js';
import { Notices } from '../notices/notices.js';
import { type ClientData, parseClientData } from './client-data.js';
import { type ChallengeUse, PasskeyChallenges } from './passkey-challenges.js';
import { type Passkey, Passkeys } from './passkeys.js';
import { RelyingParty } from './relying-party.js';
import { movesOn, type Signature, verifySignature } from './webauthn.js';
import type { AuthenticationResponse } from './webauthn-json.js';

/** A passkey whose holder has just proved to be there, by touch and by PIN or body. */
export interface ProvedPasskey {
  readonly passkey: Passkey;
  readonly signature: Signature;
}

/** Holds what an authenticator answered against the passkey it answered with. */
@Injectable()
export class PasskeyProof {
  constructor(
    private readonly challenges: PasskeyChallenges,
    private readonly passkeys: Passkeys,
    private readonly party: RelyingParty,
    private readonly accounts: Accounts,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /**
   * Spends the challenge, whatever comes of it.
   *
   * @param owner id of the account it must belong to; undefined: the response says which
   * @throws Problem passkey_invalid, the same for every reason
   */
  async prove(
    response: AuthenticationResponse,
    use: ChallengeUse,
    owner?: string,
  ): Promise<ProvedPasskey> {
    const clientData = parseClientData(response.response.clientDataJSON);
    if (!clientData || !(await this.challenges.spend(clientData.challenge, use))) throw invalid();
    if (!this.#isFromOwnPage(clientData)) throw invalid();

    const credentialId = Buffer.from(response.id, 'base64url');
    const passkey = await this.passkeys.byCredentialId(credentialId);
    if (!passkey || !isOf(passkey, response.response.userHandle ?? undefined, owner)) {
      throw invalid();
    }

    const { challenge } = clientData;
    const signature = await verifySignature(response, challenge, this.party, passkey);
    if (!signature) throw invalid();
    if (!movesOn(passkey.counter, signature.counter)) {
      await this.#tellOfCopy(passkey);
      throw invalid();
    }
    return { passkey, signature };
  }

  /**
   * Notes the use that was proved. Call it in the transaction of what it was proved for.
   *
   * @throws Problem passkey_invalid when the passkey was removed meanwhile, or used at the same
   *   moment with the same counter
   */
  async noteUse({ passkey, signature }: ProvedPasskey): Promise<void> {
    const { counter, backedUp } = signature;
    if (!(await this.passkeys.noteUse(passkey.id, counter, backedUp))) throw invalid();
  }

  #isFromOwnPage({ type, origin, framed }: ClientData): boolean {
    return type === 'webauthn.get' && origin === this.party.origin && !framed;
  }

  async #tellOfCopy({ id, userId }: Passkey): Promise<void> {
    await this.database.transaction(async () => {
      await this.audit.recordHourly({
        type: 'passkey.counter_went_back',
        subject: userId,
        after: { passkey: id },
      });
      const account = await this.accounts.fresh(userId);
      if (account) await this.notices.passkeyCopied(account);
    });
  }
}

/**
 * RFC 8176: a key that stays in its device counts as hardware (`hwk`), one that its maker copies to
 * others as software (`swk`); `user` that a person was there, `mfa` that it took more than one
 * factor: the device, and a PIN or a body.
 */
export function methodsOf({ backupEligible }: Passkey): AuthenticationMethod[] {
  return [backupEligible ? 'swk' : 'hwk', 'user', 'mfa'];
}

/** The handle by which an authenticator knows an account: its id, which says nothing about anybody. */
export function userHandleOf(userId: string): Buffer {
  return uuidToBytes(userId);
}

/**
 * "If the user was not identified before the ceremony, verify that response.userHandle is present"
 * (WebAuthn Level 3 section 7.2); in either case it must name the owner when it is there.
 */
function isOf(
  { userId }: Passkey,
  userHandle: string | undefined,
  owner: string | undefined,
): boolean {
  if (owner !== undefined && owner !== userId) return false;
  if (userHandle === undefined) return owner !== undefined;
  return sameBytes(Buffer.from(userHandle, 'base64url'), userHandleOf(userId));
}

function invalid(): Problem {
  return new Problem('passkey_invalid');
}
