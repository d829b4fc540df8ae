import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../src/database/database.js';
import type { Answer, RequestOptions } from './support/client.js';
import { DAY, HOUR, MINUTE, SECOND } from './support/clock.js';
import { as, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { exchange } from './support/raw.js';
import { count, databaseBytes, digest, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let addresses = 0;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
  admin = await server.administrator();
});
afterAll(() => server.stop());

function newAddress(): string {
  return `new-box${++addresses}@example.org`;
}

function ask(
  options: RequestOptions,
  newEmail: string,
  currentPassword: string = PASSWORD,
): Promise<Answer> {
  return server.post('/auth/email/change', { newEmail, currentPassword }, options);
}

function confirm(token: string | null): Promise<Answer> {
  return server.post('/auth/email/confirm', { token });
}

function cancel(token: string | null): Promise<Answer> {
  return server.post('/auth/email/cancel', { token });
}

/** Someone who has asked for another address, and the two mails that went out. */
async function asked() {
  const person = await server.person();
  const to = newAddress();
  const answer = await ask(as(person), to);
  if (answer.status !== 202) throw new Error(answer.text);
  const confirmation = await server.newestMail(to);
  const cancellation = await server.newestMail(person.email);
  return { person, to, confirmation, cancellation };
}

async function login(email: string, password = PASSWORD): Promise<number> {
  return (await server.post('/auth/login', { email, password })).status;
}

async function addressOf(person: Person): Promise<string> {
  const [row] = rows(server.dataDir, 'SELECT email FROM User WHERE id = ?', person.id);
  return row.email;
}

function invalidToken({ status, body }: Answer): boolean {
  return status === 400 && body.code === 'token_invalid';
}

/** By password, because the tests move time past the end of any token. */
function asAdmin(): RequestOptions {
  return { basic: [admin.email, admin.password] };
}

/** All that tells one answer from another, apart from what differs at every request. */
function appearance({ status, text, headers }: Answer): object {
  const { date: _, 'x-request-id': __, ...rest } = Object.fromEntries(headers);
  return { status, text, headers: rest };
}

describe('a change of address', () => {
  it('[F25] changes nothing until the new box confirms', async () => {
    const { person, to, confirmation } = await asked();
    expect((await server.get('/users/me', as(person))).body.email).toBe(person.email);
    expect([await login(person.email), await login(to)]).toEqual([200, 401]);

    const answer = await confirm(confirmation.token);
    expect([answer.status, answer.body]).toEqual([200, { status: 'changed' }]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect([await login(person.email), await login(to)]).toEqual([401, 200]);
    const me = await server.get('/users/me', as(person));
    expect(me.body).toMatchObject({ id: person.id, email: to, emailVerified: true });
  });

  it('mails the new box a link with the token behind the #', async () => {
    const { confirmation } = await asked();
    const { link, token } = confirmation;
    expect(link).toBe(`${server.publicUrl}/auth/email/confirm#token=${token}`);
  });

  it('[F25] [6.3.7] tells the old box, which can cancel', async () => {
    const { person, to, confirmation, cancellation } = await asked();
    expect(cancellation.link).toBe(
      `${server.publicUrl}/auth/email/cancel#token=${cancellation.token}`,
    );
    const answer = await cancel(cancellation.token);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(invalidToken(await confirm(confirmation.token))).toBe(true);
    expect([await addressOf(person), await login(to)]).toEqual([person.email, 401]);
    expect(invalidToken(await cancel(cancellation.token))).toBe(true);
  });

  it('[6.3.7] tells the old box and the new one when it is done', async () => {
    const { person, to, confirmation } = await asked();
    await confirm(confirmation.token);
    for (const box of [person.email, to]) {
      const mail = await server.newestMail(box);
      expect(mail.link).toMatch(/\/auth\/not-me#token=/);
    }
  });

  it('[7.4.3] ends every session but the one it was asked for in', async () => {
    const { person, confirmation } = await asked();
    const other = await server.signIn(person.email);
    await confirm(confirmation.token);
    expect((await server.get('/users/me', as(person))).status).toBe(200);
    expect((await server.get('/users/me', as(other))).body.code).toBe('token_revoked');
  });

  it('ends every session when it was asked for by Basic', async () => {
    const person = await server.person();
    const to = newAddress();
    await ask({ basic: [person.email, PASSWORD] }, to);
    await confirm((await server.newestMail(to)).token);
    expect((await server.get('/users/me', as(person))).status).toBe(401);
    expect((await server.get('/users/me', { basic: [person.email, PASSWORD] })).status).toBe(401);
    expect((await server.get('/users/me', { basic: [to, PASSWORD] })).status).toBe(200);
  });

  it('[F22] kills the other one-time tokens, but not the way to object', async () => {
    const { person, confirmation, cancellation } = await asked();
    const objection = /\/auth\/not-me#token=(\S+)/.exec(cancellation.text)![1]!;
    await server.post('/auth/password/forgot', { email: person.email });
    const reset = await server.newestMail(person.email);
    await confirm(confirmation.token);
    expect(invalidToken(await cancel(cancellation.token))).toBe(true);
    const json = { token: reset.token, password: 'one more of them' };
    expect(invalidToken(await server.post('/auth/password/reset', json))).toBe(true);
    expect((await server.post('/auth/not-me', { token: objection })).status).toBe(204);
  });

  it('keeps the address as it was typed, and compares its canonical form', async () => {
    const person = await server.person();
    const to = `New.Box${++addresses}@Example.ORG`;
    await ask(as(person), ` ${to} `);
    await confirm((await server.newestMail(to.toLowerCase())).token);
    expect(await addressOf(person)).toBe(to);
    expect(await login(to.toUpperCase())).toBe(200);
  });

  it('frees the old address for others', async () => {
    const { person, confirmation } = await asked();
    await confirm(confirmation.token);
    const successor = await server.person(person.email, 'somebody else lives here');
    expect(successor.id).not.toBe(person.id);
  });

  it('is in the audit trail, with ids only', async () => {
    const { person, to, confirmation } = await asked();
    await confirm(confirmation.token);
    const lines = rows(server.dataDir, 'SELECT * FROM AuditEvent WHERE subject = ?', person.id);
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['email.change_requested', 'email.changed']),
    );
    expect(JSON.stringify(lines)).not.toContain(to);
  });
});

describe('asking for it', () => {
  it('[7.5.1] [10.3.4] needs a sign-in within the last five minutes', async () => {
    const person = await server.person();
    server.clock.advance(5 * MINUTE - 10 * SECOND);
    expect((await ask(as(person), newAddress())).status).toBe(202);
    server.clock.advance(10 * SECOND);
    const late = await ask(as(person), newAddress());
    expect([late.status, late.body.code]).toEqual([403, 'recent_login_required']);
    const { body } = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    const refreshed = await ask({ bearer: body.access_token }, newAddress());
    expect(refreshed.body.code).toBe('recent_login_required');

    expect((await ask(as(await server.signIn(person.email)), newAddress())).status).toBe(202);
    expect((await ask({ basic: [person.email, PASSWORD] }, newAddress())).status).toBe(202);
  });

  it('needs the current password', async () => {
    const person = await server.person();
    const to = newAddress();
    const answer = await ask(as(person), to, 'not the right one');
    expect([answer.status, answer.body.code]).toEqual([403, 'current_password_wrong']);
    expect(await server.mailbox(to)).toEqual([]);
  });

  it('needs a sign-in', async () => {
    expect((await ask({}, newAddress())).body.code).toBe('token_missing');
  });

  it('[2.2.3] for the own address, however it is spelled, is refused', async () => {
    const person = await server.person();
    for (const same of [person.email, ` ${person.email.toUpperCase()} `]) {
      const answer = await ask(as(person), same);
      expect([answer.status, pointers(answer)]).toEqual([400, ['/newEmail']]);
      expect(answer.body.errors[0].code).toBe('same_as_current');
    }
  });

  it('[F32] [F34] [F35] for what is no address, or hides a second one, is refused', async () => {
    const person = await server.person();
    const bad = [
      'a＠example.org',
      'a@example。org',
      '"e@attacker.com"@victim.com',
      'a@b.com,c@d.com',
      'a@b.com>',
      'a@b.com\r\nBcc: c@d.com',
      'a\0@b.com',
      '',
    ];
    for (const newEmail of bad) {
      const answer = await ask(as(person), newEmail);
      expect([newEmail, answer.status, pointers(answer)]).toEqual([newEmail, 400, ['/newEmail']]);
    }
  });

  it('[15.3.5] takes text only, and no field it does not know', async () => {
    const person = await server.person();
    for (const wrong of [null, 1, true, {}, ['a@b.org'], { not: '' }]) {
      const answer = await ask(as(person), wrong as string);
      expect([answer.status, pointers(answer)]).toEqual([400, ['/newEmail']]);
    }
    const more = { newEmail: newAddress(), currentPassword: PASSWORD, userId: admin.id };
    const answer = await server.post('/auth/email/change', more, as(person));
    expect([answer.status, pointers(answer)]).toEqual([400, ['/userId']]);
  });

  it('again for another address, makes the first link worthless', async () => {
    const { person, to, confirmation } = await asked();
    const second = newAddress();
    await ask(as(person), second);
    expect(invalidToken(await confirm(confirmation.token))).toBe(true);
    expect((await confirm((await server.newestMail(second)).token)).status).toBe(200);
    expect([await addressOf(person), await login(to)]).toEqual([second, 401]);
  });

  it('with an evil Host, leads the links to nowhere else [F18]', async () => {
    const person = await server.person();
    const to = newAddress();
    const json = JSON.stringify({ newEmail: to, currentPassword: PASSWORD });
    const answer = await exchange(
      server.url,
      [
        'POST /auth/email/change HTTP/1.1',
        'Host: evil.example',
        'X-Forwarded-Host: evil.example',
        'X-Forwarded-Proto: https',
        'X-Forwarded-Port: 444',
        'Forwarded: host=evil.example;proto=https',
        'Connection: close',
        `Authorization: Bearer ${person.accessToken}`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(json)}`,
        '',
        json,
      ].join('\r\n'),
    );
    expect(answer.status).toBe(202);
    for (const mail of [await server.newestMail(to), await server.newestMail(person.email)]) {
      expect(mail.link!.startsWith(`${server.publicUrl}/auth/email/`)).toBe(true);
      expect(mail.text + mail.html).not.toContain('evil.example');
    }
  });
});

describe('an address that has an account', () => {
  it('[6.3.8] [F30] looks to whoever asks like one that has none', async () => {
    const person = await server.person();
    const confirmed = await server.person();
    const disabled = await server.person();
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, asAdmin());
    const invited = newAddress();
    await server.post('/users', { email: invited }, asAdmin());
    const waiting = newAddress();
    await server.post('/auth/register', { email: waiting, password: PASSWORD });

    const free = appearance(await ask(as(person), newAddress()));
    expect(free).toMatchObject({ status: 202 });
    for (const email of [confirmed.email, disabled.email, invited, waiting]) {
      expect(appearance(await ask(as(person), email))).toEqual(free);
    }
    // The old box hears of each, in the same words.
    const heard = await server.mailbox(person.email);
    expect(new Set(heard.slice(0, 5).map(({ subject }) => subject)).size).toBe(1);
  });

  it('gets no link: its owner is told that somebody tried', async () => {
    const person = await server.person();
    const owner = await server.person();
    await ask(as(person), owner.email);
    const mail = await server.newestMail(owner.email);
    expect([mail.token, mail.link]).toEqual([null, null]);
    expect(mail.text).not.toContain(person.email);
    expect(await addressOf(owner)).toBe(owner.email);
  });

  it('leaves nothing in the export of whoever asks that would tell', async () => {
    const exported = async (newEmail: string) => {
      const person = await server.person();
      await ask(as(person), newEmail);
      await server.mailSettled();
      const { body } = await server.get('/users/me/export', as(person));
      return {
        tokens: body.oneTimeTokens.map(({ purpose }: { purpose: string }) => purpose).sort(),
        mails: body.mails.map(({ kind, state }: { kind: string; state: string }) => [kind, state]),
      };
    };
    const owner = await server.person();
    expect(await exported(owner.email)).toEqual(await exported(newAddress()));
  });

  it('[15.4.2] since the link was mailed, keeps it: the link is worthless', async () => {
    const { person, to, confirmation } = await asked();
    const first = await server.person(to, 'somebody else was faster');
    expect(invalidToken(await confirm(confirmation.token))).toBe(true);
    expect([await addressOf(person), await addressOf(first)]).toEqual([person.email, to]);
    expect((await server.get('/users/me', as(person))).status).toBe(200);
  });

  it('goes to one of two who confirm it at the same moment', async () => {
    const to = newAddress();
    const tokens: (string | null)[] = [];
    for (const person of [await server.person(), await server.person()]) {
      await ask(as(person), to);
      tokens.push((await server.newestMail(to)).token);
    }
    const answers = await Promise.all(tokens.map(confirm));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 400: 1 });
    expect(count(server.dataDir, 'User', 'emailKey = ?', to)).toBe(1);
  });

  it('but was never confirmed, goes to whoever proves it; the other attempt is gone', async () => {
    const to = newAddress();
    await server.post('/auth/register', { email: to, password: 'squatting here for long' });
    const theirs = await server.newestMail(to);
    const person = await server.person();
    await ask(as(person), to);
    expect((await confirm((await server.newestMail(to)).token)).status).toBe(200);
    expect(await addressOf(person)).toBe(to);
    expect(await login(to, 'squatting here for long')).toBe(401);
    const late = await server.post('/auth/verify-email', { token: theirs.token });
    expect(invalidToken(late)).toBe(true);
  });

  it('that is invited, or was imported with a role, is taken even though nobody has confirmed it', async () => {
    const invited = newAddress();
    await server.post('/users', { email: invited }, asAdmin());
    const imported = newAddress();
    await server.post('/auth/register', { email: imported, password: PASSWORD });
    const { client } = server.app.get(Database);
    const user = await client.user.findUniqueOrThrow({ where: { emailKey: imported } });
    const role = await client.role.findUniqueOrThrow({ where: { name: 'admin' } });
    await client.userRole.create({
      data: { userId: user.id, roleId: role.id, grantedAt: server.clock.now() },
    });
    for (const email of [invited, imported]) {
      const person = await server.person();
      await ask(as(person), email);
      expect((await server.newestMail(email)).token).toBeNull();
    }
  });
});

describe('the link to the new box', () => {
  it('[2.3.4] [15.4.2] used two hundred times at once works once', async () => {
    const { person, to, confirmation } = await asked();
    const answers = await atOnce(200, () => confirm(confirmation.token));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 400: 199 });
    expect(await addressOf(person)).toBe(to);
    const changed = `type = 'email.changed' AND subject = ?`;
    expect(count(server.dataDir, 'AuditEvent', changed, person.id)).toBe(1);
  });

  it('races its cancellation: one of the two counts', async () => {
    for (let round = 0; round < 5; round++) {
      const { person, to, confirmation, cancellation } = await asked();
      const [confirmed, cancelled] = await Promise.all([
        confirm(confirmation.token),
        cancel(cancellation.token),
      ]);
      expect([
        [200, 400],
        [400, 204],
      ]).toContainEqual([confirmed.status, cancelled.status]);
      expect(await addressOf(person)).toBe(confirmed.status === 200 ? to : person.email);
    }
  });

  it('[F24] [3.5.3] is not spent by whoever only looks: GET and HEAD change nothing', async () => {
    const { confirmation, cancellation } = await asked();
    await server.settled();
    const before = digest(server.dataDir);
    for (const path of ['/auth/email/confirm', '/auth/email/cancel']) {
      for (const method of ['HEAD', 'HEAD', 'HEAD', 'GET', 'GET', 'GET']) {
        const answer = await server.send(method, path);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
        expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      }
      const inQuery = await server.get(`${path}?token=${confirmation.token}`);
      expect(inQuery.status).toBeLessThan(500);
    }
    expect(digest(server.dataDir)).toBe(before);
    expect((await confirm(confirmation.token)).status).toBe(200);
    expect(cancellation.token).not.toBe(confirmation.token);
  });

  it('works for a day', async () => {
    const early = await asked();
    server.clock.advance(24 * HOUR - 30 * SECOND);
    expect((await confirm(early.confirmation.token)).status).toBe(200);
    const late = await asked();
    server.clock.advance(DAY);
    expect(invalidToken(await confirm(late.confirmation.token))).toBe(true);
    expect(invalidToken(await cancel(late.cancellation.token))).toBe(true);
  });

  it('dies with the account, and when it is disabled', async () => {
    const deleted = await asked();
    const disabled = await asked();
    await server.delete(`/users/${deleted.person.id}`, asAdmin());
    await server.patch(`/users/${disabled.person.id}`, { status: 'disabled' }, asAdmin());
    for (const { confirmation, cancellation } of [deleted, disabled]) {
      expect(invalidToken(await confirm(confirmation.token))).toBe(true);
      expect(invalidToken(await cancel(cancellation.token))).toBe(true);
    }
  });

  it('[9.2.2] no other token does its work, nor it theirs', async () => {
    const { person, confirmation, cancellation } = await asked();
    await server.post('/auth/password/forgot', { email: person.email });
    const reset = await server.newestMail(person.email);
    const tokens = [reset.token, cancellation.token, person.accessToken, person.refreshToken];
    for (const token of tokens) expect((await confirm(token)).status).toBe(400);
    expect(invalidToken(await cancel(confirmation.token))).toBe(true);
    const { token } = confirmation;
    expect(invalidToken(await server.post('/auth/verify-email', { token }))).toBe(true);
    const password = 'one more of them';
    expect(invalidToken(await server.post('/auth/password/reset', { token, password }))).toBe(true);
    expect((await server.get('/users/me', { bearer: token! })).status).toBe(401);
    expect((await confirm(token)).status).toBe(200);
  });

  it('[F21] that is missing, null, empty or no text touches nobody', async () => {
    await asked();
    await server.settled();
    const before = digest(server.dataDir);
    for (const token of [undefined, null, {}, { not: '' }, ['x'], true, 1, '']) {
      for (const path of ['/auth/email/confirm', '/auth/email/cancel']) {
        expect((await server.post(path, { token })).status).toBe(400);
      }
    }
    expect(digest(server.dataDir)).toBe(before);
  });

  it('is nowhere in the database', async () => {
    const { confirmation, cancellation } = await asked();
    const bytes = databaseBytes(server.dataDir);
    for (const { token } of [confirmation, cancellation])
      expect(bytes.includes(token!)).toBe(false);
  });
});

describe('with limits', () => {
  it('mails a few strangers only for one account, and says so to whoever asks', async () => {
    server = await server.restart({ RATE_LIMITS: 'on' });
    const person = await server.person();
    const boxes = Array.from({ length: 8 }, newAddress);
    const answers: Answer[] = [];
    for (const box of boxes) {
      answers.push(await ask(as(person), box));
      await server.mailSettled();
    }
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 5, 429: 3 });
    const refused = answers.at(-1)!;
    expect(refused.body.code).toBe('mail_cooldown');
    expect(refused.headers.get('ratelimit-policy')).toBe('"mail";q=5;w=3600');
    expect(await server.mailbox(boxes[7]!)).toEqual([]);
    // The change that was asked for last can still be mailed again.
    expect((await ask(as(person), boxes[4]!)).status).toBe(202);
    expect((await ask(as(await server.person()), newAddress())).status).toBe(202);
  });

  it('mails a stranger’s box a few times only, and says nothing of it', async () => {
    server = await server.restart({ RATE_LIMITS: 'on' });
    const person = await server.person();
    const to = newAddress();
    for (let nr = 0; nr < 8; nr++) {
      expect((await ask(as(person), to)).status).toBe(202);
      await server.mailSettled();
    }
    const mails = await server.mailbox(to);
    expect(mails).toHaveLength(5);
    // What was asked for and not mailed does not take away the link that was.
    const [newest, ...older] = mails;
    for (const { token } of older) expect(invalidToken(await confirm(token))).toBe(true);
    expect((await confirm(newest!.token)).status).toBe(200);
  });
});
