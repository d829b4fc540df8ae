import { dictionary } from '@zxcvbn-ts/language-common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './support/client.js';
import { HOUR } from './support/clock.js';
import { as, pointers, withoutInstance } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { exchange } from './support/raw.js';
import { count, digest, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const ANOTHER = 'wholly different words here';

let server: TestServer;
let people = 0;

function newAddress(): string {
  return `new${++people}@example.org`;
}

function register(email: string, password = PASSWORD, more: object = {}): Promise<Answer> {
  return server.post('/auth/register', { email, password, ...more });
}

function verify(token: string | null): Promise<Answer> {
  return server.post('/auth/verify-email', { token });
}

async function loginStatus(email: string, password: string): Promise<number> {
  return (await server.post('/auth/login', { email, password })).status;
}

/** All that tells one answer from another, apart from what differs at every request. */
function appearance({ status, text, headers }: Answer): object {
  const { date: _, 'x-request-id': __, ...rest } = Object.fromEntries(headers);
  return { status, text, headers: rest };
}

function codes({ body }: Answer): string[] {
  return body.errors.map((error: { code: string }) => error.code).sort();
}

describe('registration', () => {
  let admin: Person;

  beforeAll(async () => {
    server = await TestServer.start();
    admin = await server.administrator();
  });
  afterAll(() => server.stop());

  it('is accepted, and mails a link, a token and a six-digit code', async () => {
    const email = newAddress();
    const answer = await register(email, PASSWORD, { name: 'Ada Lovelace' });
    expect([answer.status, Object.keys(answer.body)]).toEqual([202, ['message']]);
    const mail = await server.newestMail(email);
    expect(mail.link).toBe(`${server.publicUrl}/auth/verify-email#token=${mail.token}`);
    expect(mail.code).toMatch(/^\d{6}$/);
    expect(mail.text).toContain('Ada Lovelace');
  });

  it('[F18] with an evil Host mails links that lead to the configured address alone', async () => {
    for (const [nr, path] of ['/auth/register', '/auth/verify-email/resend'].entries()) {
      const email = newAddress();
      if (nr === 1) await register(email);
      const json = JSON.stringify(nr === 0 ? { email, password: PASSWORD } : { email });
      const send = (target: string, ...headers: string[]) =>
        exchange(
          server.url,
          [
            `POST ${target} HTTP/1.1`,
            ...headers,
            'Connection: close',
            'Content-Type: application/json',
            `Content-Length: ${Buffer.byteLength(json)}`,
            '',
            json,
          ].join('\r\n'),
        );
      const local = 'Host: localhost';
      const evil = [
        await send(path, 'Host: evil.example'),
        await send(path, local, 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: http'),
        await send(path, local, 'Forwarded: host=evil.example;proto=http', 'X-Forwarded-Port: 666'),
        await send(path, local, local.replace('localhost', 'evil.example')),
        await send(`http://evil.example${path}`, local),
      ];
      expect(evil.map(({ status }) => status)).toEqual([202, 202, 202, 400, 400]);
      const mails = await server.mailbox(email);
      expect(mails).toHaveLength(3 + nr);
      for (const { link, token, text, html } of mails) {
        expect(link).toBe(`${server.publicUrl}/auth/verify-email#token=${token}`);
        expect(text + html).not.toMatch(/evil|666/);
      }
    }
  });

  describe('of an address that has an account', () => {
    it('[6.3.8] [F30] looks to the one who asks like that of any other: status, body and headers', async () => {
      const confirmed = await server.person();
      const disabled = await server.person();
      await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, as(admin));
      const unconfirmed = newAddress();
      await register(unconfirmed);
      const invited = newAddress();
      await server.post('/users', { email: invited }, as(admin));

      const unknown = appearance(await register(newAddress()));
      expect(unknown).toMatchObject({ status: 202 });
      for (const email of [confirmed.email, disabled.email, unconfirmed, invited]) {
        expect(appearance(await register(email))).toEqual(unknown);
      }
    });

    it('refuses a password in the same words, known or not', async () => {
      const { email } = await server.person();
      const known = await register(email, 'password');
      const unknown = await register(newAddress(), 'password');
      expect(known.status).toBe(422);
      expect(withoutInstance(known)).toEqual(withoutInstance(unknown));
    });

    it('tells its owner by a mail that holds nothing to click on', async () => {
      const { email } = await server.person();
      await register(email.toUpperCase(), ANOTHER);
      const mail = await server.newestMail(email);
      expect(mail).toMatchObject({ to: email, token: null, code: null });
      expect(mail.subject).toMatch(/already|account/i);
    });

    it('changes neither password nor name nor sessions', async () => {
      const ada = await server.person();
      await register(ada.email, ANOTHER, { name: 'Mallory' });
      await server.mailSettled();
      expect(await loginStatus(ada.email, ANOTHER)).toBe(401);
      expect(await loginStatus(ada.email, ada.password)).toBe(200);
      const me = await server.get('/users/me', as(ada));
      expect(me.body).toMatchObject({ id: ada.id, name: null });
    });

    it('finds it under every spelling of the address', async () => {
      const { email } = await server.person('bücher@bücher.example');
      const before = count(server.dataDir, 'User');
      for (const spelling of [
        '  bücher@bücher.example ',
        'BÜCHER@BÜCHER.example',
        'bu\u0308cher@xn--bcher-kva.example',
        'ｂücher@bücher.example',
      ]) {
        expect((await register(spelling)).status).toBe(202);
      }
      expect(count(server.dataDir, 'User')).toBe(before);
      expect((await server.newestMail(email)).token).toBeNull();
    });
  });

  describe('of an address that nobody has confirmed', () => {
    it('[F26] replaces the earlier attempt: its password never works, and neither do its mails', async () => {
      const email = newAddress();
      await register(email, 'what the attacker chose', { name: 'Mallory' });
      const attackersMail = await server.newestMail(email);
      await register(email, 'what the owner chose');
      const ownersMail = await server.newestMail(email);

      expect((await verify(attackersMail.token)).body.code).toBe('token_invalid');
      const { code } = attackersMail;
      if (code !== ownersMail.code) {
        const byCode = await server.post('/auth/verify-email', { email, code });
        expect(byCode.body.code).toBe('token_invalid');
      }
      expect((await verify(ownersMail.token)).body).toEqual({ status: 'verified' });

      expect(await loginStatus(email, 'what the attacker chose')).toBe(401);
      const owner = await server.signIn(email, 'what the owner chose');
      expect((await server.get('/users/me', as(owner))).body.name).toBeNull();
      expect((await verify(attackersMail.token)).body.code).toBe('token_invalid');
    });

    it('tells of it, and the owner chooses a password instead of confirming a stranger’s', async () => {
      const email = newAddress();
      await register(email, 'what the owner chose');
      expect((await server.newestMail(email)).text).not.toContain('/auth/password/reset#');
      await register(email, 'what the stranger chose');
      const mail = await server.newestMail(email);
      expect(mail.text).toContain('registered again, with another password');
      expect(mail.link).toContain('/auth/verify-email#token=');
      const [, token] = /\/auth\/password\/reset#token=(\S+)/.exec(mail.text)!;

      const password = 'what the owner really wants';
      expect((await server.post('/auth/password/reset', { token, password })).status).toBe(204);
      expect((await verify(mail.token)).body.code).toBe('token_invalid');
      await register(email, 'what the stranger chose next');
      for (const [who, suffix] of [
        ['owner', ''],
        ['stranger', ''],
        ['stranger', ' next'],
      ]) {
        expect(await loginStatus(email, `what the ${who} chose${suffix}`)).toBe(401);
      }
      const owner = await server.signIn(email, password);
      expect((await server.get('/users/me', as(owner))).body.emailVerified).toBe(true);
    });

    it('tells of it also when the mail is asked for again, and in German', async () => {
      const email = newAddress();
      const headers = { 'accept-language': 'de' };
      for (const password of [PASSWORD, ANOTHER]) {
        await server.post('/auth/register', { email, password }, { headers });
      }
      await server.post('/auth/verify-email/resend', { email });
      const { text } = await server.newestMail(email);
      expect(text).toContain('noch einmal registriert, mit einem anderen Passwort');
      expect(text).toContain('/auth/password/reset#token=');
    });

    it('kills the earlier mail at once, before the new one is on its way', async () => {
      const email = newAddress();
      await register(email);
      const { token } = await server.newestMail(email);
      await register(email, ANOTHER);
      expect((await verify(token)).status).toBe(400);
    });

    it('while it is being confirmed either comes too late, or the confirmation does', async () => {
      const outcomes = new Set<string>();
      for (let round = 0; round < 15; round++) {
        const email = newAddress();
        await register(email, 'what the first one chose');
        const { token } = await server.newestMail(email);
        const [confirmation] = await Promise.all([
          verify(token),
          register(email, 'what the second one chose'),
        ]);
        outcomes.add(confirmation.body.status ?? confirmation.body.code);
        const first = await loginStatus(email, 'what the first one chose');
        const second = await loginStatus(email, 'what the second one chose');
        expect([first, second]).toEqual(confirmation.status === 200 ? [200, 401] : [401, 403]);
      }
      expect(['verified', 'token_invalid']).toEqual(expect.arrayContaining([...outcomes]));
    });

    it('[2.3.4] fifty times at once makes one account, with one of the passwords', async () => {
      const email = newAddress();
      const before = count(server.dataDir, 'User');
      const passwords = Array.from({ length: 50 }, (_, nr) => `chosen by number ${nr}`);
      const answers = await atOnce(50, (nr) => register(email, passwords[nr]));
      expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 50 });
      expect(count(server.dataDir, 'User')).toBe(before + 1);

      const mails = await server.mailbox(email);
      const confirmations = await Promise.all(mails.map(({ token }) => verify(token)));
      expect(confirmations.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(confirmations[0]!.body).toEqual({ status: 'verified' });
      const logins = await atOnce(50, (nr) => loginStatus(email, passwords[nr]!));
      expect(tally(logins)).toEqual({ 200: 1, 401: 49 });
    });
  });

  describe('of an address that was invited', () => {
    it('does not give the account to whoever registers it, and its roles neither', async () => {
      const email = newAddress();
      const invited = await server.post('/users', { email, roles: ['user', 'admin'] }, as(admin));
      expect(invited.status).toBe(201);
      expect((await register(email, 'what the attacker chose')).status).toBe(202);
      expect(await loginStatus(email, 'what the attacker chose')).toBe(401);

      const mails = await server.mailbox(email);
      expect(mails.every(({ link }) => link?.includes('/auth/password/reset#'))).toBe(true);
      expect((await verify(mails[0]!.token)).body.code).toBe('token_invalid');
      const token = mails[0]!.token;
      const set = await server.post('/auth/password/reset', { token, password: ANOTHER });
      expect(set.status).toBe(204);

      expect(await loginStatus(email, 'what the attacker chose')).toBe(401);
      const person = await server.signIn(email, ANOTHER);
      const me = await server.get('/users/me', as(person));
      expect(me.body).toMatchObject({ id: invited.body.id, roles: ['admin', 'user'] });
    });
  });

  describe('asking again for the mail', () => {
    it('[6.3.8] [F30] is answered alike whether or not there is anything to confirm', async () => {
      const resend = (email: string) => server.post('/auth/verify-email/resend', { email });
      const { email: confirmed } = await server.person();
      const unconfirmed = newAddress();
      await register(unconfirmed);
      const unknown = appearance(await resend(newAddress()));
      expect(unknown).toMatchObject({ status: 202 });
      expect(appearance(await resend(confirmed))).toEqual(unknown);
      expect(appearance(await resend(unconfirmed))).toEqual(unknown);
    });

    it('mails those who wait for it, and nobody else', async () => {
      const { email: confirmed } = await server.person();
      const unconfirmed = newAddress();
      const unknown = newAddress();
      await register(unconfirmed);
      const first = await server.newestMail(unconfirmed);
      const sent = (await server.mailbox(confirmed)).length;
      for (const email of [confirmed, unconfirmed, unknown]) {
        await server.post('/auth/verify-email/resend', { email });
      }
      expect(await server.mailbox(confirmed)).toHaveLength(sent);
      expect(await server.mailbox(unknown)).toHaveLength(0);
      const [second] = await server.mailbox(unconfirmed);
      expect((await verify(first.token)).status).toBe(400);
      expect((await verify(second!.token)).body).toEqual({ status: 'verified' });
    });
  });

  describe('refuses a password', () => {
    it.each([
      ['[6.2.1] of seven characters', 'k3#Lw0z', ['too_short']],
      ['of seven emoji, which are fourteen code units', '🦀🦊🦉🐝🐙🦔🐢', ['too_short']],
      ['of 129 characters', 'ab3 '.repeat(32) + 'x', ['too_long']],
      ['that is common', 'Password1', ['too_common']],
      ['that is common in another case', 'iLoVeYoU', ['too_common']],
      ['[F38] with a NUL', 'before\u0000after it', ['control_character']],
      ['with a line break', 'before\r\nafter it', ['control_character']],
      ['with a DEL', 'before\u007fafter it', ['control_character']],
      ['with a C1 control', 'before\u0085after it', ['control_character']],
      ['that is short and common', '123456', ['too_common', 'too_short']],
      ['[6.2.11] with the name of the address', 'xx lovelace xx', ['contains_personal_data']],
      ['[6.2.11] with the domain', 'analytical engine', ['contains_personal_data']],
      ['[6.2.11] with a part of the name', 'my AUGUSTA password', ['contains_personal_data']],
    ])('%s', async (_, password, expected) => {
      const answer = await register('ada.lovelace@analytical.example', password, {
        name: 'Augusta King',
      });
      expect([answer.status, answer.body.code]).toEqual([422, 'password_rejected']);
      expect(codes(answer)).toEqual(expected);
      expect(new Set(pointers(answer))).toEqual(new Set(['/password']));
    });

    it('and changes nothing then: no account, no mail', async () => {
      await server.settled();
      const before = digest(server.dataDir);
      await register(newAddress(), 'password');
      expect(digest(server.dataDir)).toBe(before);
    });

    it('[6.2.4] that is among the three thousand most common, wherever one looks', async () => {
      const common = [...(dictionary['passwords-common'] as Iterable<string>)].slice(0, 3000);
      const sample = common.filter((_, nr) => nr % 10 === 0);
      expect(sample).toHaveLength(300);
      const answers = await Promise.all(sample.map((password) => register(newAddress(), password)));
      expect(answers.filter((answer) => !codes(answer).includes('too_common'))).toEqual([]);
    });

    it('with advice, and without repeating it', async () => {
      const answer = await register(newAddress(), 'trustno1');
      expect(answer.body.detail).toMatch(/password manager/i);
      expect(answer.text).not.toContain('trustno1');
    });
  });

  describe('[6.2.5] takes a password of any make', () => {
    it.each([
      ['lower case', 'onlylowercaseletters'],
      ['digits', '8402 1957 3306'],
      ['spaces around it', '  two spaces  '],
      ['another script', 'пароль из слов'],
      ['CJK', '正しい馬の電池とホチキス'],
      ['[6.2.9] 64 emoji', '🦀🦊'.repeat(32)],
      ['[6.2.9] 128 emoji', '🦀🦊'.repeat(64)],
      ['eight characters', 'q7#Lw0zp'],
    ])('%s', async (_, password) => {
      const person = await server.person(newAddress(), password);
      expect(person.accessToken).toBeTypeOf('string');
    });
  });

  describe('refuses a body', () => {
    it.each([
      [{}, ['/email', '/password']],
      [{ email: 'ada@example.org' }, ['/password']],
      [{ email: 'ada@example.org', password: 5 }, ['/password']],
      [{ email: 'ada@example.org', password: null }, ['/password']],
      [{ email: 'ada@example.org', password: [PASSWORD] }, ['/password']],
      [{ email: 'ada@example.org', password: { toString: 'x' } }, ['/password']],
      [{ email: true, password: PASSWORD }, ['/email']],
      [{ email: ['ada@example.org'], password: PASSWORD }, ['/email']],
      [{ email: { contains: '' }, password: PASSWORD }, ['/email']],
      [{ email: 'ada@example.org', password: PASSWORD, name: 5 }, ['/name']],
      [{ email: 'ada@example.org', password: PASSWORD, name: null }, ['/name']],
      [{ email: 'ada@example.org', password: PASSWORD, name: 'x'.repeat(101) }, ['/name']],
      [{ email: 'ada@example.org', password: PASSWORD, name: 'a\nb' }, ['/name']],
    ])('[15.3.5] %j', async (body, expected) => {
      const answer = await server.post('/auth/register', body);
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
      expect(pointers(answer)).toEqual(expected);
    });

    it.each([
      'id',
      'userId',
      'role',
      'roles',
      'permissions',
      'emailVerified',
      'status',
      'tenantId',
    ])('[15.3.3] that tries to set %s', async (field) => {
      const email = newAddress();
      const answer = await register(email, PASSWORD, { [field]: 'admin' });
      expect([answer.status, pointers(answer)]).toEqual([400, [`/${field}`]]);
      expect(count(server.dataDir, 'User', 'emailKey = ?', email)).toBe(0);
    });

    it.each([
      '',
      ' ',
      'ada',
      'ada@',
      '@example.org',
      'ada@example',
      'ada@@example.org',
      'ada＠example.org',
      'ada@example。org',
      'ada@example.org\u037e',
      'ada\u1fefx@example.org',
      '"e@attacker.example"@example.org',
      'ada@example.org,mallory@attacker.example',
      'ada@example.org>',
      '<ada@example.org>',
      'Ada <ada@example.org>',
      'ada@example.org\r\nBcc: mallory@attacker.example',
      'ada\u0000@example.org',
      'ada\u007f@example.org',
      'ada@[127.0.0.1]',
      'ada@127.0.0.1',
      '.ada@example.org',
      'ada..l@example.org',
      'ada@-example.org',
      '\ud800@example.org',
      `${'a'.repeat(65)}@example.org`,
      `ada@${'a.'.repeat(125)}org`,
    ])('[1.3.11] [F32] [F34] [F35] with the address %j', async (email) => {
      const before = count(server.dataDir, 'OutboxMail');
      const answer = await register(email);
      expect(answer.status).toBe(400);
      expect(count(server.dataDir, 'OutboxMail')).toBe(before);
    });

    it('[1.3.12] with 50 kB of hostile address, and serves others meanwhile', async () => {
      const hostile = ['a'.repeat(50_000), '.@'.repeat(25_000), `a@${'a.'.repeat(25_000)}`];
      const [health, ...answers] = await Promise.all([
        server.get('/health'),
        ...hostile.map((email) => register(email)),
      ]);
      expect(health.status).toBe(200);
      expect(tally(answers.map(({ status }) => status))).toEqual({ 400: 3 });
    });
  });

  it('is written to the audit trail, without address or password', async () => {
    const email = newAddress();
    await register(email);
    const [user] = rows(server.dataDir, `SELECT id FROM User WHERE emailKey = ?`, email);
    const events = rows(server.dataDir, `SELECT * FROM AuditEvent WHERE subject = ?`, user.id);
    expect(events).toMatchObject([{ type: 'user.registered', ip: '127.0.0.1' }]);
    expect(JSON.stringify(events)).not.toContain(email);
  });
});

describe('with PASSWORD_CLASSES and PASSWORD_MIN_LENGTH', () => {
  beforeAll(async () => {
    server = await TestServer.start({
      PASSWORD_CLASSES: 'lower,upper,digit,symbol',
      PASSWORD_MIN_LENGTH: '12',
    });
  });
  afterAll(() => server.stop());

  it.each([
    ['tall oak 9 blue', ['missing_upper']],
    ['TALL OAK 9 BLUE', ['missing_lower']],
    ['Tall Oak X Blue', ['missing_digit']],
    ['TallOak9BlueSea', ['missing_symbol']],
    [
      '正しい馬の電池とホチキスです',
      ['missing_digit', 'missing_lower', 'missing_symbol', 'missing_upper'],
    ],
    ['Tall Oak 9!', ['too_short']],
  ])('%j is refused, and says why', async (password, expected) => {
    const answer = await register(newAddress(), password);
    expect([answer.status, codes(answer)]).toEqual([422, expected]);
  });

  it('a password that holds them all is taken', async () => {
    expect((await register(newAddress(), 'Tall Oak 9 Blue')).status).toBe(202);
  });
});

describe('mails that strangers can cause', () => {
  beforeAll(async () => {
    server = await TestServer.start({
      RATE_LIMITS: 'on',
      LIMIT_MAIL: '2/1h',
      LIMIT_REGISTER: '1000/1h',
    });
  });
  afterAll(() => server.stop());

  it('are as many as LIMIT_MAIL says, and what goes beyond is left out without a word', async () => {
    const unconfirmed = newAddress();
    const { email: confirmed } = await server.person();
    const before = (await server.mailbox(confirmed)).length;
    const answers = [];
    for (let i = 0; i < 5; i++) {
      for (const email of [unconfirmed, confirmed]) answers.push(await register(email));
    }
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await server.mailbox(unconfirmed)).toHaveLength(2);
    // The mail that confirmed the address counts too.
    expect(await server.mailbox(confirmed)).toHaveLength(before + 1);
  });

  it('that are left out leave the token of the last one good', async () => {
    const email = newAddress();
    await register(email);
    for (let i = 0; i < 4; i++) await server.post('/auth/verify-email/resend', { email });
    const mails = await server.mailbox(email);
    expect(mails).toHaveLength(3);
    expect((await verify(mails[0]!.token)).body).toEqual({ status: 'verified' });
  });

  it('are counted apart for registration, resending and resetting, and anew after the hour', async () => {
    const email = newAddress();
    for (let i = 0; i < 4; i++) {
      await register(email, `chosen at try number ${i}`);
      await server.post('/auth/verify-email/resend', { email });
      await server.post('/auth/password/forgot', { email });
    }
    expect(await server.mailbox(email)).toHaveLength(6);
    server.clock.advance(HOUR);
    await server.post('/auth/verify-email/resend', { email });
    expect(await server.mailbox(email)).toHaveLength(7);
  });

  it('do not use up those by which the owner gets in', async () => {
    const email = newAddress();
    await register(email, 'what the owner chose');
    const [first] = await server.mailbox(email);
    for (let i = 0; i < 6; i++) {
      await register(email, 'what the stranger chose');
      await server.mailSettled();
    }
    const mails = await server.mailbox(email);
    expect(mails).toHaveLength(2);
    for (const { token } of [first!, ...mails]) {
      expect((await verify(token)).body.code).toBe('token_invalid');
    }

    await server.post('/auth/password/forgot', { email });
    const { token } = await server.newestMail(email);
    const set = await server.post('/auth/password/reset', { token, password: ANOTHER });
    expect(set.status).toBe(204);
    expect(await loginStatus(email, 'what the stranger chose')).toBe(401);
    expect(await loginStatus(email, ANOTHER)).toBe(200);
  });
});
