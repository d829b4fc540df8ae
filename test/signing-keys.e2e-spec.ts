import { createHmac, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SigningKeyStore } from '../src/auth/tokens/signing-key-store.js';
import { SigningKeys } from '../src/auth/tokens/signing-keys.js';
import { Database } from '../src/database/database.js';
import { KeyRotation } from '../src/maintenance/key-rotation.js';
import type { Answer } from './support/client.js';
import { DAY, MINUTE, SECOND, type TestClock } from './support/clock.js';
import { decode, signingInput } from './support/jwt.js';
import { count, rows } from './support/rows.js';
import { type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';
import { startTool, type ToolRun } from './support/tool.js';

/** How long a key is published before it signs; how long one is kept after its last token. */
const AHEAD = 10 * MINUTE;
const TOKENS_LIFE = 15 * MINUTE;
const SKEW = 5 * MINUTE;

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start();
  ada = await server.person();
});
afterAll(() => server.stop());

type Jwk = JsonWebKey & { kid: string; alg: string };

async function jwks(from = server): Promise<Jwk[]> {
  return (await from.get('/.well-known/jwks.json')).body.keys;
}

async function kids(): Promise<string[]> {
  return (await jwks()).map(({ kid }) => kid);
}

function kidOf(token: string): string {
  return decode(token).header.kid;
}

function me(token: string): Promise<Answer> {
  return server.get('/users/me', { bearer: token });
}

async function signsWith(): Promise<string> {
  return kidOf((await server.signIn(ada.email)).accessToken);
}

function schedule(): Promise<void> {
  return server.app.get(KeyRotation).runIfDue();
}

function keysTool(...args: string[]): Promise<ToolRun> {
  return startTool('keys', args, server.dataDir).done;
}

/** A service that verifies by itself and reads the keys as seldom as it may (max-age). */
class CachingVerifier {
  #keys = new Map<string, KeyObject>();
  #readAt = -Infinity;

  constructor(private readonly clock: TestClock) {}

  async takes(token: string): Promise<boolean> {
    const now = this.clock.now().getTime();
    if (now - this.#readAt >= 300 * SECOND) {
      const keys = await jwks();
      this.#keys = new Map(
        keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]),
      );
      this.#readAt = now;
    }
    const [header, claims, signature] = token.split('.') as [string, string, string];
    const key = this.#keys.get(kidOf(token));
    if (!key) return false;
    const options = key.asymmetricKeyType === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : {};
    const signed = Buffer.from(`${header}.${claims}`);
    return verify('sha256', signed, { key, ...options }, Buffer.from(signature, 'base64url'));
  }
}

describe('[11.1.1] the schedule of signing keys', () => {
  it('publishes the next key from the first start on', async () => {
    const [active, next, ...more] = await kids();
    expect(more).toEqual([]);
    expect(next).toBeDefined();
    expect(await signsWith()).toBe(active);
  });

  it('does nothing before KEY_ROTATION is over', async () => {
    const before = await kids();
    server.clock.advance(90 * DAY - MINUTE);
    await schedule();
    expect(await kids()).toEqual(before);
  });

  it('then lets the next one sign, and publishes another', async () => {
    const [before, next] = await kids();
    server.clock.advance(2 * MINUTE);
    const { accessToken: old } = await server.signIn(ada.email);
    await schedule();
    expect(await signsWith()).toBe(next);
    const after = await kids();
    expect(after).toHaveLength(3);
    expect(after).toContain(before);
    expect(kidOf(old)).toBe(before);
    expect((await me(old)).status).toBe(200);
    const { detail } = rows<{ detail: string }>(
      server.dataDir,
      `SELECT detail FROM AuditEvent WHERE type = 'key.rotated' ORDER BY seq DESC LIMIT 1`,
    )[0]!;
    expect(JSON.parse(detail)).toEqual({
      before: { kid: before, alg: 'ES256' },
      after: { kid: next, alg: 'ES256' },
    });
  });

  it('erases the old one when its last token has expired, not earlier', async () => {
    const before = await jwks();
    server.clock.advance(TOKENS_LIFE + SKEW - MINUTE);
    await schedule();
    expect(await jwks()).toEqual(before);
    server.clock.advance(2 * MINUTE);
    await schedule();
    const [active, next, ...more] = await kids();
    expect(more).toEqual([]);
    expect(before.map(({ kid }) => kid)).toEqual(expect.arrayContaining([active, next]));
    expect(await signsWith()).toBe(active);
    expect(count(server.dataDir, 'SigningKey')).toBe(2);
    expect(count(server.dataDir, 'AuditEvent', `type = 'key.retired'`)).toBe(1);
  });

  it('is kept to once, whatever number of looks come at it', async () => {
    server.clock.advance(91 * DAY);
    await Promise.all(Array.from({ length: 20 }, () => schedule()));
    expect(count(server.dataDir, 'AuditEvent', `type = 'key.rotated'`)).toBe(2);
    expect(count(server.dataDir, 'SigningKey', `state = 'active'`)).toBe(1);
    expect(count(server.dataDir, 'SigningKey', `state = 'next'`)).toBe(1);
  });

  it('is off with KEY_ROTATION=off', async () => {
    server = await server.restart({ KEY_ROTATION: 'off' });
    const before = await signsWith();
    server.clock.advance(3000 * DAY);
    await schedule();
    expect(await signsWith()).toBe(before);
    server = await server.restart({ KEY_ROTATION: '90d' });
  });
});

describe('three rotations in a row under load', () => {
  it('refuse no good token, here or at a service that keeps the keys for five minutes', async () => {
    server = await server.restart({ KEY_ROTATION: '1h' });
    const people: Person[] = [];
    for (let nr = 0; nr < 5; nr++) people.push(await server.person());
    const verifier = new CachingVerifier(server.clock);
    const held: { token: string; exp: number }[] = [];
    const signers = new Set<string>();
    let refused = 0;
    let asked = 0;

    const use = async (person: Person): Promise<void> => {
      const answer = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
      if (answer.status !== 200) return void refused++;
      person.refreshToken = answer.body.refresh_token;
      const token: string = answer.body.access_token;
      held.push({ token, exp: decode(token).claims.exp });
      signers.add(kidOf(token));
    };
    for (let minute = 0; minute < 4 * 65; minute += 2) {
      server.clock.advance(2 * MINUTE);
      // A look at the schedule while tokens are given out and used.
      await Promise.all([schedule(), ...people.map(use)]);
      const now = server.clock.now().getTime() / 1000;
      const good = held.filter(({ exp }) => exp > now + 5);
      held.splice(0, held.length, ...good);
      for (const { token } of [...good.slice(0, 5), ...good.slice(-5)]) {
        asked += 2;
        if ((await me(token)).status !== 200) refused++;
        if (!(await verifier.takes(token))) refused++;
      }
    }
    expect(signers.size).toBeGreaterThanOrEqual(4);
    expect(asked).toBeGreaterThan(1000);
    expect(refused).toBe(0);
  });
});

describe('npm run keys', () => {
  beforeAll(async () => {
    await server.stop();
    server = await TestServer.start(); // at the time of the tools, which have no other clock
    ada = await server.person();
  });

  it('says which database it works on, and lists the keys without their secrets', async () => {
    const { code, output, errors } = await keysTool('list');
    expect(code).toBe(0);
    expect(errors).toContain(`Database: ${server.dataDir}`);
    const [active, next] = await kids();
    expect(output.trim().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${active} +ES256 +active +signs since 2`)),
      expect.stringMatching(new RegExp(`^${next} +ES256 +next +may sign from 2`)),
    ]);
  });

  it('refuses to work on no database', async () => {
    const run = await startTool('keys', ['list'], `${server.dataDir}/nowhere`).done;
    expect([run.code, run.output]).toEqual([78, '']);
  });

  it.each([[[]], [['rotate', 'now']], [['compromise']], [['constructor']]])(
    'explains itself when it is called with %j',
    async (args) => {
      const run = await keysTool(...args);
      expect([run.code, run.output]).toEqual([64, '']);
      expect(run.errors).toContain('Usage: npm run keys');
    },
  );

  it('rotates when everybody knows the next key, and says from when on that is', async () => {
    const before = await kids();
    const { code, errors } = await keysTool('rotate');
    expect(code).toBe(1);
    const [at] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(errors)!;
    expect(Date.parse(at)).toBeGreaterThan(Date.now());
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now() + AHEAD);
    expect(await kids()).toEqual(before);
  });

  it('does not wait with --now; a running server follows within a second', async () => {
    const [active, next] = await kids();
    const { code, output } = await keysTool('rotate', '--now');
    expect(code).toBe(0);
    expect(output).toContain(`${next} signs from now on. ${active} stays`);
    await soon(async () => expect(await signsWith()).toBe(next));
    expect((await me(ada.accessToken)).status).toBe(200);
  });

  it('retires no key that is needed', async () => {
    const [active, , retiring] = await kids();
    for (const kid of [active!, retiring!]) {
      const run = await keysTool('retire', kid);
      expect([run.code, run.output]).toEqual([1, '']);
    }
    expect((await me(ada.accessToken)).status).toBe(200);
  });

  it('retires a next key that was never used, and publishes another', async () => {
    const [active, next] = await kids();
    expect((await keysTool('retire', next!)).code).toBe(0);
    await soon(async () => expect(await kids()).not.toContain(next));
    expect(count(server.dataDir, 'SigningKey', `state = 'next'`)).toBe(1);
    expect((await kids())[0]).toBe(active);
  });
});

describe('[7.4.1] a compromised key', () => {
  beforeEach(async () => {
    ada = await server.signIn(ada.email);
  });

  it('that signs: all it signed is refused within a second, and every session goes on', async () => {
    const bob = await server.person();
    const [active, next] = await kids();
    expect(kidOf(ada.accessToken)).toBe(active);
    expect((await me(ada.accessToken)).status).toBe(200); // and is kept as verified
    const { code, output } = await keysTool('compromise', active!);
    expect([code, output]).toEqual([0, expect.stringContaining(`${next} signs.`)]);
    await soon(async () => expect((await me(ada.accessToken)).status).toBe(401));

    for (const person of [ada, bob]) {
      expect((await me(person.accessToken)).body.code).toBe('token_signature_invalid');
      const { status, body } = await server.post('/auth/refresh', {
        refresh_token: person.refreshToken,
      });
      expect(status).toBe(200);
      expect(kidOf(body.access_token)).toBe(next);
      expect((await me(body.access_token)).status).toBe(200);
    }
    expect(await kids()).not.toContain(active);
    expect(await kids()).toHaveLength(count(server.dataDir, 'SigningKey'));
    expect(count(server.dataDir, 'SigningKey', `kid = ?`, active!)).toBe(0);
    expect(count(server.dataDir, 'AuditEvent', `type = 'key.compromised'`)).toBe(1);
  });

  it('is gone for the very request that hears of it', async () => {
    expect((await me(ada.accessToken)).status).toBe(200);
    const keys = server.app.get(SigningKeys);
    const { kid } = keys.active();
    await keysTool('compromise', kid);
    server.app.get(Database).noticeForeignChange();
    // Not a turn of the event loop later.
    expect(keys.find(kid)).toBeUndefined();
    expect(keys.active().kid).not.toBe(kid);
  });

  it('is gone at once when the server itself is told', async () => {
    const keys = server.app.get(SigningKeys);
    const { kid } = keys.active();
    await server.app.get(SigningKeyStore).compromise(kid);
    expect(keys.find(kid)).toBeUndefined();
    expect((await me(ada.accessToken)).body.code).toBe('token_signature_invalid');
  });

  it('that has signed before, and one that never did, leave the others as they are', async () => {
    const store = server.app.get(SigningKeyStore);
    await store.rotate(true);
    const fresh = await server.signIn(ada.email);
    const next = (await kids()).find((kid) => isIn(kid, 'next'))!;
    await store.compromise(next);
    expect(await kids()).not.toContain(next);
    expect((await kids()).filter((kid) => isIn(kid, 'next'))).toHaveLength(1);
    await store.compromise(kidOf(ada.accessToken));
    expect((await me(ada.accessToken)).body.code).toBe('token_signature_invalid');
    expect((await me(fresh.accessToken)).status).toBe(200);
  });

  it('stays gone after a restart', async () => {
    const { accessToken, refreshToken } = ada;
    await server.app.get(SigningKeyStore).compromise(kidOf(accessToken));
    server = await server.restart();
    expect((await me(accessToken)).body.code).toBe('token_signature_invalid');
    const { status } = await server.post('/auth/refresh', { refresh_token: refreshToken });
    expect(status).toBe(200);
  });

  it('that there is not is said', async () => {
    const run = await keysTool('compromise', '-no-such-key');
    expect([run.code, run.errors]).toEqual([1, expect.stringContaining('There is no key')]);
  });

  function isIn(kid: string, state: string): boolean {
    return server.app.get(SigningKeys).find(kid)?.state === state;
  }
});

describe('JWT_ALGORITHM=RS256', () => {
  beforeAll(async () => {
    ada = await server.signIn(ada.email);
    server = await server.restart({ JWT_ALGORITHM: 'RS256' });
  });

  it('comes by an ordinary rotation: published first, and both verify meanwhile', async () => {
    await schedule();
    const [active, ...others] = await jwks();
    const next = others.find(({ alg }) => alg === 'RS256')!;
    expect(active!.alg).toBe('ES256');
    expect(next).toBeDefined();
    expect(await signsWith()).toBe(active!.kid);

    server.clock.advance(AHEAD + SECOND);
    const { accessToken: elliptic } = await server.signIn(ada.email);
    await schedule();
    const { accessToken: rsa } = await server.signIn(ada.email);
    expect(decode(rsa).header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: next.kid });
    const verifier = new CachingVerifier(server.clock);
    for (const token of [elliptic, rsa]) {
      expect((await me(token)).status).toBe(200);
      expect(await verifier.takes(token)).toBe(true);
    }
  });

  it('[11.2.3] [11.6.1] publishes RSA keys of at least 3072 bits, and no private part', async () => {
    const keys = (await jwks()).filter(({ alg }) => alg === 'RS256');
    expect(keys).toHaveLength(2);
    for (const jwk of keys) {
      expect(Object.keys(jwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(Buffer.from(jwk.n!, 'base64url').length * 8).toBeGreaterThanOrEqual(3072);
      expect(jwk.e).toBe('AQAB');
    }
  });

  it('[9.1.1] lets no bit of a token be turned', async () => {
    const { accessToken: token } = await server.signIn(ada.email);
    for (let i = 0; i < token.length; i += 7) {
      if (token[i] === '.') continue;
      const turned = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      expect((await me(turned)).status).toBe(401);
    }
    expect((await me(token)).status).toBe(200);
  });

  it('[9.1.2] takes no public key of ours for the key of an HMAC', async () => {
    const genuine = decode((await server.signIn(ada.email)).accessToken);
    const jwk = (await jwks()).find(({ kid }) => kid === genuine.header.kid)!;
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const secrets = [
      key.export({ format: 'pem', type: 'spki' }),
      key.export({ format: 'pem', type: 'spki' }).toString().trim(),
      key.export({ format: 'pem', type: 'pkcs1' }),
      key.export({ format: 'der', type: 'spki' }),
      key.export({ format: 'der', type: 'pkcs1' }),
      JSON.stringify(jwk),
      jwk.n!,
      Buffer.from(jwk.n!, 'base64url'),
      '',
    ];
    for (const secret of secrets) {
      for (const [alg, hash] of [
        ['HS256', 'sha256'],
        ['HS384', 'sha384'],
        ['HS512', 'sha512'],
        ['RS256', 'sha256'],
      ] as const) {
        const input = signingInput({ ...genuine, header: { ...genuine.header, alg } });
        const signature = createHmac(hash, secret).update(input).digest('base64url');
        expect((await me(`${input}.${signature}`)).body.code).toBe('token_signature_invalid');
      }
    }
  });

  it.each(['none', 'ES256', 'PS256', 'RS384', 'RS512', 'HS256', 'rs256', null])(
    '[9.1.2] takes no token under the algorithm %j with a key for RS256',
    async (alg) => {
      const { accessToken } = await server.signIn(ada.email);
      const genuine = decode(accessToken);
      const input = signingInput({ ...genuine, header: { ...genuine.header, alg } });
      const signature = accessToken.split('.')[2]!;
      expect((await me(`${input}.${signature}`)).body.code).toBe('token_signature_invalid');
    },
  );

  it('goes back to ES256 in the same way', async () => {
    const { accessToken: rsa } = await server.signIn(ada.email);
    server = await server.restart({ JWT_ALGORITHM: 'ES256' });
    expect((await me(rsa)).status).toBe(200);
    server.clock.advance(MINUTE);
    await schedule();
    server.clock.advance(AHEAD + SECOND);
    await schedule();
    const { accessToken } = await server.signIn(ada.email);
    expect(decode(accessToken).header.alg).toBe('ES256');
    expect((await me(accessToken)).status).toBe(200);
  });
});
