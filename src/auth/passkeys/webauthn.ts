import type { RelyingParty } from './relying-party.js';
import type { AuthenticationResponse, RegistrationResponse } from './webauthn-json.js';

/** Most bytes of a public key: RSA with 4096 bits has 530. */
const MOST_KEY_BYTES = 1024;

/**
 * COSE algorithms that are taken, dearest first: EdDSA, ES256, RS256 (Windows Hello has no other).
 */
export const ALGORITHMS = [-8, -7, -257];

/** What an authenticator says of a passkey it has made. */
export interface MadePasskey {
  readonly credentialId: Buffer;
  /** COSE_Key. */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly aaguid: string;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/** The part of a kept passkey that a signature is held against. */
export interface KeptPasskey {
  readonly credentialId: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly backupEligible: boolean;
}

/** What an authenticator says when it has signed. */
export interface Signature {
  readonly counter: number;
  readonly backedUp: boolean;
}

/**
 * Holds a registration against the challenge and the relying party, by every step of WebAuthn Level
 * 3 section 7.1. User verification is required.
 *
 * No attestation is asked for, so what a response says of its authenticator's maker is left out
 * before it is looked at. It would prove nothing here, and the certificates in it name addresses
 * that a verifier would call.
 *
 * @param challenge that was spent for it
 * @returns undefined: something in it does not hold
 */
export async function verifyRegistration(
  response: RegistrationResponse,
  challenge: string,
  party: RelyingParty,
): Promise<MadePasskey | undefined> {
  const [server, { decodeAttestationObject, isoCBOR }] = await library();
  try {
    const attestation = decodeAttestationObject(bytes(response.response.attestationObject));
    const unattested = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', attestation.get('authData')],
      ]) as never,
    );
    const { verified, registrationInfo } = await server.verifyRegistrationResponse({
      response: {
        ...ofPublicKey(response),
        response: {
          clientDataJSON: response.response.clientDataJSON,
          attestationObject: Buffer.from(unattested).toString('base64url'),
        },
      },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified) return undefined;
    const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo;
    // The browser's word for it is not signed; the authenticator's is.
    if (credential.id !== response.id || credential.publicKey.length > MOST_KEY_BYTES)
      return undefined;
    return {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      aaguid,
      backupEligible: credentialDeviceType === 'multiDevice',
      backedUp: credentialBackedUp,
    };
  } catch {
    return undefined; // the library says so by throwing, whatever it is that does not hold
  }
}

/**
 * Holds a signature against a kept passkey, the challenge and the relying party, by the steps of
 * WebAuthn Level 3 section 7.2. User verification is required. The counter is left to the caller:
 * it means something only once the signature is known to hold.
 *
 * @param challenge that was spent for it
 * @returns undefined: something in it does not hold
 */
export async function verifySignature(
  response: AuthenticationResponse,
  challenge: string,
  party: RelyingParty,
  passkey: KeptPasskey,
): Promise<Signature | undefined> {
  const [server] = await library();
  try {
    const { clientDataJSON, authenticatorData, signature } = response.response;
    const { verified, authenticationInfo } = await server.verifyAuthenticationResponse({
      response: {
        ...ofPublicKey(response),
        response: { clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: response.id,
        publicKey: Uint8Array.from(passkey.publicKey),
        counter: 0, // any will do: see above
      },
    });
    const { newCounter, credentialDeviceType, credentialBackedUp } = authenticationInfo;
    // "Compare currentBe with credential record's backupEligible" (section 7.2): it never changes.
    const eligible = credentialDeviceType === 'multiDevice';
    if (!verified || eligible !== passkey.backupEligible) return undefined;
    return { counter: newCounter, backedUp: credentialBackedUp };
  } catch {
    return undefined; // the library says so by throwing, whatever it is that does not hold
  }
}

/**
 * Whether the counter of a signature may follow the one before. "If the counter is less than or equal,
 * this is a signal that the authenticator may be cloned" (section 7.2); one that always says 0 counts
 * nothing.
 */
export function movesOn(before: number, counter: number): boolean {
  return counter > before || (counter === 0 && before === 0);
}

/** Loaded at the first response: it takes 25 MB and a fifth of a second. */
function library() {
  return Promise.all([import('@simplewebauthn/server'), import('@simplewebauthn/server/helpers')]);
}

function ofPublicKey({ id, rawId }: { id: string; rawId: string }) {
  return { id, rawId, type: 'public-key' as const, clientExtensionResults: {} };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}
