import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signWith,
} from 'node:crypto';

/** Bits of the authenticator data (WebAuthn Level 3 section 6.1). */
export const PRESENT = 0x01;
export const VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED = 0x40;

const ALGORITHMS = { ES256: -7, EdDSA: -8, RS256: -257 } as const;
type Algorithm = keyof typeof ALGORITHMS;

/** A passkey as an authenticator keeps it. */
interface Credential {
  readonly id: Buffer;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  readonly algorithm: Algorithm;
  counter: number;
}

/** What a browser or an authenticator does otherwise than it should. */
export interface Misbehaviour {
  type?: string;
  origin?: string;
  rpId?: string;
  challenge?: string;
  crossOrigin?: boolean;
  flags?: number;
  counter?: number;
  userHandle?: string | null;
  /** Of the authenticator data before it is signed. */
  change?: (data: Buffer) => Buffer;
  /** Of the finished signature. */
  forge?: (signature: Buffer) => Buffer;
  attestation?: { fmt: string; attStmt: Map<unknown, unknown> };
  /** Instead of a new one. */
  credentialId?: Buffer;
}

/** A browser with a built-in authenticator, in software: what it answers is what Chromium answers. */
export class Authenticator {
  readonly #credentials: Credential[] = [];
  readonly #origin: string;
  readonly #aaguid: string;
  readonly #algorithm: Algorithm;
  readonly #synchronised: boolean;
  /** Whether it counts signatures, as security keys do and synchronised passkeys do not. */
  readonly #counts: boolean;

  constructor(
    origin: string,
    options: {
      aaguid?: string;
      algorithm?: Algorithm;
      synchronised?: boolean;
      counts?: boolean;
    } = {},
  ) {
    this.#origin = new URL(origin).origin;
    this.#aaguid = options.aaguid ?? '00000000-0000-0000-0000-000000000000';
    this.#algorithm = options.algorithm ?? 'ES256';
    this.#synchronised = options.synchronised ?? false;
    this.#counts = options.counts ?? true;
  }

  /** `navigator.credentials.create()`, as JSON. */
  create(options: any, wrong: Misbehaviour = {}): any {
    const id = wrong.credentialId ?? randomBytes(32);
    const { privateKey, cose } = keyPair(this.#algorithm);
    const credential: Credential = {
      id,
      userHandle: options.user.id,
      privateKey,
      algorithm: this.#algorithm,
      counter: 0,
    };
    this.#credentials.push(credential);
    const attested = Buffer.concat([
      Buffer.from(this.#aaguid.replaceAll('-', ''), 'hex'),
      Buffer.from([id.length >> 8, id.length & 255]),
      id,
      cose,
    ]);
    const rpId = wrong.rpId ?? options.rp.id;
    let authData = this.#authData(rpId, wrong.flags, wrong.counter ?? 0, attested);
    if (wrong.change) authData = wrong.change(authData);
    const { fmt, attStmt } = wrong.attestation ?? { fmt: 'none', attStmt: new Map() };
    const attestationObject = cbor(
      new Map<unknown, unknown>([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', authData],
      ]),
    );
    return {
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options, wrong).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        transports: ['internal'],
        publicKeyAlgorithm: ALGORITHMS[this.#algorithm],
      },
    };
  }

  /** `navigator.credentials.get()`, as JSON: with the newest passkey that may answer. */
  get(options: any, wrong: Misbehaviour = {}): any {
    const allowed = options.allowCredentials.map(({ id }: { id: string }) => id);
    const credential = this.#credentials.findLast(
      ({ id }) => allowed.length === 0 || allowed.includes(id.toString('base64url')),
    );
    if (!credential) throw new Error('This authenticator has no passkey that may answer.');
    if (this.#counts) credential.counter += 1;
    const counter = wrong.counter ?? credential.counter;
    let authData = this.#authData(wrong.rpId ?? options.rpId, wrong.flags, counter);
    if (wrong.change) authData = wrong.change(authData);
    const clientData = this.#clientData('webauthn.get', options, wrong);
    const hash = createHash('sha256').update(clientData).digest();
    let signature = sign(credential, Buffer.concat([authData, hash]));
    if (wrong.forge) signature = wrong.forge(signature);
    return {
      id: credential.id.toString('base64url'),
      rawId: credential.id.toString('base64url'),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: wrong.userHandle === undefined ? credential.userHandle : wrong.userHandle,
      },
    };
  }

  #clientData(type: string, options: any, wrong: Misbehaviour): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge: wrong.challenge ?? options.challenge,
        origin: wrong.origin ?? this.#origin,
        crossOrigin: wrong.crossOrigin ?? false,
      }),
    );
  }

  #authData(
    rpId: string,
    flags: number = PRESENT | VERIFIED,
    counter: number,
    attested?: Buffer,
  ): Buffer {
    const head = Buffer.alloc(5);
    head[0] =
      flags | (this.#synchronised ? BACKUP_ELIGIBLE | BACKED_UP : 0) | (attested ? ATTESTED : 0);
    head.writeUInt32BE(counter, 1);
    const rpIdHash = createHash('sha256').update(rpId).digest();
    return Buffer.concat([rpIdHash, head, attested ?? Buffer.alloc(0)]);
  }
}

/** Key types and parameters of COSE (RFC 9053 section 7, RFC 8230 section 4). */
function keyPair(algorithm: Algorithm): { privateKey: KeyObject; cose: Buffer } {
  const { privateKey, publicKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : algorithm === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const part = (text: string | undefined) => Buffer.from(text!, 'base64url');
  const alg = ALGORITHMS[algorithm];
  const parameters: Record<Algorithm, () => [number, unknown][]> = {
    ES256: () => [
      [1, 2],
      [3, alg],
      [-1, 1],
      [-2, part(jwk.x)],
      [-3, part(jwk.y)],
    ],
    EdDSA: () => [
      [1, 1],
      [3, alg],
      [-1, 6],
      [-2, part(jwk.x)],
    ],
    RS256: () => [
      [1, 3],
      [3, alg],
      [-1, part(jwk.n)],
      [-2, part(jwk.e)],
    ],
  };
  return { privateKey, cose: cbor(new Map(parameters[algorithm]())) };
}

function sign({ algorithm, privateKey }: Credential, data: Buffer): Buffer {
  return signWith(algorithm === 'EdDSA' ? null : 'sha256', data, privateKey);
}

/** CBOR (RFC 8949), as much of it as WebAuthn needs. */
export function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
  }
  throw new TypeError('No CBOR for this.');
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 0x100) return Buffer.from([(major << 5) | 24, length]);
  const long = Buffer.from([(major << 5) | 25, 0, 0]);
  long.writeUInt16BE(length, 1);
  return long;
}
