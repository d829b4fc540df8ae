import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  verify,
} from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningKeys } from '../src/auth/tokens/signing-keys.js';
import type { Answer } from './support/client.js';
import { DAY, MINUTE, SECOND } from './support/clock.js';
import { decode, type Jwt, signed, signingInput } from './support/jwt.js';
import { as, giveRoles, makeRole } from './support/people.js';
import { tally } from './support/races.js';
import { exchange, head } from './support/raw.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
  admin = await server.administrator();
  ada = await server.person();
});
afterAll(() => server.stop());

function me(token: string): Promise<Answer> {
  return server.get('/users/me', { bearer: token });
}

async function publicJwk(): Promise<JsonWebKey & { kid: string }> {
  return (await server.get('/.well-known/jwks.json')).body.keys[0];
}

/** The server's own key: forgeries signed by it differ in what they say alone. */
function ownKey(): KeyObject {
  return server.app.get(SigningKeys).active().privateKey;
}

/** The access token of ada, with changes, signed by the server's own key. */
function reissued(header: object, claims: object = {}): string {
  const genuine = decode(ada.accessToken);
  return signed(
    { header: { ...genuine.header, ...header }, claims: { ...genuine.claims, ...claims } },
    ownKey(),
  );
}

/** Refused with this code in body and challenge, and nothing else said. */
async function expectRefused(token: string, code: string): Promise<void> {
  const answer = await me(token);
  expect([answer.status, answer.body.code]).toEqual([401, code]);
  expect(answer.headers.get('www-authenticate')).toBe(
    `Bearer realm="latchkey", error="invalid_token", error_description="${code}"`,
  );
  expect(answer.text).not.toContain(token.slice(0, 40));
}

describe('an access token', () => {
  it('is an RFC 9068 token that says who, by whom, for whom and how long', async () => {
    const roles = [await makeRole(server, admin, ['users:read', 'roles:read']), 'user'];
    const person = await server.person();
    await giveRoles(server, admin, person, roles);
    const before = Math.floor(server.clock.now().getTime() / 1000);
    const { accessToken } = await server.signIn(person.email);
    const { header, claims } = decode(accessToken);
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: (await publicJwk()).kid });
    expect(claims).toEqual({
      iss: server.publicUrl,
      aud: server.publicUrl,
      sub: person.id,
      client_id: expect.any(String),
      sid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: claims.iat + 900,
      auth_time: expect.any(Number),
      amr: ['pwd'],
      roles: [...roles].sort(),
      scope: expect.any(String),
    });
    expect(claims.scope.split(' ').sort()).toEqual(['roles:read', 'users:read']);
    expect(claims.iat).toBeGreaterThanOrEqual(before);
    expect(claims.auth_time).toBeGreaterThanOrEqual(before);
  });

  it('can be verified by anyone who has read /.well-known/jwks.json', async () => {
    const { header, claims } = decode(ada.accessToken);
    const { body, headers } = await server.get('/.well-known/jwks.json');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(headers.get('content-type')).toContain('application/json');
    const jwk = body.keys.find((key: { kid: string }) => key.kid === header.kid);
    const [head64, claims64, signature] = ada.accessToken.split('.');
    const isGenuine = verify(
      'sha256',
      Buffer.from(`${head64}.${claims64}`),
      { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature!, 'base64url'),
    );
    expect(isGenuine).toBe(true);
    expect(claims.iss).toBe(server.publicUrl);
  });

  it('[11.2.3] is signed by a P-256 key, whose public part alone is shown', async () => {
    const { body } = await server.get('/.well-known/jwks.json');
    expect(body.keys).toHaveLength(2); // the one that signs, and the next
    for (const { crv, kty, x, y, ...rest } of body.keys) {
      const thumbprint = createHash('sha256')
        .update(JSON.stringify({ crv, kty, x, y }))
        .digest('base64url');
      expect([kty, crv]).toEqual(['EC', 'P-256']);
      expect(rest).toEqual({ kid: thumbprint, alg: 'ES256', use: 'sig' });
    }
  });

  it('is another one each time, also within one second', async () => {
    const tokens = [await server.signIn(ada.email), await server.signIn(ada.email)];
    const [a, b] = tokens.map(({ accessToken }) => decode(accessToken).claims);
    expect(a!.jti).not.toBe(b!.jti);
    expect(a!.sid).not.toBe(b!.sid);
  });

  it.each(['Bearer ', 'bearer ', 'BEARER ', 'Bearer   '])('is taken after %j', async (scheme) => {
    const authorization = `${scheme}${ada.accessToken}`;
    const answer = await server.get('/users/me', { headers: { authorization } });
    expect(answer.status).toBe(200);
  });

  it('[14.2.1] is taken from the header alone, not from the query and not from a cookie', async () => {
    const inQuery = await server.get(`/users/me?access_token=${ada.accessToken}`);
    expect(inQuery.status).toBe(401);
    const cookie = `access_token=${ada.accessToken}`;
    expect((await server.get('/users/me', { headers: { cookie } })).status).toBe(401);
  });

  it('from a clock that ran ahead and was set back is worth a refresh, not a longer life', async () => {
    server.clock.advance(DAY);
    const { accessToken, refreshToken } = await server.signIn(ada.email);
    expect((await me(accessToken)).status).toBe(200);
    server.clock.advance(-DAY);
    await expectRefused(accessToken, 'token_expired');
    await expectRefused(accessToken, 'token_expired'); // nor is it taken from memory
    const { body } = await server.post('/auth/refresh', { refresh_token: refreshToken });
    expect((await me(body.access_token)).status).toBe(200);

    server.clock.advance(50 * SECOND);
    const { accessToken: little } = await server.signIn(ada.email);
    server.clock.advance(-50 * SECOND);
    expect((await me(little)).status).toBe(200);
    ada = await server.signIn(ada.email);
  });

  it('[9.2.1] works for 15 minutes', async () => {
    const { accessToken, refreshToken } = await server.signIn(ada.email);
    server.clock.advance(15 * MINUTE - 10 * SECOND);
    expect((await me(accessToken)).status).toBe(200);
    server.clock.advance(11 * SECOND);
    await expectRefused(accessToken, 'token_expired');
    const { body } = await server.post('/auth/refresh', { refresh_token: refreshToken });
    expect((await me(body.access_token)).status).toBe(200);
    ada = await server.signIn(ada.email);
  });
});

describe('a forged token', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const strangersJwk = stranger.publicKey.export({ format: 'jwk' });

  describe('[9.1.2] without a signature', () => {
    it.each(['none', 'None', 'NONE', 'nOnE', ' none', ''])('and alg %j', async (alg) => {
      const genuine = decode(ada.accessToken);
      const input = signingInput({ ...genuine, header: { ...genuine.header, alg } });
      await expectRefused(`${input}.`, 'token_malformed');
      await expectRefused(input, 'token_malformed');
      const [, , signature] = ada.accessToken.split('.');
      await expectRefused(`${input}.${signature}`, 'token_signature_invalid');
    });
  });

  describe('[9.1.2] whose HMAC key is', () => {
    const keys: [string, (key: KeyObject) => string | Buffer][] = [
      ['our public key as PEM', (key) => key.export({ format: 'pem', type: 'spki' })],
      [
        'that without its last line break',
        (key) => key.export({ format: 'pem', type: 'spki' }).toString().trim(),
      ],
      ['our public key as DER', (key) => key.export({ format: 'der', type: 'spki' })],
      ['our public key as JWK', (key) => JSON.stringify(key.export({ format: 'jwk' }))],
      ['the x of our public key', (key) => key.export({ format: 'jwk' }).x!],
      ['empty', () => ''],
    ];
    it.each(keys)('%s', async (_, keyOf) => {
      const publicKey = createPublicKey({ key: await publicJwk(), format: 'jwk' });
      const genuine = decode(ada.accessToken);
      for (const [alg, hash] of [
        ['HS256', 'sha256'],
        ['HS512', 'sha512'],
        ['ES256', 'sha256'],
      ] as const) {
        const input = signingInput({ ...genuine, header: { ...genuine.header, alg } });
        const signature = createHmac(hash, keyOf(publicKey)).update(input).digest('base64url');
        await expectRefused(`${input}.${signature}`, 'token_signature_invalid');
      }
    });
  });

  it.each(['ES384', 'RS256', 'PS256', 'EdDSA', 'HS256', 'es256', 'ES256 ', null, 1, ['ES256']])(
    '[9.1.2] signed by our own key under the algorithm %j',
    async (alg) => {
      await expectRefused(reissued({ alg }), 'token_signature_invalid');
    },
  );

  it('[9.1.1] signed by another key, with our kid or its own', async () => {
    const genuine = decode(ada.accessToken);
    await expectRefused(signed(genuine, stranger.privateKey), 'token_signature_invalid');
    const header = { ...genuine.header, kid: 'of my own' };
    await expectRefused(
      signed({ ...genuine, header }, stranger.privateKey),
      'token_signature_invalid',
    );
  });

  it('[9.1.3] that brings its key along or says where to get it, which nobody does', async () => {
    let visits = 0;
    const canary = createServer((_, response) => {
      visits++;
      response.end(JSON.stringify({ keys: [{ ...strangersJwk, kid: 'mine', alg: 'ES256' }] }));
    });
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/keys.json`;
    const certificate = Buffer.from('a certificate').toString('base64');
    const tricks = [
      { jwk: strangersJwk },
      { jwk: { ...strangersJwk, kid: 'mine' }, kid: 'mine' },
      { jku: url },
      { jku: url, kid: 'mine' },
      { x5u: url },
      { x5c: [certificate] },
      { x5c: [certificate], x5t: 'x', kid: 'mine' },
      { kid: url },
    ];
    const genuine = decode(ada.accessToken);
    for (const trick of tricks) {
      const token = signed(
        { ...genuine, header: { ...genuine.header, ...trick } },
        stranger.privateKey,
      );
      await expectRefused(token, 'token_signature_invalid');
    }
    await new Promise((resolve) => canary.close(resolve));
    expect(visits).toBe(0);
  });

  it.each([
    ['unknown'],
    [''],
    ['../../../../dev/null'],
    ['/dev/null'],
    [`' OR 1=1 --`],
    ["x' UNION SELECT 'key"],
    ['__proto__'],
    ['constructor'],
    ['\u0000'],
    [null],
    [0],
    [true],
    [['kid']],
    [{ kid: 'kid' }],
    [undefined],
  ])('[9.1.3] with the kid %j', async (kid) => {
    await expectRefused(reissued({ kid }), 'token_signature_invalid');
  });

  it('[9.1.3] with a kid of 10 kB', async () => {
    await expectRefused(reissued({ kid: 'k'.repeat(10_000) }), 'token_malformed');
  });

  it.each([
    'JWT',
    'at+JWT',
    'id+jwt',
    'application/jwt',
    'logout+jwt',
    '',
    null,
    ['at+jwt'],
    undefined,
  ])('[9.2.2] of the type %j', async (typ) => {
    await expectRefused(reissued({ typ }), 'token_signature_invalid');
  });

  it('with extensions nobody here understands (RFC 7515 section 4.1.11)', async () => {
    for (const crit of [['b64'], ['exp'], []]) {
      await expectRefused(reissued({ crit, b64: false }), 'token_signature_invalid');
    }
  });

  it.each([
    ['https://another.example', 'token_wrong_audience'],
    ['', 'token_wrong_audience'],
    [undefined, 'token_wrong_audience'],
    [['https://another.example'], 'token_wrong_audience'],
    [[], 'token_wrong_audience'],
    [{ toString: 'x' }, 'token_wrong_audience'],
  ])('[9.2.3] for the audience %j', async (aud, code) => {
    await expectRefused(reissued({}, { aud }), code);
  });

  it('[9.2.3] for our audience beside another', async () => {
    const aud = [server.publicUrl, 'https://another.example'];
    expect((await me(reissued({}, { aud }))).status).toBe(401);
  });

  it.each(['https://another.example', '', undefined, null, 5])('of the issuer %j', async (iss) => {
    await expectRefused(reissued({}, { iss }), 'token_signature_invalid');
  });

  it.each([
    ['a second ago', () => now() - 1, 'token_expired'],
    ['in 1970', () => 0, 'token_expired'],
    ['before that', () => -1, 'token_expired'],
    ['never', () => undefined, 'token_signature_invalid'],
    ['at a fraction', () => now() + 60.5, 'token_signature_invalid'],
    ['at no number', () => String(now() + 60), 'token_signature_invalid'],
    ['at null', () => null, 'token_signature_invalid'],
    ['at a time beyond all numbers', () => 1e300, 'token_signature_invalid'],
  ] as [string, () => unknown, string][])('[9.2.1] that expires %s', async (_, exp, code) => {
    await expectRefused(reissued({}, { exp: exp() }), code);
  });

  it('[9.2.1] that does not hold yet', async () => {
    await expectRefused(reissued({}, { nbf: now() + 120 }), 'token_signature_invalid');
  });

  it('of a session that is none, or another person’s', async () => {
    const { claims } = decode(admin.accessToken);
    for (const sid of ['019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11', '', claims.sid]) {
      await expectRefused(reissued({}, { sid }), 'token_revoked');
    }
    await expectRefused(reissued({}, { sub: admin.id }), 'token_revoked');
    await expectRefused(reissued({}, { sid: undefined }), 'token_signature_invalid');
    await expectRefused(reissued({}, { sub: { not: '' } }), 'token_signature_invalid');
  });

  it('that claims roles it has not opens nothing: they are read from the account', async () => {
    const token = reissued({}, { roles: ['admin'], scope: 'users:read users:write' });
    const answer = await server.get('/users', { bearer: token });
    expect([answer.status, answer.body.code]).toEqual([403, 'permission_required']);
  });

  it('[7.2.1] [9.1.1] with any one character changed', async () => {
    const token = ada.accessToken;
    const changed = [...token].map((character, i) => {
      const other = character === '.' ? 'A' : character === 'A' ? 'B' : 'A';
      return token.slice(0, i) + other + token.slice(i + 1);
    });
    const codes: string[] = [];
    for (const other of changed) codes.push((await me(other)).body.code);
    expect(Object.keys(tally(codes)).sort()).toEqual([
      'token_malformed',
      'token_signature_invalid',
    ]);
    expect((await me(token)).status).toBe(200);
  });

  it('whose last character differs in bits that say nothing', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const value = alphabet.indexOf(ada.accessToken.at(-1)!);
    for (let bits = 1; bits < 16; bits++) {
      const other = ada.accessToken.slice(0, -1) + alphabet[value ^ bits];
      await expectRefused(other, 'token_signature_invalid');
    }
  });

  it('cut, padded, doubled or put together from two', async () => {
    const [header, claims, signature] = ada.accessToken.split('.') as [string, string, string];
    const [, othersClaims] = admin.accessToken.split('.') as [string, string];
    for (const token of [
      `${header}.${claims}`,
      `${header}.${claims}.${signature}.`,
      `.${header}.${claims}.${signature}`,
      `${header}..${signature}`,
      `${header}.${claims}.${signature}=`,
      `${header}.${claims}.${signature}.${signature}.${signature}`,
      `${ada.accessToken} ${ada.accessToken}`,
      `${ada.accessToken},`,
      `"${ada.accessToken}"`,
    ]) {
      await expectRefused(token, 'token_malformed');
    }
    await expectRefused(`${header}.${othersClaims}.${signature}`, 'token_signature_invalid');
    await expectRefused(`${header}.${claims}.${signature}AA`, 'token_signature_invalid');
    await expectRefused(`${header}.${claims}.${signature.slice(0, -2)}`, 'token_signature_invalid');
  });

  it.each([
    ['null', 'token_signature_invalid'],
    ['[]', 'token_signature_invalid'],
    ['5', 'token_signature_invalid'],
    ['"ES256"', 'token_signature_invalid'],
    ['{}', 'token_signature_invalid'],
    ['{', 'token_malformed'],
    ['\u00ff', 'token_malformed'],
  ])('whose header is %s', async (header, code) => {
    const [, claims, signature] = ada.accessToken.split('.');
    const encoded = Buffer.from(header).toString('base64url');
    await expectRefused(`${encoded}.${claims}.${signature}`, code);
  });

  it('whose claims are no object, though our key signed them', async () => {
    const { header } = decode(ada.accessToken);
    for (const claims of [null, [], 5, 'x', true]) {
      const token = signed({ header, claims: claims as unknown as Jwt['claims'] }, ownKey());
      expect((await me(token)).status).toBe(401);
    }
  });

  it('[9.2.2] that is another token of ours', async () => {
    await server.post('/auth/register', { email: 'other@example.org', password: PASSWORD });
    const { token } = await server.newestMail('other@example.org');
    const { body } = await server.post('/auth/refresh', {
      refresh_token: (await server.signIn(ada.email)).refreshToken,
    });
    for (const other of [token!, body.refresh_token, 'lk_su_x', 'lk_mfa_x', 'lk_lt_x']) {
      await expectRefused(other, 'token_malformed');
    }
    await expectRefused('lk_key_x', 'invalid_credentials'); // looked up: a key may be sent as Bearer
  });

  it.each(['%E0%A4%A', 'a', ' ', '', '..', '...', 'null', 'undefined', '{}', '\u00e9'])(
    'that is %j',
    async (text) => {
      const answer = await exchange(
        server.url,
        Buffer.from(head('GET /users/me', `Authorization: Bearer ${text}`), 'latin1'),
      );
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([401, 'token_malformed']);
    },
  );

  it('[1.3.12] of 15 kB is refused, and nobody has to wait', async () => {
    const [health, ...answers] = await Promise.all([
      server.get('/health'),
      ...['a', '.', ' ', 'a.', 'Bearer ', '=', '-', `${ada.accessToken}.`].map((text) =>
        me(text.repeat(Math.floor(15_000 / text.length))),
      ),
    ]);
    expect(health.status).toBe(200);
    expect(tally(answers.map(({ body }) => body.code))).toEqual({ token_malformed: 8 });
  });

  function now(): number {
    return Math.floor(server.clock.now().getTime() / 1000);
  }
});

describe('[7.4.1] a good token is refused from the next request on', () => {
  let person: Person;
  let remaining: () => Promise<Answer>;

  beforeAll(async () => {
    // Longer than any of these tests, and the tests above have moved the clock.
    admin = await server.signIn(admin.email);
  });

  async function signedIn(): Promise<void> {
    person = await server.person();
    const other = await server.signIn(person.email);
    remaining = () => me(other.accessToken);
    expect((await me(person.accessToken)).status).toBe(200);
    expect((await remaining()).status).toBe(200);
  }

  it('when its session is ended; another session goes on', async () => {
    await signedIn();
    expect((await server.post('/auth/logout', undefined, as(person))).status).toBe(204);
    await expectRefused(person.accessToken, 'token_revoked');
    expect((await remaining()).status).toBe(200);
  });

  it('[7.4.2] when the account is disabled, on every session, and stays so when it is enabled', async () => {
    await signedIn();
    await server.patch(`/users/${person.id}`, { status: 'disabled' }, as(admin));
    await expectRefused(person.accessToken, 'token_revoked');
    expect((await remaining()).status).toBe(401);
    await server.patch(`/users/${person.id}`, { status: 'active' }, as(admin));
    await expectRefused(person.accessToken, 'token_revoked');
  });

  it('[7.4.2] when the account is deleted', async () => {
    await signedIn();
    expect((await server.delete(`/users/${person.id}`, as(admin))).status).toBe(204);
    await expectRefused(person.accessToken, 'token_revoked');
    expect((await remaining()).status).toBe(401);
  });

  it('[10.3.3] when the address has a new account, which it does not open', async () => {
    await signedIn();
    await server.delete(`/users/${person.id}`, as(admin));
    const again = await server.person(person.email);
    expect(again.id).not.toBe(person.id);
    await expectRefused(person.accessToken, 'token_revoked');
  });

  it('when a new password was set by mail', async () => {
    await signedIn();
    await server.post('/auth/password/forgot', { email: person.email });
    const { token } = await server.newestMail(person.email);
    await server.post('/auth/password/reset', { token, password: 'the new one it is' });
    await expectRefused(person.accessToken, 'token_revoked');
    expect((await remaining()).status).toBe(401);
  });

  it('[7.4.5] when an administrator ends the person’s sessions', async () => {
    await signedIn();
    expect((await server.delete(`/users/${person.id}/sessions`, as(admin))).status).toBe(204);
    await expectRefused(person.accessToken, 'token_revoked');
    expect((await remaining()).status).toBe(401);
  });

  it('[8.3.2] where it needs a role that was taken, and opens what a given one opens', async () => {
    await signedIn();
    const list = () => server.get('/users', as(person));
    expect((await list()).status).toBe(403);
    const role = await makeRole(server, admin, ['users:read']);
    await giveRoles(server, admin, person, [role]);
    expect((await list()).status).toBe(200);
    await server.patch(`/roles/${role}`, { permissions: ['roles:read'] }, as(admin));
    expect((await list()).status).toBe(403);
    await server.patch(`/roles/${role}`, { permissions: ['users:read'] }, as(admin));
    expect((await list()).status).toBe(200);
    await server.delete(`/roles/${role}`, as(admin));
    expect((await list()).status).toBe(403);
    expect((await me(person.accessToken)).status).toBe(200);
  });

  it('also after a restart; what was good is still good then', async () => {
    const ended = await server.person();
    const disabled = await server.person();
    const deleted = await server.person();
    const demoted = await server.administrator();
    const standing = await server.person();
    await server.post('/auth/logout', undefined, as(ended));
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, as(admin));
    await server.delete(`/users/${deleted.id}`, as(admin));
    await giveRoles(server, admin, demoted, ['user']);

    server = await server.restart();
    for (const { accessToken } of [ended, disabled, deleted]) {
      await expectRefused(accessToken, 'token_revoked');
    }
    expect((await server.get('/users', as(demoted))).status).toBe(403);
    expect((await me(standing.accessToken)).status).toBe(200);
    expect((await server.get('/users', as(admin))).status).toBe(200);
  });

  it('[7.3.2] when its session has come to its end', async () => {
    await signedIn();
    let { refreshToken } = person;
    let accessToken = '';
    for (let day = 0; day < 90; day += 10) {
      server.clock.advance(10 * DAY - MINUTE);
      const { body } = await server.post('/auth/refresh', { refresh_token: refreshToken });
      ({ access_token: accessToken, refresh_token: refreshToken } = body);
    }
    expect((await me(accessToken)).status).toBe(200);
    server.clock.advance(9 * MINUTE);
    expect((await me(accessToken)).status).toBe(401);
  });
});

describe('ACCESS_TOKEN_AUDIENCE and ACCESS_TOKEN_TTL', () => {
  it('are what new tokens say, and what is asked of them', async () => {
    await server.stop();
    server = await TestServer.start({
      ACCESS_TOKEN_AUDIENCE: 'https://api.example.org',
      ACCESS_TOKEN_TTL: '2m',
    });
    const before = await server.person();
    const { claims } = decode(before.accessToken);
    expect([claims.aud, claims.exp - claims.iat]).toEqual(['https://api.example.org', 120]);
    expect((await me(before.accessToken)).status).toBe(200);

    server = await server.restart({ ACCESS_TOKEN_AUDIENCE: 'https://other.example.org' });
    await expectRefused(before.accessToken, 'token_wrong_audience');
  });
});
