import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CleanUp } from '../src/maintenance/clean-up.js';
import { type Misbehaviour, PRESENT, VERIFIED } from './support/authenticator.js';
import type { Answer } from './support/client.js';
import { DAY, HOUR, MINUTE } from './support/clock.js';
import { decode } from './support/jwt.js';
import {
  authenticationOptions,
  type Holder,
  holder,
  newDevice,
  register,
  registrationOptions,
  signInBy,
} from './support/passkeys.js';
import { as, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
  admin = await server.administrator();
});
afterAll(() => server.stop());

function authenticate(response: unknown, more: object = {}): Promise<Answer> {
  return server.post('/auth/passkeys/authentication', { response, ...more });
}

function passkeysOf(person: Person): Promise<Answer> {
  return server.get('/auth/passkeys', as(person));
}

function remove({ person, id }: Holder): Promise<Answer> {
  return server.delete(`/auth/passkeys/${id}`, as(person));
}

/** The first half of a sign-in. */
async function halfWay({ email }: Person): Promise<any> {
  const answer = await server.post('/auth/login', { email, password: PASSWORD });
  expect([answer.status, answer.body.code]).toEqual([401, 'mfa_required']);
  return answer.body;
}

function events(type: string, { id }: Person): any[] {
  return rows(
    server.dataDir,
    'SELECT * FROM AuditEvent WHERE type = ? AND subject = ? ORDER BY seq',
    type,
    id,
  );
}

async function subjects({ email }: Person): Promise<string[]> {
  return (await server.mailbox(email)).map(({ subject }) => subject);
}

/** One bit of a signature's last byte. */
function changed(signature: Buffer): Buffer {
  signature[signature.length - 1]! ^= 1;
  return signature;
}

function isInvalid({ status, body }: Answer): boolean {
  return status === 401 && body.code === 'passkey_invalid';
}

describe('a passkey', () => {
  it('signs in alone and without a name, and is both factors', async () => {
    const { person, device } = await holder(server);
    const answer = await signInBy(server, device);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).toSorted()).toEqual([
      'access_token',
      'expires_in',
      'refresh_expires_in',
      'refresh_token',
      'scope',
      'token_type',
    ]);
    const claims = decode(answer.body.access_token).claims;
    expect([claims.sub, claims.amr]).toEqual([person.id, ['hwk', 'user', 'mfa']]);
    expect((await server.get('/users/me', { bearer: answer.body.access_token })).body.id).toBe(
      person.id,
    );
  });

  it('that its maker copies to other devices is a key in software', async () => {
    const { person, device } = await holder(server, { synchronised: true, counts: false });
    const { body } = await signInBy(server, device);
    expect(decode(body.access_token).claims.amr).toEqual(['swk', 'user', 'mfa']);
    const { items } = (await passkeysOf(person)).body;
    expect(items[0]).toMatchObject({ backupEligible: true, backedUp: true });
    expect((await signInBy(server, device)).status).toBe(200); // counts nothing, and may
  });

  it.each(['ES256', 'EdDSA', 'RS256'] as const)('may sign with %s', async (algorithm) => {
    const { device } = await holder(server, { algorithm });
    expect((await signInBy(server, device)).status).toBe(200);
    const forged = await signInBy(server, device, { forge: changed });
    expect(isInvalid(forged)).toBe(true);
  });

  it('is answered with its resource and where it is, and told to its owner', async () => {
    const person = await server.person();
    const answer = await register(server, person, newDevice(server), { name: ' Desk ' });
    expect(answer.status).toBe(201);
    const { recoveryCodes: _, ...passkey } = answer.body;
    expect(answer.headers.get('location')).toBe(`/auth/passkeys/${passkey.id}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(passkey).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Desk',
      credentialId: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      transports: ['internal'],
      backupEligible: false,
      backedUp: false,
      createdAt: expect.any(String),
      lastUsedAt: null,
    });
    expect((await passkeysOf(person)).body).toEqual({ items: [passkey], nextCursor: null });
    const [enrolled] = events('mfa.enrolled', person);
    expect(JSON.parse(enrolled.detail).after.factor).toBe('passkey');
    const mails = (await subjects(person)).length;
    await register(server, person, newDevice(server));
    expect((await subjects(person)).length).toBe(mails + 1);
  });

  it('brings ten recovery codes when it is the first factor, and never again', async () => {
    const { person, recoveryCodes } = await holder(server);
    expect(new Set(recoveryCodes).size).toBe(10);
    const second = await register(server, person, newDevice(server));
    expect([second.status, second.body.recoveryCodes]).toEqual([201, undefined]);
  });

  it('is called after where it is kept, else after the device, unless it is given a name', async () => {
    const person = await server.person();
    const kept = newDevice(server, { aaguid: 'fdb141b2-5d84-443e-8a35-4698c205a502' });
    expect((await register(server, person, kept)).body.name).toBe('KeePassXC');

    const options = await registrationOptions(server, person);
    const response = newDevice(server).create(options);
    const { body } = await server.post(
      '/auth/passkeys/registration',
      { response, name: ' ' },
      { ...as(person), headers: { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/150.0' } },
    );
    expect(body.name).toBe('Firefox on Windows');

    const path = `/auth/passkeys/${body.id}`;
    const renamed = await server.patch(path, { name: '  Ada’s 🔑  ' }, as(person));
    expect([renamed.status, renamed.body]).toEqual([200, { ...body, name: 'Ada’s 🔑' }]);
    for (const name of ['', ' ', 'a\nb', 'x'.repeat(65), 7]) {
      const refused = await server.patch(path, { name }, as(person));
      expect([refused.status, ...new Set(pointers(refused))]).toEqual([400, '/name']);
    }
  });

  it('is listed page by page, oldest first', async () => {
    const { person, id } = await holder(server);
    const other = (await register(server, person, newDevice(server))).body.id;
    const first = await server.get('/auth/passkeys?limit=1&count=true', as(person));
    expect([first.body.items.map((item: any) => item.id), first.body.total]).toEqual([[id], 2]);
    const next = `/auth/passkeys?limit=1&cursor=${first.body.nextCursor}`;
    const second = await server.get(next, as(person));
    expect(second.body.items.map((item: any) => item.id)).toEqual([other]);
    expect(second.body.nextCursor).toBeNull();
  });

  it('of somebody else looks like none', async () => {
    const { id } = await holder(server);
    const stranger = await server.person();
    const path = `/auth/passkeys/${id}`;
    expect((await server.patch(path, { name: 'x' }, as(stranger))).status).toBe(404);
    expect((await server.delete(path, as(stranger))).status).toBe(404);
    expect((await server.delete('/auth/passkeys/none', as(stranger))).status).toBe(404);
    expect((await passkeysOf(stranger)).body.items).toEqual([]);
    expect(count(server.dataDir, 'Passkey', 'id = ?', id)).toBe(1);
  });

  it('is in the export of the account, and gone with the account', async () => {
    const { person, id } = await holder(server);
    const { body } = await server.get('/users/me/export', as(person));
    expect(body.passkeys).toMatchObject([{ id, counter: 0, name: expect.any(String) }]);
    const farewell = { json: { currentPassword: PASSWORD }, bearer: person.accessToken };
    expect((await server.send('DELETE', '/users/me', farewell)).status).toBe(204);
    expect(count(server.dataDir, 'Passkey', 'userId = ?', person.id)).toBe(0);
  });

  it('works after a restart, and outlives a new password', async () => {
    const { person, device } = await holder(server);
    server = await server.restart();
    await server.post('/auth/password/forgot', { email: person.email });
    const { token } = await server.newestMail(person.email);
    const reset = { token, password: 'wholly different words here' };
    expect((await server.post('/auth/password/reset', reset)).status).toBe(204);
    expect((await signInBy(server, device)).status).toBe(200);
  });

  it('is not asked who made it: no attestation is looked at, and no address in it called', async () => {
    const junk = new Map<unknown, unknown>([
      ['x5c', [randomBytes(40)]],
      ['sig', randomBytes(8)],
    ]);
    for (const fmt of ['packed', 'tpm', 'android-safetynet', 'never-heard-of']) {
      const wrong = { attestation: { fmt, attStmt: junk } };
      const answer = await register(server, await server.person(), newDevice(server), {}, wrong);
      expect([fmt, answer.status]).toEqual([fmt, 201]);
    }
  });
});

describe('[2.3.2] an account', () => {
  it('has at most twenty passkeys', async () => {
    const { person } = await holder(server);
    const early = newDevice(server).create(await registrationOptions(server, person));
    for (let nr = 2; nr <= 20; nr++) {
      expect((await register(server, person, newDevice(server))).status).toBe(201);
    }
    const more = await server.post('/auth/passkeys/registration/options', undefined, as(person));
    expect([more.status, more.body.code]).toEqual([409, 'conflict']);
    const late = await server.post('/auth/passkeys/registration', { response: early }, as(person));
    expect([late.status, late.body.code]).toEqual([409, 'conflict']);
    expect(count(server.dataDir, 'Passkey', 'userId = ?', person.id)).toBe(20);
  });
});

describe('the options of a registration', () => {
  it('ask for a passkey the browser finds by itself, with user verification', async () => {
    const person = await server.person();
    const options = await registrationOptions(server, person);
    expect(options).toEqual({
      rp: { id: 'localhost', name: 'Latchkey' },
      user: { id: expect.any(String), name: person.email, displayName: person.email },
      challenge: expect.stringMatching(/^[A-Za-z0-9_-]{100,200}$/),
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
      timeout: 300_000,
      excludeCredentials: [],
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'none',
    });
    const handle = Buffer.from(options.user.id, 'base64url');
    expect(handle.length).toBe(16);
    expect(handle.toString()).not.toContain(person.email.split('@')[0]);
  });

  it('name the passkeys there are, so that none is made twice in one place', async () => {
    const { person } = await holder(server);
    const { items } = (await passkeysOf(person)).body;
    expect((await registrationOptions(server, person)).excludeCredentials).toEqual([
      { id: items[0].credentialId, type: 'public-key', transports: ['internal'] },
    ]);
  });

  it('take the relying party from PUBLIC_URL alone, whatever a request says', async () => {
    const person = await server.person();
    const headers = {
      host: 'evil.example',
      origin: 'https://evil.example',
      'x-forwarded-host': 'evil.example',
    };
    const made = await server.post('/auth/passkeys/registration/options', undefined, {
      ...as(person),
      headers,
    });
    expect(made.body.rp.id).toBe('localhost');
    const used = await server.post('/auth/passkeys/authentication/options', {}, { headers });
    expect(used.body.rpId).toBe('localhost');
  });
});

describe('[7.5.1] a sign-in that is six minutes old', () => {
  it('neither adds nor removes a passkey', async () => {
    const held = await holder(server);
    const { person, id } = held;
    const response = newDevice(server).create(await registrationOptions(server, person));
    server.clock.advance(6 * MINUTE);
    const answers = [
      await server.post('/auth/passkeys/registration/options', undefined, as(person)),
      await server.post('/auth/passkeys/registration', { response }, as(person)),
      await remove(held),
    ];
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([403, 'recent_login_required']);
    }
    expect((await passkeysOf(person)).status).toBe(200);
    expect((await server.patch(`/auth/passkeys/${id}`, { name: 'x' }, as(person))).status).toBe(
      200,
    );
  });
});

describe('[F29] an account that nobody has confirmed', () => {
  it('gets no passkey', async () => {
    const email = 'unconfirmed-holder@example.org';
    await server.post('/auth/register', { email, password: PASSWORD });
    const basic: [string, string] = [email, PASSWORD];
    for (const path of ['registration/options', 'registration']) {
      const { status, body } = await server.post(`/auth/passkeys/${path}`, {}, { basic });
      expect([status, body.code]).toEqual([403, 'email_not_verified']);
    }
  });
});

describe('[F47] a registration', () => {
  const ORIGIN = 'wrong_origin';
  const cases: [string, Misbehaviour, string][] = [
    ['of another origin', { origin: 'https://evil.example' }, ORIGIN],
    ['of another port', { origin: 'http://localhost:1' }, ORIGIN],
    ['of a page in a foreign frame', { crossOrigin: true }, ORIGIN],
    ['for another relying party', { rpId: 'evil.example' }, 'not_verified'],
    ['without user verification', { flags: PRESENT }, 'not_verified'],
    ['without anybody present', { flags: VERIFIED }, 'not_verified'],
    ['that is a sign-in', { type: 'webauthn.get' }, 'not_verified'],
    ['cut short', { change: (data) => data.subarray(0, -9) }, 'not_verified'],
    ['with more at its end', { change: (data) => Buffer.concat([data, data]) }, 'not_verified'],
    ['of a challenge somebody made up', { challenge: 'A'.repeat(172) }, 'challenge_invalid'],
    ['without a challenge', { challenge: '' }, 'challenge_invalid'],
  ];

  it.each(cases)('%s is refused', async (_, wrong, code) => {
    const person = await server.person();
    const answer = await register(server, person, newDevice(server), {}, wrong);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(answer.body.errors).toMatchObject([{ pointer: '/response', code }]);
    expect(count(server.dataDir, 'Passkey', 'userId = ?', person.id)).toBe(0);
  });

  async function send(person: Person, response: unknown): Promise<string | undefined> {
    const answer = await server.post('/auth/passkeys/registration', { response }, as(person));
    return answer.body.errors?.[0].code;
  }

  it('spends its challenge either way', async () => {
    const person = await server.person();
    const options = await registrationOptions(server, person);
    const wrong = newDevice(server).create(options, { flags: PRESENT });
    expect(await send(person, wrong)).toBe('not_verified');
    expect(await send(person, newDevice(server).create(options))).toBe('challenge_invalid');

    const again = await registrationOptions(server, person);
    expect(await send(person, newDevice(server).create(again))).toBeUndefined();
    expect(await send(person, newDevice(server).create(again))).toBe('challenge_invalid');
  });

  it('answers only what its own session was asked, within five minutes', async () => {
    const person = await server.person();
    const elsewhere = await server.signIn(person.email);
    const other = await server.person();
    for (const options of [
      await registrationOptions(server, other),
      await registrationOptions(server, elsewhere),
      { ...(await registrationOptions(server, person)), ...(await authenticationOptions(server)) },
    ]) {
      expect(await send(person, newDevice(server).create(options))).toBe('challenge_invalid');
    }

    const late = await registrationOptions(server, person);
    server.clock.advance(5 * MINUTE);
    const again = await server.signIn(person.email);
    expect(await send(again, newDevice(server).create(late))).toBe('challenge_invalid');
  });

  it('of a passkey that somebody has is refused, and changes nothing', async () => {
    const { person, device } = await holder(server);
    const { credentialId } = (await passkeysOf(person)).body.items[0];
    const wrong = { credentialId: Buffer.from(credentialId, 'base64url') };
    const thief = await server.person();
    const answer = await register(server, thief, newDevice(server), {}, wrong);
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    expect((await passkeysOf(thief)).body.items).toEqual([]);
    const { body } = await signInBy(server, device);
    expect(decode(body.access_token).claims.sub).toBe(person.id);
  });

  it('sent fifty times at once adds one passkey', async () => {
    const person = await server.person();
    const response = newDevice(server).create(await registrationOptions(server, person));
    const answers = await atOnce(50, () =>
      server.post('/auth/passkeys/registration', { response }, as(person)),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 1, 400: 49 });
  });

  it.each([
    {},
    { response: null },
    { response: 'x' },
    { response: { id: 'a', rawId: 'b', type: 'public-key', response: {} } },
    { response: { id: 'a', rawId: 'a', type: 'public-key', response: { clientDataJSON: '{}' } } },
  ])('without its form is refused: %j', async (body) => {
    const person = await server.person();
    const answer = await server.post('/auth/passkeys/registration', body, as(person));
    expect([answer.status, pointers(answer)]).toEqual([400, ['/response']]);
  });
});

describe('[F47] a sign-in with a passkey', () => {
  const cases: [string, Misbehaviour][] = [
    ['of another origin', { origin: 'https://evil.example' }],
    ['of a page in a foreign frame', { crossOrigin: true }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['without user verification', { flags: PRESENT }],
    ['without anybody present', { flags: VERIFIED }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['with a changed signature', { forge: changed }],
    ['that says whose it is wrongly', { userHandle: randomBytes(16).toString('base64url') }],
    ['that does not say whose it is', { userHandle: null }],
    ['of a passkey that became one to be copied', { flags: PRESENT | VERIFIED | 0x08 }],
  ];

  it.each(cases)('%s is refused, and its challenge spent', async (_, wrong) => {
    const { device } = await holder(server);
    const options = await authenticationOptions(server);
    const refused = await authenticate(device.get(options, wrong));
    expect(isInvalid(refused)).toBe(true);
    expect(isInvalid(await authenticate(device.get(options)))).toBe(true);
    expect((await signInBy(server, device)).status).toBe(200);
  });

  it('is refused the same way for every reason', async () => {
    const { device } = await holder(server);
    const unknown = newDevice(server);
    unknown.create(await registrationOptions(server, await server.person()));
    const appearances = [
      await signInBy(server, device, { flags: PRESENT }),
      await signInBy(server, unknown),
      await signInBy(server, device, { challenge: 'AAAA' }),
    ].map(({ status, body: { instance: _, ...body } }) => JSON.stringify([status, body]));
    expect(new Set(appearances).size).toBe(1);
  });

  it('works once: of the same answer fifty times at once, one signs in', async () => {
    const { person, device } = await holder(server, { synchronised: true, counts: false });
    const before = count(server.dataDir, 'Session', 'userId = ?', person.id);
    const response = device.get(await authenticationOptions(server));
    const answers = await atOnce(50, () => authenticate(response));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 401: 49 });
    expect(isInvalid(await authenticate(response))).toBe(true);
    expect(count(server.dataDir, 'Session', 'userId = ?', person.id)).toBe(before + 1);
  });

  it('works for five minutes', async () => {
    const { device } = await holder(server, { counts: false });
    const [early, late] = [
      await authenticationOptions(server),
      await authenticationOptions(server),
    ];
    server.clock.advance(5 * MINUTE - 1000);
    expect((await authenticate(device.get(early))).status).toBe(200);
    server.clock.advance(1000);
    expect(isInvalid(await authenticate(device.get(late)))).toBe(true);
  });

  it('answers no challenge that was given out for something else', async () => {
    const { person, device } = await holder(server);
    const { mfa_token } = await halfWay(person);
    for (const options of [
      await authenticationOptions(server, { mfa_token }),
      await authenticationOptions(server, { purpose: 'reauthenticate' }, person),
      { ...(await registrationOptions(server, person)), rpId: 'localhost', allowCredentials: [] },
    ]) {
      expect(isInvalid(await authenticate(device.get(options)))).toBe(true);
    }
  });

  it('with a counter that went back is refused, recorded, and told to the owner', async () => {
    const { person, device, id } = await holder(server);
    expect((await signInBy(server, device, { counter: 7 })).status).toBe(200);
    for (const counter of [6, 7, 0]) {
      expect(isInvalid(await signInBy(server, device, { counter }))).toBe(true);
    }
    const recorded = events('passkey.counter_went_back', person);
    expect(recorded.map(({ detail }) => JSON.parse(detail))).toEqual([{ after: { passkey: id } }]);
    const told = async () => (await subjects(person)).filter((text) => /was refused/.test(text));
    expect(await told()).toHaveLength(1);
    expect((await signInBy(server, device, { counter: 8 })).status).toBe(200);

    server.clock.advance(HOUR);
    expect(isInvalid(await signInBy(server, device, { counter: 8 }))).toBe(true);
    expect(await told()).toHaveLength(2);
  });

  it('with a forged signature tells nobody of a counter', async () => {
    const { person, device } = await holder(server);
    await signInBy(server, device, { counter: 7 });
    const forged = { counter: 1, forge: changed };
    expect(isInvalid(await signInBy(server, device, forged))).toBe(true);
    expect(events('passkey.counter_went_back', person)).toEqual([]);
  });
});

describe('[6.5.6] a passkey that was removed', () => {
  it('signs nobody in from the next use on, and its owner is told', async () => {
    const held = await holder(server);
    const { person, device } = held;
    const begun = device.get(await authenticationOptions(server));
    expect((await remove(held)).status).toBe(204);
    expect(isInvalid(await authenticate(begun))).toBe(true);
    expect(isInvalid(await signInBy(server, device))).toBe(true);
    expect((await remove(held)).status).toBe(404);
    expect(events('mfa.removed', person)).toHaveLength(1);
  });

  it('asks for no second factor any more once it was the last', async () => {
    const held = await holder(server);
    const other = (await register(server, held.person, newDevice(server))).body.id;
    await remove(held);
    await halfWay(held.person);
    await remove({ ...held, id: other });
    expect((await server.signIn(held.person.email)).id).toBe(held.person.id);
  });

  it('is removed once, however many ask at the same moment', async () => {
    const held = await holder(server);
    const answers = await atOnce(20, () => remove(held));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 1, 404: 19 });
    expect(events('mfa.removed', held.person)).toHaveLength(1);
  });
});

describe('[7.4.3] other sessions', () => {
  it('end when a passkey comes or goes; the present one goes on', async () => {
    const person = await server.person();
    const before = await server.signIn(person.email);
    const { device, id } = await holder(server, {}, person);
    expect((await server.get('/users/me', as(before))).status).toBe(401);
    const { body } = await signInBy(server, device);
    await remove({ person, device, id, recoveryCodes: [] });
    expect((await server.get('/users/me', { bearer: body.access_token })).status).toBe(401);
    expect((await server.get('/users/me', as(person))).status).toBe(200);
  });
});

describe('[6.7.2] a challenge', () => {
  it('is another one each of a thousand times, of 32 random bytes, and none is stored', async () => {
    const stored = count(server.dataDir, 'SpentPasskeyChallenge');
    const challenges = new Set<string>();
    for (let nr = 0; nr < 1000; nr++) {
      const { challenge } = await authenticationOptions(server);
      const bytes = Buffer.from(challenge, 'base64url');
      expect(bytes.length).toBeGreaterThanOrEqual(16);
      challenges.add(bytes.subarray(0, 16).toString('hex'));
    }
    expect(challenges.size).toBe(1000);
    expect(count(server.dataDir, 'SpentPasskeyChallenge')).toBe(stored);
  });

  it('that was spent is forgotten once it has expired', async () => {
    const { device } = await holder(server);
    await signInBy(server, device);
    server.clock.advance(DAY);
    await server.app.get(CleanUp, { strict: false }).runIfDue();
    expect(count(server.dataDir, 'SpentPasskeyChallenge')).toBe(0);
  });

  it('names nobody to a stranger: the options know no address', async () => {
    await holder(server);
    const { challenge: _, ...options } = await authenticationOptions(server);
    expect(options).toEqual({
      rpId: 'localhost',
      timeout: 300_000,
      userVerification: 'required',
      allowCredentials: [],
    });
    expect((await server.post('/auth/passkeys/authentication/options')).status).toBe(200);
    const named = { email: admin.email };
    expect((await server.post('/auth/passkeys/authentication/options', named)).status).toBe(400);
  });
});

describe('a passkey as the second factor', () => {
  it('completes a sign-in that began with the password', async () => {
    const { person, device } = await holder(server);
    const { mfa_token, methods } = await halfWay(person);
    expect(methods).toContain('passkey');
    const options = await authenticationOptions(server, { mfa_token });
    expect(options.allowCredentials).toHaveLength(1);
    const answer = await authenticate(device.get(options, { userHandle: null }), { mfa_token });
    expect(answer.status).toBe(200);
    expect(decode(answer.body.access_token).claims).toMatchObject({
      sub: person.id,
      amr: ['pwd', 'hwk', 'user', 'mfa'],
    });
    const again = device.get(await authenticationOptions(server));
    const { status, body } = await authenticate(again, { mfa_token });
    expect([status, body.code]).toEqual([400, 'token_invalid']);
  });

  it('[F47] must be the account’s own, and answer the challenge of its own sign-in', async () => {
    const { person, device } = await holder(server);
    const thief = await holder(server);
    const [mine, other] = [await halfWay(person), await halfWay(person)];
    const own = await authenticationOptions(server, { mfa_token: mine.mfa_token });
    const wrongs = [
      thief.device.get({ ...own, allowCredentials: [] }),
      device.get(await authenticationOptions(server, { mfa_token: other.mfa_token })),
      device.get(await authenticationOptions(server)),
      device.get(await authenticationOptions(server, { mfa_token: mine.mfa_token }), {
        flags: PRESENT,
      }),
    ];
    for (const response of wrongs) {
      expect(isInvalid(await authenticate(response, { mfa_token: mine.mfa_token }))).toBe(true);
    }
    const right = device.get(await authenticationOptions(server, { mfa_token: mine.mfa_token }));
    expect((await authenticate(right, { mfa_token: mine.mfa_token })).status).toBe(200);
  });

  it('is named to nobody without a sign-in that has come half way', async () => {
    for (const mfa_token of ['x', `lk_mfa_${'A'.repeat(43)}`]) {
      const answer = await server.post('/auth/passkeys/authentication/options', { mfa_token });
      expect([answer.status, answer.body.code]).toEqual([400, 'token_invalid']);
    }
    const missing = await server.post('/auth/passkeys/authentication/options', {
      purpose: 'reauthenticate',
    });
    expect([missing.status, missing.body.code]).toEqual([401, 'token_missing']);
  });
});

describe('a passkey that proves again who one is', () => {
  async function again(person: Person, response: unknown, more = {}): Promise<Answer> {
    return server.post('/auth/reauthenticate', { response, ...more }, as(person));
  }

  it('makes the sign-in a recent one, without a password or a code', async () => {
    const held = await holder(server);
    const { person, device } = held;
    server.clock.advance(6 * MINUTE);
    expect((await remove(held)).body.code).toBe('recent_login_required');
    const options = await authenticationOptions(server, { purpose: 'reauthenticate' }, person);
    expect(options.allowCredentials).toHaveLength(1);
    const response = device.get(options);
    const answer = await again(person, response);
    expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['recentUntil']]);
    expect(isInvalid(await again(person, response))).toBe(true);
    expect((await remove(held)).status).toBe(204);
  });

  it('[F47] answers a challenge of the same session, and belongs to the same account', async () => {
    const { person, device } = await holder(server);
    const thief = await holder(server);
    const purpose = { purpose: 'reauthenticate' };
    const own = await authenticationOptions(server, purpose, person);
    for (const response of [
      thief.device.get({ ...own, allowCredentials: [] }),
      device.get({
        ...(await authenticationOptions(server, purpose, thief.person)),
        allowCredentials: [],
      }),
      device.get(await authenticationOptions(server)),
      device.get(await authenticationOptions(server, purpose, person), { flags: PRESENT }),
    ]) {
      expect(isInvalid(await again(person, response))).toBe(true);
    }
    const right = device.get(await authenticationOptions(server, purpose, person));
    const both = await again(person, right, { password: PASSWORD });
    expect([both.status, pointers(both)]).toEqual([400, ['/response']]);
    expect((await again(person, right)).status).toBe(200);
  });
});

describe('a passkey that a thief has added', () => {
  it('is gone when the owner says so; the one there was before stays', async () => {
    const { person, device } = await holder(server);
    server.clock.advance(HOUR);
    const stolen = (await signInBy(server, device)).body.access_token;
    const thief = newDevice(server);
    const added = await register(server, { ...person, accessToken: stolen }, thief);
    expect(added.status).toBe(201);
    const { subject, token } = await server.newestMail(person.email);
    expect(subject).toBe('A passkey was added to your account');

    expect((await server.post('/auth/not-me', { token })).status).toBe(204);
    expect(isInvalid(await signInBy(server, thief))).toBe(true);
    expect((await signInBy(server, device)).status).toBe(200);
  });

  it('does not keep the owner out who had none', async () => {
    const { person, device } = await holder(server);
    const mails = await server.mailbox(person.email);
    const { token } = mails.find(({ subject }) => /passkey was added/.test(subject))!;
    expect((await server.post('/auth/not-me', { token })).status).toBe(204);
    expect(isInvalid(await signInBy(server, device))).toBe(true);

    const reset = await server.newestMail(person.email);
    const chosen = { token: reset.token, password: 'wholly different words here' };
    expect((await server.post('/auth/password/reset', chosen)).status).toBe(204);
    expect((await server.signIn(person.email, chosen.password)).id).toBe(person.id);
  });
});

describe('[6.3.4] a passkey of a disabled account', () => {
  it('opens nothing, and does again when the account is enabled', async () => {
    const { person, device } = await holder(server);
    const setStatus = async (status: string) => {
      const fresh = { basic: [admin.email, PASSWORD] as [string, string] };
      expect((await server.patch(`/users/${person.id}`, { status }, fresh)).status).toBe(200);
    };
    await setStatus('disabled');
    const refused = await signInBy(server, device);
    expect([refused.status, refused.body.code]).toEqual([403, 'account_disabled']);
    await setStatus('active');
    expect((await signInBy(server, device)).status).toBe(200);
  });
});

describe('wrong answers', () => {
  beforeAll(async () => {
    server = await server.restart({ RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' });
  });

  it('[F44] count for the network, like wrong tokens, and keep no right one out', async () => {
    const { device } = await holder(server, { counts: false });
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    const send = async (wrong?: Misbehaviour) => {
      const response = device.get(await authenticationOptions(server), wrong);
      return server.post('/auth/passkeys/authentication', { response }, { headers });
    };
    const statuses: number[] = [];
    for (let nr = 0; nr < 101; nr++) statuses.push((await send({ flags: PRESENT })).status);
    expect(tally(statuses)).toEqual({ 401: 100, 429: 1 });
    expect((await send()).status).toBe(200);
    expect((await signInBy(server, device)).status).toBe(200);
  });

  it('[F41] count for the account when it is the second factor, whatever the challenge', async () => {
    const { person, device } = await holder(server);
    const news = (await subjects(person)).length;
    const codes: string[] = [];
    for (let nr = 0; nr < 12; nr++) {
      const { mfa_token } = await halfWay(person);
      const options = await authenticationOptions(server, { mfa_token });
      const answer = await authenticate(device.get(options, { flags: PRESENT }), { mfa_token });
      codes.push(answer.body.code);
    }
    expect(tally(codes)).toEqual({ passkey_invalid: 10, rate_limited: 2 });
    const told = (await subjects(person)).slice(0, -news);
    expect(told.filter((subject) => /A wrong code was given/.test(subject))).toHaveLength(1);
  });
});
