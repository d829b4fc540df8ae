import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeJwt } from 'jose';
import { FactorProof } from '../src/auth/second-factor/factor-proof.js';
import { TotpFactors } from '../src/auth/second-factor/totp-factors.js';
import { newSeed } from '../src/auth/second-factor/totp.js';
import { Database } from '../src/database/database.js';
import { Accounts } from '../src/users/accounts.js';
import { HOUR, MINUTE } from './support/clock.js';
import {
  codeOf,
  halfWay,
  nextStep,
  type PersonWithApp,
  signInWithApp,
  withApp,
  wrongCode,
} from './support/factors.js';
import { as, personWith, pointers, withoutInstance } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

/** Codes of an authenticator app, and the recovery codes that stand in for it. */

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
});
afterAll(() => server.stop());

const verify = (mfa_token: string, proof: object) =>
  server.post('/auth/mfa/verify', { mfa_token, ...proof });

async function subjects(email: string): Promise<string[]> {
  return (await server.mailbox(email)).map(({ subject }) => subject);
}

describe('adding an authenticator app', () => {
  it('shows the seed as text, as a link and as a picture, and asks for nothing yet', async () => {
    const person = await server.person();
    const { status, body, headers } = await server.post('/auth/mfa/totp', undefined, as(person));
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(body.otpauthUri);
    expect(uri.protocol + uri.host).toBe('otpauth:totp');
    expect(decodeURIComponent(uri.pathname)).toBe(`/localhost:${person.email}`);
    expect(uri.searchParams.get('secret')).toBe(body.secret);
    expect(uri.searchParams.get('issuer')).toBe('localhost');
    expect(body.qrSvg).toMatch(/^<svg xmlns/);
    expect((await server.signIn(person.email)).id).toBe(person.id);
    expect((await server.get('/auth/mfa', as(person))).body).toEqual({
      totp: false,
      passkeys: 0,
      recoveryCodesLeft: 0,
      requiredByRole: false,
    });
  });

  it('counts once a code has shown that the app has the seed, and gives ten recovery codes', async () => {
    const person = await server.person();
    const begun = await server.post('/auth/mfa/totp', undefined, as(person));
    const { secret } = begun.body;
    const wrong = await server.post(
      '/auth/mfa/totp/confirm',
      { code: wrongCode(server, secret) },
      as(person),
    );
    expect([wrong.status, wrong.body.code]).toEqual([401, 'mfa_code_invalid']);
    expect((await server.signIn(person.email)).id).toBe(person.id);

    const code = codeOf(server, secret);
    const right = await server.post('/auth/mfa/totp/confirm', { code }, as(person));
    expect(right.status).toBe(200);
    expect(right.body.recoveryCodes).toHaveLength(10);
    const login = await server.post('/auth/login', { email: person.email, password: PASSWORD });
    expect([login.status, login.body.code]).toEqual([401, 'mfa_required']);
    expect((await server.get('/auth/mfa', as(person))).body).toEqual({
      totp: true,
      passkeys: 0,
      recoveryCodesLeft: 10,
      requiredByRole: false,
    });
  });

  it('works with the newest seed only, for a quarter of an hour', async () => {
    const person = await server.person();
    const first = await server.post('/auth/mfa/totp', undefined, as(person));
    const second = await server.post('/auth/mfa/totp', undefined, as(person));
    expect(second.body.secret).not.toBe(first.body.secret);
    const confirm = (secret: string) =>
      server.post('/auth/mfa/totp/confirm', { code: codeOf(server, secret) }, as(person));
    expect((await confirm(first.body.secret)).body.code).toBe('mfa_code_invalid');
    server.clock.advance(15 * MINUTE);
    const basic: [string, string] = [person.email, PASSWORD];
    const code = codeOf(server, second.body.secret);
    const late = await server.post('/auth/mfa/totp/confirm', { code }, { basic });
    expect([late.status, late.body.code]).toEqual([409, 'conflict']);
  });

  it('is refused while there is one', async () => {
    const person = await withApp(server, await server.person());
    const again = await server.post('/auth/mfa/totp', undefined, as(person));
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    const code = codeOf(server, person.secret);
    const confirm = await server.post('/auth/mfa/totp/confirm', { code }, as(person));
    expect([confirm.status, confirm.body.code]).toEqual([409, 'conflict']);
  });

  it('happens once, of any number of confirmations at the same time', async () => {
    const person = await server.person();
    const { body } = await server.post('/auth/mfa/totp', undefined, as(person));
    const code = codeOf(server, body.secret);
    const answers = await atOnce(20, () =>
      server.post('/auth/mfa/totp/confirm', { code }, as(person)),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 409: 19 });
    const events = `type = 'mfa.enrolled' AND subject = '${person.id}'`;
    expect(count(server.dataDir, 'AuditEvent', events)).toBe(1);
  });

  it('does not happen for who is signed out while the code is checked', async () => {
    const person = await server.person();
    const { secret } = (await server.post('/auth/mfa/totp', undefined, as(person))).body;
    const factors = server.app.get(TotpFactors);
    vi.spyOn(factors, 'begun').mockImplementationOnce(async (userId) => {
      const seed = await TotpFactors.prototype.begun.call(factors, userId);
      await server.delete('/auth/sessions', as(person));
      return seed;
    });
    const code = codeOf(server, secret);
    const answer = await server.post('/auth/mfa/totp/confirm', { code }, as(person));
    expect([answer.status, answer.body.code]).toEqual([401, 'token_revoked']);
    expect((await server.signIn(person.email)).id).toBe(person.id);
  });

  it('is refused for a code that was shown before it was confirmed and used for that', async () => {
    const person = await server.person();
    const { body } = await server.post('/auth/mfa/totp', undefined, as(person));
    const code = codeOf(server, body.secret);
    await server.post('/auth/mfa/totp/confirm', { code }, as(person));
    const reused = await verify(await halfWay(server, person), { code });
    expect(reused.body.code).toBe('mfa_code_invalid');
  });

  it('[7.4.3] ends all other sessions, and leaves the one it was done in', async () => {
    const person = await server.person();
    const elsewhere = await server.signIn(person.email);
    const half = await server.signIn(person.email);
    await withApp(server, half);
    expect((await server.get('/users/me', as(half))).status).toBe(200);
    expect((await server.get('/users/me', as(elsewhere))).body.code).toBe('token_revoked');
    const stale = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect(stale.body.code).toBe('session_ended');
    const goesOn = await server.post('/auth/refresh', { refresh_token: half.refreshToken });
    expect(goesOn.status).toBe(200);
  });

  it('is told by mail, and is in the audit trail and the export of the account', async () => {
    const person = await withApp(server, await server.person());
    expect((await subjects(person.email))[0]).toBe(
      'An authenticator app was added to your account',
    );
    const { body } = await server.get('/users/me/export', as(person));
    expect(body.auditEvents.at(-1)).toMatchObject({
      type: 'mfa.enrolled',
      actor: person.id,
      subject: person.id,
      scheme: 'Bearer',
      detail: { after: { factor: 'totp' } },
    });
    const time = expect.stringMatching(/^\d{4}-/);
    expect(body.secondFactors).toEqual([
      ...Array(10).fill({ method: 'recovery_code', name: null, createdAt: time, lastUsedAt: null }),
      { method: 'totp', name: null, createdAt: time, lastUsedAt: time },
    ]);
    expect(JSON.stringify(body)).not.toContain(person.secret);
  });

  it('[F29] is refused to an account whose address nobody has confirmed', async () => {
    const email = 'unconfirmed@example.org';
    await server.post('/auth/register', { email, password: PASSWORD });
    const basic: [string, string] = [email, PASSWORD];
    for (const path of ['/auth/mfa/totp', '/auth/mfa/totp/confirm', '/auth/mfa/recovery-codes']) {
      const answer = await server.post(path, path.endsWith('confirm') ? { code: '1' } : undefined, {
        basic,
      });
      expect([answer.status, answer.body.code]).toEqual([403, 'email_not_verified']);
    }
    expect(
      count(
        server.dataDir,
        'TotpFactor',
        `"userId" IN (SELECT id FROM User WHERE email = '${email}')`,
      ),
    ).toBe(0);
  });
});

describe('signing in with an app', () => {
  let ada: PersonWithApp;

  beforeAll(async () => {
    ada = await withApp(server, await server.person());
  });
  beforeEach(() => nextStep(server));

  it('answers the password with what is missing, and begins no session', async () => {
    const before = count(server.dataDir, 'Session');
    for (const answer of [
      await server.post('/auth/login', { email: ada.email, password: PASSWORD }),
      await server.send('POST', '/auth/login', { basic: [ada.email, PASSWORD] }),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({
        code: 'mfa_required',
        mfa_token: expect.stringMatching(/^lk_mfa_[A-Za-z0-9_-]{43}$/),
        methods: ['totp', 'recovery_code'],
        expires_in: 300,
      });
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect(count(server.dataDir, 'Session')).toBe(before);
  });

  it('begins a session by the code, whose token says how', async () => {
    const { status, body } = await signInWithApp(server, ada);
    expect(status).toBe(200);
    expect(decodeJwt(body.access_token)).toMatchObject({ sub: ada.id, amr: ['pwd', 'otp', 'mfa'] });
    const { body: sessions } = await server.get('/auth/sessions', { bearer: body.access_token });
    expect(sessions.items.at(-1)).toMatchObject({ current: true, amr: ['pwd', 'otp', 'mfa'] });
  });

  it('reads nothing to check a code: its one statement is the update that spends the step', async () => {
    await halfWay(server, ada);
    const { app } = server;
    const account = (await app.get(Accounts).find(ada.id))!;
    const database = app.get(Database);
    const [reads, writes] = [vi.spyOn(database, 'query'), vi.spyOn(database, 'execute')];
    const client = vi.spyOn(database, 'client', 'get');
    const spend = await app.get(FactorProof).judge(account, { code: codeOf(server, ada.secret) });
    await spend();
    const counted = [reads, writes, client].map(({ mock }) => mock.calls.length);
    vi.restoreAllMocks();
    expect(counted).toEqual([0, 1, 0]);
  });

  it('takes a code with the space that apps show in it', async () => {
    const code = codeOf(server, ada.secret).replace(/^.../, '$& ');
    expect((await verify(await halfWay(server, ada), { code })).status).toBe(200);
  });

  it.each([
    [{}, ['']],
    [{ code: '123456', recovery_code: 'x' }, ['']],
    [{ code: 123456 }, ['/code']],
    [{ code: '1'.repeat(13) }, ['/code']],
    [{ code: '123456', at: 1 }, ['/at']],
  ])('refuses a body that holds %j beside the token', async (proof, where) => {
    const answer = await verify(await halfWay(server, ada), proof);
    expect([answer.status, pointers(answer)]).toEqual([400, where]);
  });

  it('[6.5.5] takes the code of the step before and of the step after, and no other', async () => {
    for (const [steps, status] of [
      [-2, 401],
      [2, 401],
      [-1, 200],
      [1, 200],
    ] as const) {
      server.clock.advance(2 * MINUTE);
      const mfa_token = await halfWay(server, ada);
      const answer = await verify(mfa_token, { code: codeOf(server, ada.secret, steps) });
      expect([steps, answer.status]).toEqual([steps, status]);
    }
    server.clock.advance(2 * MINUTE);
  });

  it('[6.5.8] goes by the time of the server, whatever the client says', async () => {
    const mfa_token = await halfWay(server, ada);
    const later = new Date(server.clock.now().getTime() + 5 * MINUTE);
    const answer = await server.post(
      '/auth/mfa/verify',
      { mfa_token, code: codeOf(server, ada.secret, 10) },
      { headers: { date: later.toUTCString(), 'x-timestamp': String(later.getTime()) } },
    );
    expect(answer.body.code).toBe('mfa_code_invalid');
  });

  describe('[6.5.1] [F40] a code that was used', () => {
    it('is refused like a wrong one, also those before it', async () => {
      const code = codeOf(server, ada.secret);
      const before = codeOf(server, ada.secret, -1);
      expect((await verify(await halfWay(server, ada), { code })).status).toBe(200);
      const mfa_token = await halfWay(server, ada);
      const wrong = await verify(mfa_token, { code: wrongCode(server, ada.secret) });
      for (const used of [code, before]) {
        const answer = await verify(mfa_token, { code: used });
        expect(answer.status).toBe(401);
        expect(withoutInstance(answer)).toEqual(withoutInstance(wrong));
      }
    });

    it('counts once of fifty at the same time, over fifty challenges', async () => {
      const tokens = await atOnce(50, () => halfWay(server, ada));
      const code = codeOf(server, ada.secret);
      const answers = await Promise.all(tokens.map((mfa_token) => verify(mfa_token, { code })));
      expect(tally(answers.map(({ status, body }) => body.code ?? status))).toEqual({
        200: 1,
        mfa_code_invalid: 49,
      });
    });

    it('counts once of fifty at the same time, with one challenge', async () => {
      const mfa_token = await halfWay(server, ada);
      const code = codeOf(server, ada.secret);
      const answers = await atOnce(50, () => verify(mfa_token, { code }));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect((await verify(mfa_token, { code: codeOf(server, ada.secret, 1) })).status).toBe(400);
    });
  });

  it('does not use a code up when there is no session for it', async () => {
    const mfa_token = await halfWay(server, ada);
    const code = codeOf(server, ada.secret);
    await server.app.get(Database).execute`
      UPDATE "MfaChallenge" SET "spentAt" = "createdAt" WHERE "spentAt" IS NULL`;
    expect((await verify(mfa_token, { code })).body.code).toBe('token_invalid');
    expect((await verify(await halfWay(server, ada), { code })).status).toBe(200);
  });

  describe('[6.6.3] wrong codes', () => {
    it('are five for one challenge: then not even the right one counts', async () => {
      const mfa_token = await halfWay(server, ada);
      for (let nr = 0; nr < 5; nr++) {
        const code = wrongCode(server, ada.secret);
        expect((await verify(mfa_token, { code })).body.code).toBe('mfa_code_invalid');
      }
      const code = codeOf(server, ada.secret);
      const sixth = await verify(mfa_token, { code });
      expect([sixth.status, sixth.body.code]).toEqual([400, 'token_invalid']);
      expect((await verify(await halfWay(server, ada), { code })).status).toBe(200);
    });

    it('[6.3.5] are told to the owner, once an hour', async () => {
      server.clock.advance(2 * HOUR);
      const told = 'A wrong code was given for your account';
      const before = (await subjects(ada.email)).filter((subject) => subject === told).length;
      for (let nr = 0; nr < 3; nr++) {
        await verify(await halfWay(server, ada), { code: wrongCode(server, ada.secret) });
      }
      const after = (await subjects(ada.email)).filter((subject) => subject === told).length;
      expect(after - before).toBe(1);
      const events = rows<{ type: string }>(
        server.dataDir,
        `SELECT type FROM AuditEvent WHERE type = 'mfa.challenge_failed' AND subject = '${ada.id}'`,
      );
      expect(events.length).toBe(after);
    });
  });

  it('has five minutes', async () => {
    const [soon, late] = [await halfWay(server, ada), await halfWay(server, ada)];
    server.clock.advance(5 * MINUTE - 1000);
    expect((await verify(soon, { code: codeOf(server, ada.secret) })).status).toBe(200);
    server.clock.advance(1000);
    const answer = await verify(late, { code: codeOf(server, ada.secret, 1) });
    expect([answer.status, answer.body.code]).toEqual([400, 'token_invalid']);
  });

  it('begins again when the password was changed meanwhile', async () => {
    const bob = await withApp(server, await server.person());
    const mfa_token = await halfWay(server, bob);
    const changed = await server.post(
      '/auth/password/change',
      { currentPassword: PASSWORD, newPassword: 'wholly different words here' },
      as(bob),
    );
    expect(changed.status).toBe(204);
    const answer = await verify(mfa_token, { code: codeOf(server, bob.secret) });
    expect([answer.status, answer.body.code]).toEqual([400, 'token_invalid']);
  });

  it.each(['', 'lk_mfa_', `lk_mfa_${'A'.repeat(43)}`, 'lk_ot_x', '\0'])(
    'says the same to every token that is none: %j',
    async (mfa_token) => {
      const answer = await verify(mfa_token, { code: codeOf(server, ada.secret) });
      expect([answer.status, answer.body.code]).toEqual([400, 'token_invalid']);
    },
  );
});

describe('[6.5.2] [6.5.4] recovery codes', () => {
  let ada: PersonWithApp;

  beforeAll(async () => {
    ada = await withApp(server, await server.person());
  });

  it('are ten, each of 120 random bits, and the database holds none', async () => {
    expect(new Set(ada.recoveryCodes).size).toBe(10);
    for (const code of ada.recoveryCodes) {
      expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    }
    const stored = rows<{ codeHash: Uint8Array }>(
      server.dataDir,
      'SELECT codeHash FROM RecoveryCode',
    );
    expect(stored.every(({ codeHash }) => codeHash.length === 32)).toBe(true);
  });

  it('stand in for the app once each, and the owner is told how many are left', async () => {
    const [recovery_code] = ada.recoveryCodes;
    const answer = await verify(await halfWay(server, ada), { recovery_code });
    expect(answer.status).toBe(200);
    expect(decodeJwt(answer.body.access_token)['amr']).toEqual(['pwd', 'otp', 'mfa']);
    const { subject, text } = (await server.mailbox(ada.email)).find(({ subject: said }) =>
      /recovery code/.test(said),
    )!;
    expect(subject).toBe('A recovery code of your account was used');
    expect(text).toContain('9 codes are left.');
    const again = await verify(await halfWay(server, ada), { recovery_code });
    const unknown = await verify(await halfWay(server, ada), { recovery_code: 'no such code' });
    expect(again.body.code).toBe('mfa_code_invalid');
    expect(withoutInstance(again)).toEqual(withoutInstance(unknown));
  });

  it('may be typed in small letters, without hyphens, with O for 0 and L for 1', async () => {
    const recovery_code = ada.recoveryCodes[1]!.toLowerCase()
      .replaceAll('-', ' ')
      .replaceAll('0', 'o')
      .replaceAll('1', 'l');
    expect((await verify(await halfWay(server, ada), { recovery_code })).status).toBe(200);
  });

  it('work once, of fifty uses at the same time', async () => {
    const recovery_code = ada.recoveryCodes[2]!;
    const tokens = await atOnce(50, () => halfWay(server, ada));
    const answers = await Promise.all(
      tokens.map((mfa_token) => verify(mfa_token, { recovery_code })),
    );
    expect(tally(answers.map(({ status, body }) => body.code ?? status))).toEqual({
      200: 1,
      mfa_code_invalid: 49,
    });
  });

  it("are nobody else's", async () => {
    const bob = await withApp(server, await server.person());
    const recovery_code = ada.recoveryCodes[3];
    const answer = await verify(await halfWay(server, bob), { recovery_code });
    expect(answer.body.code).toBe('mfa_code_invalid');
  });

  it('can be renewed: the old ones die, and the owner is told', async () => {
    const { body } = await signInWithApp(server, ada);
    const bearer = body.access_token;
    const renewed = await server.post('/auth/mfa/recovery-codes', undefined, { bearer });
    expect(renewed.status).toBe(200);
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    const recovery_code = ada.recoveryCodes[4];
    const old = await verify(await halfWay(server, ada), { recovery_code });
    expect(old.body.code).toBe('mfa_code_invalid');
    const fresh = { recovery_code: renewed.body.recoveryCodes[0] };
    expect((await verify(await halfWay(server, ada), fresh)).status).toBe(200);
    expect(await subjects(ada.email)).toContain('Your account has new recovery codes');
  });

  it('are for who has a factor: 409 for anybody else', async () => {
    const person = await server.person();
    const answer = await server.post('/auth/mfa/recovery-codes', undefined, as(person));
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
  });
});

describe('[6.4.4] [6.5.6] removing the app', () => {
  const remove = (person: Person, json: object) =>
    server.send('DELETE', '/auth/mfa/totp', { json, bearer: person.accessToken });

  it('takes the password and a code: neither alone is enough', async () => {
    const person = await withApp(server, await server.person());
    const code = codeOf(server, person.secret);
    const bare = await remove(person, { currentPassword: PASSWORD });
    expect([bare.status, pointers(bare)]).toEqual([400, ['']]);
    const noPassword = await remove(person, { code });
    expect([noPassword.status, pointers(noPassword)]).toEqual([400, ['/currentPassword']]);
    const wrongPassword = await remove(person, { currentPassword: 'not it', code });
    expect([wrongPassword.status, wrongPassword.body.code]).toEqual([
      403,
      'current_password_wrong',
    ]);
    const wrong = { currentPassword: PASSWORD, code: wrongCode(server, person.secret) };
    expect((await remove(person, wrong)).body.code).toBe('mfa_code_invalid');
    expect((await server.get('/auth/mfa', as(person))).body.totp).toBe(true);

    expect((await remove(person, { currentPassword: PASSWORD, code })).status).toBe(204);
    expect((await server.get('/auth/mfa', as(person))).body).toMatchObject({
      totp: false,
      recoveryCodesLeft: 0,
    });
    expect((await server.signIn(person.email)).id).toBe(person.id);
    expect(await subjects(person.email)).toContain(
      'The authenticator app was removed from your account',
    );
  });

  it('can be done by a recovery code, by who has lost the app', async () => {
    const lost = await withApp(server, await server.person());
    const [first, second] = lost.recoveryCodes;
    const { body } = await verify(await halfWay(server, lost), { recovery_code: first });
    const there = { ...lost, accessToken: body.access_token };
    const gone = await remove(there, { currentPassword: PASSWORD, recoveryCode: second });
    expect(gone.status).toBe(204);
    expect((await server.get('/users/me', as(lost))).body.code).toBe('token_revoked');
    expect((await server.get('/users/me', as(there))).status).toBe(200);
  });

  it('leaves nothing that its codes could open, also a sign-in that had come half way', async () => {
    const person = await withApp(server, await server.person());
    const mfa_token = await halfWay(server, person);
    const code = codeOf(server, person.secret);
    await remove(person, { currentPassword: PASSWORD, code });
    nextStep(server);
    const next = { code: codeOf(server, person.secret) };
    expect((await verify(mfa_token, next)).body.code).toBe('token_invalid');
    expect(count(server.dataDir, 'TotpFactor', `userId = '${person.id}'`)).toBe(0);
    expect(count(server.dataDir, 'RecoveryCode', `userId = '${person.id}'`)).toBe(0);
  });

  it('is 404 for who has none', async () => {
    const answer = await remove(await server.person(), { currentPassword: PASSWORD, code: '1' });
    expect(answer.status).toBe(404);
  });
});

describe('[6.4.4] an administrator', () => {
  it('takes the factors from who has lost them, with a recent sign-in, and the owner is told', async () => {
    const admin = await server.administrator();
    const lost = await withApp(server, await server.person());
    const mfa_token = await halfWay(server, lost);
    const path = `/users/${lost.id}/mfa`;
    expect((await server.delete(path, as(lost))).body.code).toBe('permission_required');
    expect((await server.delete(path, as(admin))).status).toBe(204);
    expect((await server.get('/users/me', as(lost))).body.code).toBe('token_revoked');
    const proof = { code: codeOf(server, lost.secret) };
    expect((await verify(mfa_token, proof)).body.code).toBe('token_invalid');
    expect((await server.signIn(lost.email)).id).toBe(lost.id);
    expect(count(server.dataDir, 'RecoveryCode', `userId = '${lost.id}'`)).toBe(0);
    expect(await subjects(lost.email)).toContain(
      'The authenticator app was removed from your account',
    );
    expect((await server.delete(path, as(admin))).status).toBe(404);
    server.clock.advance(5 * MINUTE);
    expect((await server.delete(path, as(admin))).body.code).toBe('recent_login_required');
  });

  it('takes none from an own account, nor from one that may do more', async () => {
    const admin = await withApp(server, await server.administrator());
    const own = await server.delete(`/users/${admin.id}/mfa`, as(admin));
    expect([own.status, own.body.code]).toEqual([409, 'conflict']);
    const helper = await personWith(server, admin, ['users:write']);
    const above = await server.delete(`/users/${admin.id}/mfa`, as(helper));
    expect([above.status, above.body.code]).toEqual([403, 'permission_required']);
  });
});

describe('"this was not me"', () => {
  it('removes an app that was added since, with its recovery codes', async () => {
    const person = await server.person();
    const thief = await withApp(server, person);
    const { token } = await server.newestMail(person.email);
    expect((await server.post('/auth/not-me', { token })).status).toBe(204);
    expect((await server.signIn(person.email)).id).toBe(thief.id);
    expect(count(server.dataDir, 'RecoveryCode', `userId = '${person.id}'`)).toBe(0);
  });
});

describe('[6.5.3] seeds', () => {
  it('are 160 random bits, and never twice the same', () => {
    const seeds = Array.from({ length: 1000 }, newSeed);
    expect(new Set(seeds).size).toBe(1000);
    expect(seeds.every((seed) => /^[A-Z2-7]{32}$/.test(seed))).toBe(true);
  });

  it('are encrypted in the database', async () => {
    const { id, secret } = await withApp(server, await server.person());
    const [{ seed }] = rows<{ seed: Uint8Array }>(
      server.dataDir,
      `SELECT seed FROM TotpFactor WHERE userId = '${id}'`,
    ) as [{ seed: Uint8Array }];
    expect(Buffer.from(seed).includes(secret)).toBe(false);
    expect(seed.length).toBe(12 + 16 + 32);
  });
});

describe('deleting an account', () => {
  it('takes its factors with it', async () => {
    const person = await withApp(server, await server.person());
    await halfWay(server, person);
    const { status } = await server.send('DELETE', '/users/me', {
      json: { currentPassword: PASSWORD },
      bearer: person.accessToken,
    });
    expect(status).toBe(204);
    for (const table of ['TotpFactor', 'RecoveryCode', 'MfaChallenge']) {
      expect(count(server.dataDir, table, `userId = '${person.id}'`)).toBe(0);
    }
  });
});
