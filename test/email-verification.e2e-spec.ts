import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { HOUR, SECOND } from './support/clock.js';
import { as, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { type CapturedMail, PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let people = 0;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
});
afterAll(() => server.stop());

/** By password, because the tests move time past the end of any token. */
function asAdmin(): RequestOptions {
  return { basic: [admin.email, admin.password] };
}

/** Someone who has registered and not confirmed. */
async function waiting(): Promise<CapturedMail & { token: string; code: string }> {
  const email = `waiting${++people}@example.org`;
  await server.post('/auth/register', { email, password: PASSWORD });
  return (await server.newestMail(email)) as CapturedMail & { token: string; code: string };
}

function verify(body: object): Promise<Answer> {
  return server.post('/auth/verify-email', body);
}

async function isConfirmed(email: string): Promise<boolean> {
  return (await server.post('/auth/login', { email, password: PASSWORD })).status === 200;
}

function wrong(code: string, nr = 0): string {
  return ((Number(code) + 1 + nr) % 1_000_000).toString().padStart(6, '0');
}

function outcome({ status, body }: Answer): [number, string] {
  return [status, body.status === status ? body.code : body.status];
}

describe('a token', () => {
  it('confirms the address, and signs nobody in', async () => {
    const { to, token } = await waiting();
    expect(await isConfirmed(to)).toBe(false);
    const answer = await verify({ token });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'verified' });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await isConfirmed(to)).toBe(true);
  });

  it('says already_verified the second time, and ever after', async () => {
    const { token } = await waiting();
    await verify({ token });
    server.clock.advance(25 * HOUR);
    for (let i = 0; i < 3; i++) {
      expect(outcome(await verify({ token }))).toEqual([200, 'already_verified']);
    }
  });

  it('[2.3.4] [15.4.2] used two hundred times at once says verified once', async () => {
    const { to, token } = await waiting();
    const answers = await atOnce(200, () => verify({ token }));
    expect(tally(answers.map(({ body }) => body.status))).toEqual({
      verified: 1,
      already_verified: 199,
    });
    const [{ id }] = rows(server.dataDir, 'SELECT id FROM User WHERE emailKey = ?', to);
    const written = `type = 'user.verified' AND subject = ?`;
    expect(count(server.dataDir, 'AuditEvent', written, id)).toBe(1);
  });

  it('works for a day', async () => {
    const early = await waiting();
    server.clock.advance(24 * HOUR - 30 * SECOND);
    expect(outcome(await verify({ token: early.token }))).toEqual([200, 'verified']);

    const late = await waiting();
    server.clock.advance(24 * HOUR);
    expect(outcome(await verify({ token: late.token }))).toEqual([400, 'token_invalid']);
    expect(await isConfirmed(late.to)).toBe(false);
    await server.post('/auth/verify-email/resend', { email: late.to });
    const { token } = await server.newestMail(late.to);
    expect(outcome(await verify({ token: token! }))).toEqual([200, 'verified']);
  });

  it('[6.6.2] dies when a newer one is asked for, before and after that one is used', async () => {
    const { to, token, code } = await waiting();
    await server.post('/auth/verify-email/resend', { email: to });
    const newer = await server.newestMail(to);
    expect(outcome(await verify({ token }))).toEqual([400, 'token_invalid']);
    if (code !== newer.code) {
      expect(outcome(await verify({ email: to, code }))).toEqual([400, 'token_invalid']);
    }
    await verify({ token: newer.token! });
    expect(outcome(await verify({ token }))).toEqual([400, 'token_invalid']);
  });

  it('[F22] dies with a new password', async () => {
    const { to, token } = await waiting();
    await server.post('/auth/password/forgot', { email: to });
    const reset = await server.newestMail(to);
    await server.post('/auth/password/reset', {
      token: reset.token,
      password: 'another one again',
    });
    expect(outcome(await verify({ token }))).toEqual([400, 'token_invalid']);
  });

  it('dies with the account, and when the account is disabled', async () => {
    const deleted = await waiting();
    const disabled = await waiting();
    const { body } = await server.get('/users?q=waiting&limit=200', asAdmin());
    const idOf = ({ to }: CapturedMail) =>
      body.items.find((user: { email: string }) => user.email === to).id;
    await server.delete(`/users/${idOf(deleted)}`, asAdmin());
    await server.patch(`/users/${idOf(disabled)}`, { status: 'disabled' }, asAdmin());
    for (const { token, to, code } of [deleted, disabled]) {
      expect(outcome(await verify({ token }))).toEqual([400, 'token_invalid']);
      expect(outcome(await verify({ email: to, code }))).toEqual([400, 'token_invalid']);
    }
  });

  it('[9.2.2] that is for something else confirms nothing, and is not spent', async () => {
    const invited = `invited${++people}@example.org`;
    await server.post('/users', { email: invited }, asAdmin());
    const invitation = await server.newestMail(invited);
    const { email } = await server.person();
    await server.post('/auth/password/forgot', { email });
    const reset = await server.newestMail(email);
    const person = await server.person();

    const others = [invitation.token, reset.token, person.accessToken, person.refreshToken];
    for (const token of others) {
      expect((await verify({ token })).status).toBe(400);
    }
    for (const { token } of [invitation, reset]) {
      const password = 'chosen by its owner';
      const answer = await server.post('/auth/password/reset', { token, password });
      expect(answer.status).toBe(204);
    }
    expect((await server.get('/users/me', as(person))).status).toBe(200);
  });

  it('in any other spelling is unknown', async () => {
    const { to, token } = await waiting();
    const swapped = token.replace(/[a-zA-Z](?=[^a-zA-Z]*$)/, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    );
    const others = [
      swapped,
      token.toUpperCase(),
      `${token}A`,
      token.slice(0, -1),
      ` ${token}`,
      `${token}\n`,
      token.slice('lk_ot_'.length),
      token.replace('lk_ot_', 'lk_rt_'),
      `${token.slice(0, -1)}%`,
      '%',
      '_'.repeat(49),
      '',
    ];
    for (const other of others) {
      expect(outcome(await verify({ token: other }))).toEqual([400, 'token_invalid']);
    }
    expect(await isConfirmed(to)).toBe(false);
    expect(outcome(await verify({ token }))).toEqual([200, 'verified']);
  });

  it('[11.5.1] holds 256 random bits, and only its hash is stored', async () => {
    const { token } = await waiting();
    expect(token).toMatch(/^lk_ot_[A-Za-z0-9_-]{43}$/);
    expect(digest(server.dataDir)).not.toContain(token.slice('lk_ot_'.length));
  });
});

describe('a code', () => {
  it('confirms the address, however that is spelled', async () => {
    const { to, code } = await waiting();
    expect(outcome(await verify({ email: ` ${to.toUpperCase()} `, code }))).toEqual([
      200,
      'verified',
    ]);
    expect(await isConfirmed(to)).toBe(true);
    expect(outcome(await verify({ email: to, code }))).toEqual([200, 'already_verified']);
  });

  it('[6.6.3] may be wrong four times', async () => {
    const { to, code } = await waiting();
    for (let nr = 0; nr < 4; nr++) {
      const answer = await verify({ email: to, code: wrong(code, nr) });
      expect(outcome(answer)).toEqual([400, 'token_invalid']);
    }
    expect(outcome(await verify({ email: to, code }))).toEqual([200, 'verified']);
  });

  it('[6.6.3] is dead after five wrong ones, even the right one; the link is not', async () => {
    const { to, code, token } = await waiting();
    for (let nr = 0; nr < 5; nr++) await verify({ email: to, code: wrong(code, nr) });
    expect(outcome(await verify({ email: to, code }))).toEqual([400, 'token_invalid']);
    expect(await isConfirmed(to)).toBe(false);
    expect(outcome(await verify({ token }))).toEqual([200, 'verified']);
  });

  it('[6.6.3] counts fifty wrong ones at once exactly: none beyond the fifth is looked at', async () => {
    const { to, code } = await waiting();
    const answers = await atOnce(50, (nr) => verify({ email: to, code: wrong(code, nr) }));
    expect(tally(answers.map(({ body }) => body.code))).toEqual({ token_invalid: 50 });
    const [{ attemptsLeft }] = rows(
      server.dataDir,
      `SELECT attemptsLeft FROM OneTimeToken JOIN User ON User.id = userId
       WHERE User.emailKey = ?`,
      to,
    );
    expect(attemptsLeft).toBe(0);
    expect(outcome(await verify({ email: to, code }))).toEqual([400, 'token_invalid']);
  });

  it('[15.4.2] used a hundred times at once confirms once, and is looked at five times', async () => {
    const { to, code } = await waiting();
    const answers = await atOnce(100, () => verify({ email: to, code }));
    expect(tally(answers.map((answer) => outcome(answer)[1]))).toEqual({
      verified: 1,
      already_verified: 4,
      token_invalid: 95,
    });
  });

  it('of another address confirms nothing', async () => {
    const ada = await waiting();
    const bob = await waiting();
    if (ada.code === bob.code) return;
    expect((await verify({ email: bob.to, code: ada.code })).status).toBe(400);
    expect(await isConfirmed(bob.to)).toBe(false);
  });

  it('[6.3.8] [F30] is refused alike for an unknown, a confirmed and a waiting address', async () => {
    const { to, code } = await waiting();
    const { email: confirmed } = await server.person();
    const answers = await Promise.all([
      verify({ email: 'unknown@example.org', code }),
      verify({ email: confirmed, code }),
      verify({ email: to, code: wrong(code) }),
    ]);
    const bodies = answers.map(({ body: { instance: _, ...rest } }) => JSON.stringify(rest));
    expect(new Set(bodies).size).toBe(1);
  });

  it('expires with the token of the same mail', async () => {
    const { to, code } = await waiting();
    server.clock.advance(24 * HOUR);
    expect(outcome(await verify({ email: to, code }))).toEqual([400, 'token_invalid']);
  });

  it.each(['', '12345', '1234567', '12345a', ' 12345', '１２３４５６', '-12345', '1e5   '])(
    'like %j is none, and costs no try',
    async (text) => {
      const { to, code } = await waiting();
      for (let i = 0; i < 6; i++) await verify({ email: to, code: text });
      expect(outcome(await verify({ email: to, code }))).toEqual([200, 'verified']);
    },
  );
});

describe('GET and HEAD', () => {
  it('[F24] [3.5.3] spend nothing, however often a scanner follows the link', async () => {
    const { to, token, code, link } = await waiting();
    const path = new URL(link!).pathname;
    await server.settled();
    const before = digest(server.dataDir);
    for (const query of ['', `?token=${token}`, `?email=${to}&code=${code}`, '?confirm=1']) {
      for (let i = 0; i < 3; i++) {
        expect((await server.get(path + query)).status).toBe(200);
        expect((await server.send('HEAD', path + query)).status).toBe(200);
      }
    }
    expect(digest(server.dataDir)).toBe(before);
    expect(outcome(await verify({ token }))).toEqual([200, 'verified']);
  });

  it('[14.2.1] show a page that takes the token from the fragment, and holds none', async () => {
    const { link, token } = await waiting();
    expect(new URL(link!).search).toBe('');
    expect(new URL(link!).hash).toBe(`#token=${token}`);
    const page = await server.get(new URL(link!).pathname);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).toContain('<noscript>');
  });
});

describe('a body', () => {
  it.each([
    [{ token: null }, ['/token']],
    [{ token: {} }, ['/token']],
    [{ token: { not: '' } }, ['/token']],
    [{ token: ['x'] }, ['/token']],
    [{ token: [] }, ['/token']],
    [{ token: true }, ['/token']],
    [{ token: 0 }, ['/token']],
    [{ token: 'x'.repeat(513) }, ['/token']],
    [{ email: 'ada@example.org', code: 123456 }, ['/code']],
    [{ email: 'ada@example.org', code: null }, ['/code']],
    [{ email: 'ada@example.org', code: { not: '' } }, ['/code']],
    [{ email: { not: '' }, code: '123456' }, ['/email']],
    [{ email: 'nobody', code: '123456' }, ['/email']],
    [{}, ['']],
    [{ email: 'ada@example.org' }, ['']],
    [{ code: '123456' }, ['']],
    [{ token: 'x', email: 'ada@example.org', code: '123456' }, ['']],
    [{ token: 'x', code: '123456' }, ['']],
    [{ token: 'x', userId: 'y' }, ['/userId']],
  ])('[F21] [15.3.5] %j is refused, and no account is touched', async (body, expected) => {
    await server.settled();
    const before = digest(server.dataDir);
    const answer = await verify(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(pointers(answer)).toEqual(expected);
    expect(digest(server.dataDir)).toBe(before);
  });
});
