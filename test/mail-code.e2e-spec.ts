import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Accounts } from '../src/users/accounts.js';
import type { Answer, RequestOptions } from './support/client.js';
import { DAY, MINUTE } from './support/clock.js';
import { decode } from './support/jwt.js';
import { as, pointers, withoutInstance } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, databaseBytes, rows } from './support/rows.js';
import { type CapturedMail, PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let addresses = 0;

function serverWith(env: Record<string, string>): void {
  beforeAll(async () => {
    server = await TestServer.start(env);
  });
  afterAll(() => server.stop());
}

/** All as long as each other, and as those of {@link TestServer.person} are not. */
function newAddress(): string {
  return `someone${String(++addresses).padStart(4, '0')}@example.org`;
}

function ask(email: string, options?: RequestOptions): Promise<Answer> {
  return server.post('/auth/login/code', { email }, options);
}

function verify(login_token: string, code: string, options?: RequestOptions): Promise<Answer> {
  return server.post('/auth/login/code/verify', { login_token, code }, options);
}

interface Flow {
  token: string;
  code: string;
  mail: CapturedMail;
}

/** Asks for a code and reads it. */
async function begin(email: string): Promise<Flow> {
  const { body } = await ask(email);
  const mail = await server.newestMail(email);
  return { token: body.login_token, code: mail.code!, mail };
}

function anotherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

function isInvalid({ status, body }: Answer): boolean {
  return status === 400 && body.code === 'token_invalid';
}

/** All that tells one answer from another, apart from what differs at every request. */
function appearance({ status, body, headers }: Answer): object {
  const { date: _, 'x-request-id': __, ...rest } = Object.fromEntries(headers);
  const { login_token, instance: ___, ...said } = body;
  return { status, said, length: login_token?.length, rest };
}

describe('without MAIL_CODE_LOGIN', () => {
  serverWith({});

  it('there is nothing at either route', async () => {
    const person = await server.person();
    const nowhere = await server.post('/auth/login/nowhere', {});
    for (const answer of [
      await ask(person.email),
      await verify(`lk_lt_${'A'.repeat(120)}`, '123456'),
      await server.post('/auth/login/code', { email: 7, more: true }),
    ]) {
      expect([answer.status, withoutInstance(answer)]).toEqual([404, withoutInstance(nowhere)]);
    }
    expect(count(server.dataDir, 'OutboxMail', `template = 'sign-in-code'`)).toBe(0);
  });
});

describe('a mailed code', () => {
  serverWith({ MAIL_CODE_LOGIN: 'on' });

  it('signs in without a password, where it was asked for', async () => {
    const person = await server.person();
    const { token, code } = await begin(person.email);
    const answer = await verify(token, code);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 900,
        refresh_token: expect.stringMatching(/^lk_rt_/),
        refresh_expires_in: 14 * 86_400,
        scope: '',
      },
    ]);
    const me = await server.get('/users/me', { bearer: answer.body.access_token });
    expect(me.body.id).toBe(person.id);
  });

  it('says so in amr, in the list of sessions and in the audit trail, and nothing of a second factor', async () => {
    const person = await server.person();
    const { token, code } = await begin(person.email);
    const { body } = await verify(token, code);
    expect(decode(body.access_token).claims.amr).toEqual(['email']);
    const { items } = (await server.get('/auth/sessions', as(person))).body;
    expect(items.map(({ amr }: { amr: string[] }) => amr)).toEqual([['pwd'], ['email']]);
    const [event] = rows(
      server.dataDir,
      `SELECT detail FROM AuditEvent WHERE type = 'login.succeeded' AND subject = ?
       ORDER BY seq DESC LIMIT 1`,
      person.id,
    );
    expect(JSON.parse(event.detail).after.amr).toBe('email');
  });

  it('stands in a mail without a link, which says from where it was asked for', async () => {
    const person = await server.person();
    await ask(person.email, {
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0' },
    });
    const mail = await server.newestMail(person.email);
    expect([mail.subject, mail.link, mail.token]).toEqual(['Your sign-in code', null, null]);
    expect(mail.code).toMatch(/^\d{6}$/);
    expect(mail.subject).not.toContain(mail.code);
    expect(mail.text).toContain(mail.code);
    expect(mail.text).toContain('10 minutes');
    expect(mail.text).toContain('Asked for with: Firefox on Linux');
    expect(mail.text).toContain('From: 127.0.0.1');
    await server.patch('/users/me', { locale: 'de' }, as(person));
    expect((await begin(person.email)).mail.subject).toBe('Ihr Anmeldecode');
  });

  it('is asked for under every spelling of the address', async () => {
    const person = await server.person();
    const { body } = await ask(` ${person.email.toUpperCase()} `);
    const mail = await server.newestMail(person.email);
    expect((await verify(body.login_token, mail.code!)).status).toBe(200);
  });

  it('[6.3.8] [F30] is asked for alike by whoever asks for whom', async () => {
    const unknown = appearance(await ask(newAddress()));
    expect(unknown).toMatchObject({ status: 202, said: { expires_in: 600 } });
    const { confirmed, disabled, invited, waiting } = await everyKind();
    for (const email of [confirmed, disabled, invited, waiting]) {
      expect(appearance(await ask(email))).toEqual(unknown);
    }
  });

  it('[6.3.8] is asked for alike also by addresses of another length, up to the longest', async () => {
    const longest = `${'l'.repeat(64)}@${Array(3).fill('d'.repeat(60)).join('.')}.museu`;
    expect(longest).toHaveLength(254 - 1);
    const answers = [
      await ask('a@b.co'),
      await ask(`l${longest}`.replace('ll', 'l')),
      await ask(longest),
    ];
    expect(new Set(answers.map(({ text }) => text.length)).size).toBe(1);
    const person = await server.person(longest);
    const { token, code } = await begin(person.email);
    expect((await verify(token, code)).status).toBe(200);
  });

  it('[6.3.8] [F30] that is wrong is refused alike, whomever it was asked for', async () => {
    const { body } = await ask(newAddress());
    const unknown = appearance(await verify(body.login_token, '123456'));
    expect(unknown).toMatchObject({ status: 400, said: { code: 'token_invalid' } });
    const { confirmed, disabled, invited, waiting } = await everyKind();
    for (const email of [confirmed, disabled, invited, waiting]) {
      const asked = (await ask(email)).body.login_token;
      await server.mailSettled();
      const code = (await server.newestMail(email)).code ?? '123455';
      expect(appearance(await verify(asked, anotherThan(code)))).toEqual(unknown);
    }
  });

  it('leaves nothing behind for an address nobody has', async () => {
    const tokens = count(server.dataDir, 'OneTimeToken');
    const email = newAddress();
    const { body } = await ask(email);
    expect(await server.mailbox(email)).toEqual([]);
    await verify(body.login_token, '123456');
    expect(count(server.dataDir, 'OneTimeToken')).toBe(tokens);
    const sql = 'SELECT state, data FROM OutboxMail WHERE recipientKey = ?';
    expect(rows(server.dataDir, sql, email)).toEqual([{ state: 'dropped', data: null }]);
  });

  it('is sent to nobody whose account is disabled, unconfirmed or without a password', async () => {
    const { disabled, invited, waiting } = await everyKind();
    for (const email of [disabled, invited, waiting]) {
      const before = (await server.mailbox(email)).length;
      await ask(email);
      expect([email, (await server.mailbox(email)).length]).toEqual([email, before]);
    }
    expect(
      count(server.dataDir, 'User', `emailKey = '${waiting}' AND emailVerifiedAt IS NULL`),
    ).toBe(1);
  });

  it('[6.5.4] [6.5.2] has twenty bits at least, and is kept as a MAC, beside the hash of its other half', async () => {
    const person = await server.person();
    const { token, code } = await begin(person.email);
    expect(Math.log2(10 ** code.length)).toBeGreaterThan(19.9);
    const [row] = rows(
      server.dataDir,
      `SELECT * FROM OneTimeToken WHERE userId = ? AND purpose = 'sign_in_code'`,
      person.id,
    );
    expect([row.codeHash.length, row.tokenHash.length]).toEqual([32, 32]);
    await verify(token, code);
    expect(databaseBytes(server.dataDir).includes(token)).toBe(false);
    expect(server.logLines.join('\n')).not.toContain(token);
  });

  it('[6.5.1] works once', async () => {
    const { token, code } = await begin((await server.person()).email);
    expect((await verify(token, code)).status).toBe(200);
    expect(isInvalid(await verify(token, code))).toBe(true);
  });

  it('[6.5.1] [2.3.4] works once, also for fifty at the same moment', async () => {
    const { email, id } = await server.person();
    const { token, code } = await begin(email);
    const before = count(server.dataDir, 'Session', `userId = '${id}'`);
    const answers = await atOnce(50, () => verify(token, code));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 400: 49 });
    expect(count(server.dataDir, 'Session', `userId = '${id}'`)).toBe(before + 1);
  });

  it('[6.5.5] works for ten minutes', async () => {
    const { email } = await server.person();
    const late = await begin(email);
    server.clock.advance(9 * MINUTE);
    expect((await verify(late.token, late.code)).status).toBe(200);
    const tooLate = await begin(email);
    server.clock.advance(10 * MINUTE);
    expect(isInvalid(await verify(tooLate.token, tooLate.code))).toBe(true);
  });

  it('[6.6.2] is worth nothing to whoever asked for another', async () => {
    const [victim, thief] = [await server.person(), await server.person()];
    const own = await begin(thief.email);
    const theirs = await begin(victim.email);
    expect(isInvalid(await verify(own.token, theirs.code))).toBe(true);
    expect(isInvalid(await verify(theirs.token, own.code))).toBe(true);
    expect((await verify(theirs.token, theirs.code)).status).toBe(200);
  });

  it('[6.6.2] dies when a newer one is asked for, before and after that one is used', async () => {
    const { email } = await server.person();
    const older = await begin(email);
    const newer = await begin(email);
    for (const [token, code] of [
      [older.token, older.code],
      [older.token, newer.code],
      ...(older.code === newer.code ? [] : [[newer.token, older.code]]),
    ] as [string, string][]) {
      expect(isInvalid(await verify(token, code))).toBe(true);
    }
    expect((await verify(newer.token, newer.code)).status).toBe(200);
    expect(isInvalid(await verify(older.token, older.code))).toBe(true);
  });

  it('[6.6.3] may be wrong four times, and is dead after five, even the right one', async () => {
    const { email } = await server.person();
    for (const [tries, status] of [
      [4, 200],
      [5, 400],
    ] as const) {
      const { token, code } = await begin(email);
      for (let nr = 0; nr < tries; nr++) {
        expect(isInvalid(await verify(token, anotherThan(code)))).toBe(true);
      }
      expect((await verify(token, code)).status).toBe(status);
    }
  });

  it('[F22] dies with the password it does without', async () => {
    const person = await server.person();
    const { token, code } = await begin(person.email);
    const change = { currentPassword: PASSWORD, newPassword: 'wholly different words here' };
    expect((await server.post('/auth/password/change', change, as(person))).status).toBe(204);
    expect(isInvalid(await verify(token, code))).toBe(true);
  });

  it('[F55] of an account that is disabled meanwhile opens nothing', async () => {
    const person = await server.person();
    const admin = await server.administrator();
    const { token, code } = await begin(person.email);
    await server.patch(`/users/${person.id}`, { status: 'disabled' }, as(admin));
    const sessions = count(server.dataDir, 'Session', `userId = '${person.id}'`);
    expect((await verify(token, code)).status).toBeGreaterThanOrEqual(400);
    expect(count(server.dataDir, 'Session', `userId = '${person.id}'`)).toBe(sessions);
  });

  it('[9.2.2] is none of another kind, and neither is what has to be sent with it', async () => {
    const person = await server.person();
    const { token, code } = await begin(person.email);
    const { email } = person;
    for (const [path, body, status] of [
      ['/auth/verify-email', { email, code }, 400],
      ['/auth/verify-email', { token }, 400],
      ['/auth/password/reset', { token, password: 'wholly different words here' }, 400],
      ['/auth/not-me', { token }, 400],
      ['/auth/refresh', { refresh_token: token }, 401],
    ] as const) {
      expect([path, (await server.post(path, body)).status]).toEqual([path, status]);
    }
    expect((await server.get('/users/me', { bearer: token })).status).toBe(401);
    expect((await verify(person.refreshToken, code)).status).toBe(400);

    const waiting = newAddress();
    await server.post('/auth/register', { email: waiting, password: PASSWORD });
    const confirmation = await server.newestMail(waiting);
    const asked = (await ask(waiting)).body.login_token;
    await server.mailSettled();
    expect(isInvalid(await verify(asked, confirmation.code!))).toBe(true);
    expect(isInvalid(await verify(confirmation.token!, confirmation.code!))).toBe(true);
    expect((await verify(token, code)).status).toBe(200);
  });

  it('[F21] is refused with anything that was not answered here', async () => {
    const { token, code } = await begin((await server.person()).email);
    const flipped = token.slice(0, 60) + (token[60] === 'A' ? 'B' : 'A') + token.slice(61);
    const forged = ['', 'lk_lt_', `lk_lt_${'A'.repeat(120)}`, flipped, token + 'A', `${token}=`];
    for (const login_token of forged) {
      expect([login_token, isInvalid(await verify(login_token, code))]).toEqual([
        login_token,
        true,
      ]);
    }
    for (const none of [undefined, null, {}, { not: '' }, ['x'], true, 7, 'x'.repeat(513)]) {
      const answer = await server.post('/auth/login/code/verify', { login_token: none, code });
      expect([answer.status, pointers(answer)]).toEqual([400, ['/login_token']]);
    }
    for (const bad of ['', '12345', '1234567', '12345a', '１２３４５６', ` ${code}`, '-12345']) {
      expect(isInvalid(await verify(token, bad))).toBe(true);
    }
    expect((await verify(token, code)).status).toBe(200);
  });

  it('[6.3.4] [6.3.6] [F46] is no second factor: with one enrolled it gets half way, as a password does', async () => {
    const person = await server.person();
    await server.app.get(Accounts).setSecondFactor(person.id, true);
    const { token, code } = await begin(person.email);
    const sessions = count(server.dataDir, 'Session', `userId = '${person.id}'`);
    const answer = await verify(token, code);
    expect([answer.status, answer.body]).toEqual([
      401,
      expect.objectContaining({
        code: 'mfa_required',
        mfa_token: expect.stringMatching(/^lk_mfa_/),
        expires_in: 300,
      }),
    ]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(count(server.dataDir, 'Session', `userId = '${person.id}'`)).toBe(sessions);
    expect(isInvalid(await verify(token, code))).toBe(true);
  });

  it('tells the owner of a sign-in from where the account was not used before', async () => {
    const person = await server.person();
    const { token, code } = await begin(person.email);
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0' };
    expect((await verify(token, code, { headers })).status).toBe(200);
    expect((await server.newestMail(person.email)).subject).toBe('New sign-in to your account');
  });

  it('[14.2.7] is forgotten a week after it could be used', async () => {
    const person = await server.person();
    await begin(person.email);
    server.clock.advance(8 * DAY);
    const { CleanUp } = await import('../src/maintenance/clean-up.js');
    await server.app.get(CleanUp).runIfDue();
    expect(
      count(server.dataDir, 'OneTimeToken', `userId = '${person.id}' AND purpose = 'sign_in_code'`),
    ).toBe(0);
  });

  /** An address of each kind of account, as long as those of nobody. */
  async function everyKind() {
    const admin = await server.administrator();
    const confirmed = (await server.person(newAddress())).email;
    const disabled = await server.person(newAddress());
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, as(admin));
    const invited = newAddress();
    await server.post('/users', { email: invited }, as(admin));
    const waiting = newAddress();
    await server.post('/auth/register', { email: waiting, password: PASSWORD });
    await server.mailSettled();
    return { confirmed, disabled: disabled.email, invited, waiting };
  }
});

describe('limits on mailed codes', () => {
  serverWith({ MAIL_CODE_LOGIN: 'on', RATE_LIMITS: 'on', TRUST_PROXY: '1' });

  let networks = 0;
  const elsewhere = (): RequestOptions => ({
    headers: { 'x-forwarded-for': `198.18.7.${++networks}` },
  });

  it('[2.4.1] a sixth mail within the hour is left out in silence, and the fifth code works', async () => {
    const { email } = await server.person(newAddress());
    const before = (await server.mailbox(email)).length;
    const first = appearance(await ask(email, elsewhere()));
    let newest!: Flow;
    for (let nr = 2; nr <= 5; nr++) newest = await begin(email);
    const sixth = appearance(await ask(email, elsewhere()));
    expect(sixth).toEqual(first);
    expect(await server.mailbox(email)).toHaveLength(before + 5);
    expect((await verify(newest.token, newest.code)).status).toBe(200);
  });

  it('[F41] [6.6.3] ten wrong codes are looked at in a quarter of an hour, over all challenges and networks', async () => {
    const { email } = await server.person();
    let looked = 0;
    for (let challenge = 0; challenge < 3; challenge++) {
      const { token, code } = await begin(email);
      for (let nr = 0; nr < 4; nr++) {
        const answer = await verify(token, anotherThan(code), elsewhere());
        if (answer.status !== 429) looked++;
      }
    }
    expect(looked).toBe(10);
    const { token, code } = await begin(email);
    const refused = await verify(token, code, elsewhere());
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    server.clock.advance(15 * MINUTE);
    const later = await begin(email);
    expect((await verify(later.token, later.code, elsewhere())).status).toBe(200);
  });

  it('[6.3.5] the owner is told, and the audit trail, when the limit is reached', async () => {
    const person = await server.person();
    for (let challenge = 0; challenge < 2; challenge++) {
      const { token, code } = await begin(person.email);
      for (let nr = 0; nr < 5; nr++) await verify(token, anotherThan(code), elsewhere());
    }
    await expect
      .poll(() =>
        count(
          server.dataDir,
          'AuditEvent',
          `type = 'login.failed_burst' AND subject = '${person.id}'`,
        ),
      )
      .toBe(1);
  });

  it('[6.3.8] [F30] [F31] say the same of an address nobody has', async () => {
    const { email } = await server.person(newAddress());
    const said: string[][] = [];
    for (const address of [newAddress(), email]) {
      const from = elsewhere();
      const { body } = await ask(address, from);
      await server.mailSettled();
      const code = (await server.mailbox(address))[0]?.code ?? '123456';
      const states: string[] = [];
      for (let nr = 0; nr < 12; nr++) {
        const answer = await verify(body.login_token, anotherThan(code), from);
        const limits = ['ratelimit', 'ratelimit-policy'].map((name) => answer.headers.get(name));
        states.push(
          `${answer.status} ${answer.body.code} ${limits.join(' ').replaceAll(/;t=\d+/g, '')}`,
        );
      }
      said.push(states);
    }
    expect(said[0]).toEqual(said[1]);
    expect(said[0]!.at(-1)).toMatch(/^429 rate_limited/);
  });
});

describe('an account that signs in by mailed codes', () => {
  serverWith({ MAIL_CODE_LOGIN: 'on' });

  it('[6.3.4] goes on with its password, and one does not sign out the other', async () => {
    const person: Person = await server.person();
    const { token, code } = await begin(person.email);
    const { body } = await verify(token, code);
    const again = await server.signIn(person.email);
    for (const bearer of [person.accessToken, body.access_token, again.accessToken]) {
      expect((await server.get('/users/me', { bearer })).status).toBe(200);
    }
  });
});
