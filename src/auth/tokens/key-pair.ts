import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** The algorithms a key may be made for (RFC 7518 section 3.1). */
export type SigningAlgorithm = 'ES256' | 'RS256';

/** A public key as RFC 7517 writes it, with the members of RFC 7518 section 6.2 or 6.3. */
export type PublicJwk = { kid: string; alg: SigningAlgorithm; use: 'sig' } & (
  { kty: 'EC'; crv: string; x: string; y: string } | { kty: 'RSA'; n: string; e: string }
);

/** ASVS 11.2.3 wants 128 bits of security of every algorithm: NIST SP 800-57 part 1, table 2. */
const RSA_BITS = 3072;

export interface KeyPair {
  publicJwk: PublicJwk;
  /** PKCS #8 DER */
  privateKey: Buffer;
}

/** A new key pair; for RS256 it takes a second of another thread. */
export async function makeKeyPair(alg: SigningAlgorithm): Promise<KeyPair> {
  const { publicKey, privateKey } =
    alg === 'ES256'
      ? await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
      : await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  const jwk = publicKey.export({ format: 'jwk' }) as PublicJwk;
  return {
    publicJwk: { ...jwk, kid: thumbprint(jwk), alg, use: 'sig' },
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
}

/** RFC 7638 section 3.2: SHA-256 over the required members in lexical order. */
function thumbprint(jwk: PublicJwk): string {
  const members =
    jwk.kty === 'EC'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
      : { e: jwk.e, kty: jwk.kty, n: jwk.n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
