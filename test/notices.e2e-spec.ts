import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notices } from '../src/auth/notices/notices.js';
import { Database } from '../src/database/database.js';
import { Accounts } from '../src/users/accounts.js';
import type { Answer } from './support/client.js';
import { DAY, MINUTE, SECOND } from './support/clock.js';
import { as } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { type CapturedMail, PASSWORD, type Person, TestServer } from './support/server.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
const NEW_PASSWORD = 'a horse of another colour';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '127.0.0.1' });
});
afterAll(() => server.stop());

/** Signs in from a device and a network. */
async function signIn(email: string, userAgent = FIREFOX, ip = '192.0.2.1'): Promise<Answer> {
  return server.post(
    '/auth/login',
    { email, password: PASSWORD },
    { headers: { 'user-agent': userAgent, 'x-forwarded-for': ip } },
  );
}

/** Mails of this subject that have reached the address. */
async function notices(
  to: string,
  subject = 'New sign-in to your account',
): Promise<CapturedMail[]> {
  return (await server.mailbox(to)).filter((mail) => mail.subject === subject);
}

/** A notice that has just reached the person. */
async function noticed(person: Person): Promise<CapturedMail & { token: string; link: string }> {
  await signIn(person.email, SAFARI, `198.51.100.${(next++ % 250) + 1}`);
  return (await server.newestMail(person.email)) as CapturedMail & { token: string; link: string };
}
let next = 0;

/** Runs a notice in a transaction, as the change it tells of would. */
async function tell(person: Person, notice: (notices: Notices) => Promise<void>): Promise<void> {
  await server.app.get(Database).transaction(() => notice(server.app.get(Notices)));
}

function account(person: Person) {
  return server.app
    .get(Accounts)
    .fresh(person.id)
    .then((found) => found!);
}

/** Gives the account another address, as a confirmed change does. */
async function moveTo(person: Person, email: string): Promise<void> {
  await server.app.get(Database).transaction(async () => {
    const accounts = server.app.get(Accounts);
    await accounts.changeEmail(person.id, person.email, { email, emailKey: email });
    const after = (await accounts.fresh(person.id))!;
    await server.app.get(Notices).emailChanged(after, person.email, person.email);
  });
}

function notMe(token: unknown): Promise<Answer> {
  return server.post('/auth/not-me', { token });
}

function outcome({ status, body }: Answer): [number, string | undefined] {
  return [status, body?.code];
}

describe('a sign-in', () => {
  it('is no news the first time', async () => {
    const { email } = await server.person();
    expect(await notices(email)).toEqual([]);
  });

  it('[6.3.5] from a new device is told, with what, from where and when', async () => {
    const { email } = await server.person();
    await signIn(email, FIREFOX, '198.51.100.7');
    const [mail, ...others] = await notices(email);
    expect(others).toEqual([]);
    expect(mail!.text).toContain('Device: Firefox on Linux');
    expect(mail!.text).toContain('From: 198.51.100.7');
    expect(mail!.text).toMatch(/When: \d+ \w+ \d{4} at \d\d:\d\d UTC/);
    expect(mail!.link).toBe(`${server.publicUrl}/auth/not-me#token=${mail!.token}`);
  });

  it('from a known device is not told, also after it signed out', async () => {
    const { email } = await server.person();
    const { body } = await signIn(email);
    await server.post('/auth/logout', undefined, { bearer: body.access_token });
    for (let i = 0; i < 3; i++) await signIn(email);
    expect(await notices(email)).toHaveLength(1);
  });

  it('with the same program in another network, or the other way round, is told', async () => {
    const { email } = await server.person();
    await signIn(email, FIREFOX, '192.0.2.1');
    await signIn(email, FIREFOX, '192.0.2.2');
    await signIn(email, SAFARI, '192.0.2.1');
    expect(await notices(email)).toHaveLength(3);
  });

  it('from another address of the same IPv6 network is not told', async () => {
    const { email } = await server.person();
    await signIn(email, FIREFOX, '2001:db8:0:7::1');
    await signIn(email, FIREFOX, '2001:db8:0:7:aaaa:bbbb:cccc:dddd');
    expect(await notices(email)).toHaveLength(1);
    await signIn(email, FIREFOX, '2001:db8:0:8::1');
    expect(await notices(email)).toHaveLength(2);
  });

  it('from a device that only another person uses is told', async () => {
    const [ada, bob] = [await server.person(), await server.person()];
    await signIn(ada.email, FIREFOX, '203.0.113.5');
    await signIn(bob.email, FIREFOX, '203.0.113.5');
    expect(await notices(bob.email)).toHaveLength(1);
  });

  it('twenty times at once from a new device is told once', async () => {
    const { email } = await server.person();
    const answers = await atOnce(20, () => signIn(email, SAFARI, '203.0.113.77'));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 20 });
    expect(await notices(email)).toHaveLength(1);
  });

  it('that is refused is not told', async () => {
    const { email } = await server.person();
    const wrong = { email, password: 'not the password' };
    await server.post('/auth/login', wrong, { headers: { 'user-agent': SAFARI } });
    expect(await notices(email)).toEqual([]);
  });
});

describe('a notice', () => {
  it('of a reused refresh token holds the link, too', async () => {
    const person = await server.person();
    await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    server.clock.advance(MINUTE);
    const again = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect(outcome(again)).toEqual([401, 'refresh_token_reused']);
    const [mail] = await notices(person.email, 'A session was ended for your safety');
    expect(outcome(await notMe(mail!.token))).toEqual([204, undefined]);
  });

  it('[6.3.7] of a changed address goes to the old one and to the new one', async () => {
    const person = await server.person();
    await moveTo(person, 'new-home@example.org');
    for (const to of [person.email, 'new-home@example.org']) {
      const [mail] = await notices(to, 'The address of your account was changed');
      expect(mail!.link).toMatch(/\/auth\/not-me#token=lk_ot_/);
    }
  });

  it('of an asked-for change of address holds a link that cancels and one that objects', async () => {
    const person = await server.person();
    await tell(person, async (notices) =>
      notices.emailChangeAsked(await account(person), 'elsewhere@example.org'),
    );
    const mail = await server.newestMail(person.email);
    expect(mail.link).toBe(`${server.publicUrl}/auth/email/cancel#token=${mail.token}`);
    const objection = /\/auth\/not-me#token=(\S+)/.exec(mail.text)![1];
    expect(outcome(await notMe(mail.token))).toEqual([400, 'token_invalid']);
    expect(outcome(await notMe(objection))).toEqual([204, undefined]);
  });

  it('of a changed password can be answered, too', async () => {
    const person = await server.person();
    await tell(person, async (notices) => notices.passwordChanged(await account(person)));
    const { subject, token } = await server.newestMail(person.email);
    expect(subject).toBe('Your password was changed');
    expect(outcome(await notMe(token))).toEqual([204, undefined]);
  });

  describe('of many wrong passwords', () => {
    const SLOWED_DOWN = 'Sign-in to your account is slowed down';
    const slowDown = async (person: Person) =>
      server.app.get(Notices).signInSlowedDown(await account(person));

    it('[6.3.5] says that nothing was changed, and can be answered', async () => {
      const person = await server.person();
      await slowDown(person);
      const [mail] = await notices(person.email, SLOWED_DOWN);
      expect(mail!.text).toContain('Nothing about it was changed.');
      expect(mail!.link).toBe(`${server.publicUrl}/auth/not-me#token=${mail!.token}`);
      expect((await server.get('/users/me', as(person))).status).toBe(200);
      expect(outcome(await notMe(mail!.token))).toEqual([204, undefined]);
    });

    it('goes to an account once an hour, however often it is due', async () => {
      const [ada, bob] = [await server.person(), await server.person()];
      await atOnce(20, () => slowDown(ada));
      await slowDown(bob);
      server.clock.advance(59 * MINUTE);
      await slowDown(ada);
      expect(await notices(ada.email, SLOWED_DOWN)).toHaveLength(1);
      expect(await notices(bob.email, SLOWED_DOWN)).toHaveLength(1);
      server.clock.advance(MINUTE);
      await slowDown(ada);
      expect(await notices(ada.email, SLOWED_DOWN)).toHaveLength(2);
    });

    it('goes to nobody who has not confirmed the address, or is disabled', async () => {
      const admin = await server.administrator();
      const disabled = await server.person();
      await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, as(admin));
      const email = 'stranger@example.org';
      await server.post('/auth/register', { email, password: PASSWORD });
      const [{ id }] = rows(server.dataDir, 'SELECT id FROM User WHERE emailKey = ?', email);
      await slowDown(disabled);
      await slowDown({ ...disabled, id });
      expect(await notices(disabled.email, SLOWED_DOWN)).toEqual([]);
      expect(await notices(email, SLOWED_DOWN)).toEqual([]);
    });
  });

  it('of a deleted account is sent although the account is gone, without a link', async () => {
    const person = await server.person();
    await server.app.get(Database).transaction(async () => {
      await server.app.get(Notices).accountDeleted(await account(person));
      await server.app.get(Accounts).delete(person.id);
    });
    const mail = await server.newestMail(person.email);
    expect(mail).toMatchObject({ subject: 'Your account was deleted', link: null, token: null });
  });

  it('is not there when the change it tells of is not', async () => {
    const person = await server.person();
    await server.settled();
    const before = digest(server.dataDir);
    await expect(
      server.app.get(Database).transaction(async () => {
        await server.app.get(Notices).passwordChanged(await account(person));
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(digest(server.dataDir)).toBe(before);
  });
});

describe('"this was not me"', () => {
  it('ends every session and mails a link that sets a password', async () => {
    const person = await server.person();
    const { token } = await noticed(person);
    expect(outcome(await notMe(token))).toEqual([204, undefined]);

    expect((await server.get('/users/me', as(person))).status).toBe(401);
    const refresh = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect(refresh.status).toBe(401);
    expect(count(server.dataDir, 'Session', 'userId = ? AND endedAt IS NULL', person.id)).toBe(0);

    const reset = await server.newestMail(person.email);
    expect(reset.subject).toBe('Choose a new password');
    const chosen = { token: reset.token, password: NEW_PASSWORD };
    expect((await server.post('/auth/password/reset', chosen)).status).toBe(204);
    expect((await signIn(person.email)).status).toBe(401);
    expect(
      (await server.post('/auth/login', { email: person.email, password: NEW_PASSWORD })).status,
    ).toBe(200);
  });

  it('signs nobody in, and tells the trail', async () => {
    const person = await server.person();
    const answer = await notMe((await noticed(person)).token);
    expect([answer.text, answer.headers.get('set-cookie')]).toEqual(['', null]);
    const trail = rows<{ type: string; actor: string | null }>(
      server.dataDir,
      'SELECT type, actor FROM AuditEvent WHERE subject = ? ORDER BY seq DESC LIMIT 2',
      person.id,
    );
    expect(trail).toEqual([
      { type: 'account.reclaimed', actor: null },
      { type: 'session.ended', actor: null },
    ]);
  });

  it('kills every other mailed token, but not another notice', async () => {
    const person = await server.person();
    const first = await noticed(person);
    const second = await noticed(person);
    await server.post('/auth/password/forgot', { email: person.email });
    const forgot = await server.newestMail(person.email);

    expect(outcome(await notMe(first.token))).toEqual([204, undefined]);
    const chosen = { token: forgot.token, password: NEW_PASSWORD };
    expect(outcome(await server.post('/auth/password/reset', chosen))).toEqual([
      400,
      'token_invalid',
    ]);
    expect(outcome(await notMe(second.token))).toEqual([204, undefined]);
  });

  it('is not lost when a thief sets another password', async () => {
    const person = await server.person();
    const { token } = await noticed(person);
    await server.post('/auth/password/forgot', { email: person.email });
    const forgot = await server.newestMail(person.email);
    const chosen = { token: forgot.token, password: NEW_PASSWORD };
    expect((await server.post('/auth/password/reset', chosen)).status).toBe(204);
    expect(outcome(await notMe(token))).toEqual([204, undefined]);
  });

  it('[2.3.4] [15.4.2] said two hundred times at once counts once', async () => {
    const person = await server.person();
    const { token } = await noticed(person);
    const answers = await atOnce(200, () => notMe(token));
    expect(tally(answers.map(({ status, body }) => body?.code ?? status))).toEqual({
      204: 1,
      token_invalid: 199,
    });
    expect(await notices(person.email, 'Choose a new password')).toHaveLength(1);
    const reclaimed = `type = 'account.reclaimed' AND subject = ?`;
    expect(count(server.dataDir, 'AuditEvent', reclaimed, person.id)).toBe(1);
  });

  it('works for a week', async () => {
    const person = await server.person();
    const { token } = await noticed(person);
    server.clock.advance(7 * DAY - 30 * SECOND);
    expect(outcome(await notMe(token))).toEqual([204, undefined]);
    const late = await noticed(person);
    server.clock.advance(7 * DAY);
    expect(outcome(await notMe(late.token))).toEqual([400, 'token_invalid']);
  });

  it('dies with the account, and mails nothing for a disabled one', async () => {
    const admin = await server.administrator();
    const [gone, disabled] = [await server.person(), await server.person()];
    const dead = await noticed(gone);
    const idle = await noticed(disabled);
    await server.delete(`/users/${gone.id}`, as(admin));
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, as(admin));
    expect(outcome(await notMe(dead.token))).toEqual([400, 'token_invalid']);
    expect(outcome(await notMe(idle.token))).toEqual([204, undefined]);
    expect(await notices(disabled.email, 'Choose a new password')).toEqual([]);
  });

  it.each(['', 'lk_ot_', `lk_ot_${'A'.repeat(43)}`, '%', 'null'])(
    'with a token like %j is refused',
    async (token) => {
      expect(outcome(await notMe(token))).toEqual([400, 'token_invalid']);
    },
  );

  it.each([null, 7, {}, { not: '' }, ['x'], true])(
    '[F21] [15.3.5] with %j is no token',
    async (token) => {
      expect(outcome(await notMe(token))).toEqual([400, 'validation_failed']);
    },
  );

  it('[9.2.2] with a token for something else is refused, and does not spend it', async () => {
    const person = await server.person();
    await server.post('/auth/password/forgot', { email: person.email });
    const { token } = await server.newestMail(person.email);
    expect(outcome(await notMe(token))).toEqual([400, 'token_invalid']);
    const notice = await noticed(person);
    const chosen = { token: notice.token, password: NEW_PASSWORD };
    expect(outcome(await server.post('/auth/password/reset', chosen))).toEqual([
      400,
      'token_invalid',
    ]);
    expect(outcome(await server.post('/auth/verify-email', { token: notice.token }))).toEqual([
      400,
      'token_invalid',
    ]);
    const right = { token, password: NEW_PASSWORD };
    expect((await server.post('/auth/password/reset', right)).status).toBe(204);
  });
});

describe('an account whose address a thief has changed', () => {
  let turn = 0;

  /** The account, and the notices about the change in the old box and in the thief's. */
  async function stolen(): Promise<{ person: Person; thief: string; old: string; his: string }> {
    const person = await server.person();
    const thief = `thief${++turn}@example.org`;
    await moveTo(person, thief);
    const subject = 'The address of your account was changed';
    const [old] = await notices(person.email, subject);
    const [his] = await notices(thief, subject);
    return { person, thief, old: old!.token!, his: his!.token! };
  }

  it('comes back, with its address, to whoever reads the old box', async () => {
    const { person, thief, old } = await stolen();
    expect(outcome(await notMe(old))).toEqual([204, undefined]);
    expect((await account(person)).email).toBe(person.email);
    const reset = await server.newestMail(person.email);
    const chosen = { token: reset.token, password: NEW_PASSWORD };
    expect((await server.post('/auth/password/reset', chosen)).status).toBe(204);
    const login = { email: person.email, password: NEW_PASSWORD };
    expect((await server.post('/auth/login', login)).status).toBe(200);
    expect((await signIn(thief)).status).toBe(401);
  });

  it('comes back by any notice of that week', async () => {
    const person = await server.person();
    const { token } = await noticed(person);
    await moveTo(person, 'thief-again@example.org');
    expect(outcome(await notMe(token))).toEqual([204, undefined]);
    expect((await account(person)).email).toBe(person.email);
  });

  it('cannot be taken a second time by the notice in the thief\u2019s box', async () => {
    const { person, thief, old, his } = await stolen();
    expect(outcome(await notMe(his))).toEqual([204, undefined]);
    expect((await account(person)).email).toBe(thief);

    const { old: oldAgain, his: hisAgain, ...again } = await stolen();
    expect(outcome(await notMe(oldAgain))).toEqual([204, undefined]);
    expect(outcome(await notMe(hisAgain))).toEqual([400, 'token_invalid']);
    expect((await account(again.person)).email).toBe(again.person.email);

    expect(outcome(await notMe(old))).toEqual([204, undefined]);
    expect((await account(person)).email).toBe(person.email);
  });

  it('tells the later address, without a link', async () => {
    const { thief, old } = await stolen();
    await notMe(old);
    const mail = await server.newestMail(thief);
    expect(mail).toMatchObject({
      subject: 'The address of your account was changed back',
      link: null,
    });
    expect(mail.text).not.toMatch(/https?:/);
  });

  it('stays with its new address when somebody else has the old one by now', async () => {
    const { person, thief, old } = await stolen();
    await server.person(person.email);
    expect(outcome(await notMe(old))).toEqual([204, undefined]);
    expect((await account(person)).email).toBe(thief);
    expect(count(server.dataDir, 'Session', 'userId = ? AND endedAt IS NULL', person.id)).toBe(0);
    expect(await notices(person.email, 'Choose a new password')).toEqual([]);
  });
});

describe('GET and HEAD /auth/not-me', () => {
  it('[F24] [3.5.3] spend nothing, however often a scanner follows the link', async () => {
    const person = await server.person();
    const { token, link } = await noticed(person);
    await server.settled();
    const before = digest(server.dataDir);
    for (const query of ['', `?token=${token}`]) {
      for (let i = 0; i < 3; i++) {
        expect((await server.get(new URL(link).pathname + query)).status).toBe(200);
        expect((await server.send('HEAD', new URL(link).pathname + query)).status).toBe(200);
      }
    }
    expect(digest(server.dataDir)).toBe(before);
    expect(outcome(await notMe(token))).toEqual([204, undefined]);
  });

  it('[14.2.1] show a page that takes the token from the fragment, and holds none', async () => {
    const page = await server.get('/auth/not-me');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).toContain('<noscript>');
    expect(page.text).not.toContain('lk_ot_');
  });
});

describe('what is stored and logged', () => {
  it('[11.5.1] holds no token of a notice', async () => {
    const { token } = await noticed(await server.person());
    const secret = token.slice('lk_ot_'.length);
    await server.mailSettled();
    expect(digest(server.dataDir)).not.toContain(secret);
    expect(server.logLines.join('')).not.toContain(secret);
  });
});
