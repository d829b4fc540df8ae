import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { SECOND } from './support/clock.js';
import { as, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const NEW = 'wholly different words here';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
});
afterAll(() => server.stop());

function change(
  options: RequestOptions,
  currentPassword: string = PASSWORD,
  newPassword: string = NEW,
): Promise<Answer> {
  return server.post('/auth/password/change', { currentPassword, newPassword }, options);
}

async function loginStatus({ email }: Person, password: string): Promise<number> {
  return (await server.post('/auth/login', { email, password })).status;
}

async function meStatus(person: Person): Promise<number> {
  return (await server.get('/users/me', as(person))).status;
}

function codes({ body }: Answer): string[] {
  return body.errors.map((error: { code: string }) => error.code);
}

describe('changing the password', () => {
  it('[6.2.2] sets the new one, and the old one never works again', async () => {
    const person = await server.person();
    const answer = await change(as(person));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await loginStatus(person, PASSWORD)).toBe(401);
    expect(await loginStatus(person, NEW)).toBe(200);
    const basic: RequestOptions = { basic: [person.email, PASSWORD] };
    expect((await server.get('/users/me', basic)).status).toBe(401);
  });

  it('[7.4.3] ends every other session, and keeps its own', async () => {
    const here = await server.person();
    const elsewhere = await server.signIn(here.email);
    expect((await change(as(here))).status).toBe(204);
    expect([await meStatus(here), await meStatus(elsewhere)]).toEqual([200, 401]);
    const refresh = (refresh_token: string) => server.post('/auth/refresh', { refresh_token });
    expect((await refresh(here.refreshToken)).status).toBe(200);
    expect((await refresh(elsewhere.refreshToken)).body.code).toBe('session_ended');
  });

  it('ends all sessions when it was signed in by Basic', async () => {
    const person = await server.person();
    expect((await change({ basic: [person.email, PASSWORD] })).status).toBe(204);
    expect(await meStatus(person)).toBe(401);
  });

  it('[F22] kills every one-time token that was mailed before', async () => {
    const person = await server.person();
    await server.post('/auth/password/forgot', { email: person.email });
    const reset = await server.newestMail(person.email);
    await server.post(
      '/auth/email/change',
      { newEmail: `moved-${person.email}`, currentPassword: PASSWORD },
      as(person),
    );
    const confirmation = await server.newestMail(`moved-${person.email}`);
    const cancellation = await server.newestMail(person.email);
    await change(as(person));

    const spent = [
      await server.post('/auth/password/reset', {
        token: reset.token,
        password: 'one more of them',
      }),
      await server.post('/auth/email/confirm', { token: confirmation.token }),
      await server.post('/auth/email/cancel', { token: cancellation.token }),
    ];
    expect(spent.map(({ body }) => body.code)).toEqual(Array(3).fill('token_invalid'));
    expect(await loginStatus(person, NEW)).toBe(200);
  });

  it('[6.3.7] tells the owner by mail, and holds no secret there but the link', async () => {
    const person = await server.person();
    await change(as(person));
    const mail = await server.newestMail(person.email);
    expect(mail.subject).toMatch(/password/i);
    expect(mail.link).toBe(`${server.publicUrl}/auth/not-me#token=${mail.token}`);
    expect(mail.text).not.toContain(NEW);
  });

  it('is one line in the audit trail, with ids only', async () => {
    const person = await server.person();
    await change(as(person));
    const lines = rows(
      server.dataDir,
      `SELECT * FROM AuditEvent WHERE subject = ? AND type = 'password.changed'`,
      person.id,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ actor: person.id, scheme: 'Bearer', detail: null });
  });

  it('needs a sign-in, and takes no account but the own one', async () => {
    const { id } = await server.person();
    const anonymous = await change({});
    expect([anonymous.status, anonymous.body.code]).toEqual([401, 'token_missing']);
    const mine = await server.person();
    const json = { currentPassword: PASSWORD, newPassword: NEW, userId: id };
    const answer = await server.post('/auth/password/change', json, as(mine));
    expect([answer.status, pointers(answer)]).toEqual([400, ['/userId']]);
  });
});

describe('[6.2.3] the current password', () => {
  it('must be right: otherwise nothing changes', async () => {
    const person = await server.person();
    const other = await server.signIn(person.email);
    const answer = await change(as(person), 'not the right one');
    expect([answer.status, answer.body.code]).toEqual([403, 'current_password_wrong']);
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await meStatus(other)).toBe(200);
    expect(await loginStatus(person, PASSWORD)).toBe(200);
  });

  it('must be there, as text', async () => {
    const person = await server.person();
    const missing = await server.post('/auth/password/change', { newPassword: NEW }, as(person));
    expect([missing.status, pointers(missing)]).toEqual([400, ['/currentPassword']]);
    for (const wrong of [null, 1, true, {}, ['x'], { not: '' }]) {
      const json = { currentPassword: wrong, newPassword: wrong };
      const answer = await server.post('/auth/password/change', json, as(person));
      expect([answer.status, pointers(answer)]).toEqual([
        400,
        ['/currentPassword', '/newPassword'],
      ]);
    }
  });

  it('[6.2.8] counts as exactly as at sign-in', async () => {
    const person = await server.person();
    for (const almost of [`${PASSWORD} `, PASSWORD.toUpperCase(), `${PASSWORD}\0`]) {
      expect((await change(as(person), almost)).body.code).toBe('current_password_wrong');
    }
  });

  it('is judged before the new one', async () => {
    const person = await server.person();
    expect((await change(as(person), 'not the right one', 'short')).status).toBe(403);
  });
});

describe('the new password', () => {
  it('meets the same policy as at registration, and says which field it is', async () => {
    const person = await server.person();
    const refusals: [string, string][] = [
      ['short', 'too_short'],
      ['password', 'too_common'],
      [`${person.email.split('@')[0]} and more words`, 'contains_personal_data'],
    ];
    for (const [password, code] of refusals) {
      const answer = await change(as(person), PASSWORD, password);
      expect([answer.status, answer.body.code]).toEqual([422, 'password_rejected']);
      expect(codes(answer)).toContain(code);
      expect(new Set(pointers(answer))).toEqual(new Set(['/newPassword']));
    }
    expect(await loginStatus(person, PASSWORD)).toBe(200);
  });

  it('[2.2.3] must not be the current one, in whatever form of Unicode', async () => {
    const composed = 'caf\u00e9 au lait deux fois';
    const person = await server.person(undefined, composed);
    for (const same of [composed, composed.normalize('NFD')]) {
      const answer = await change(as(person), composed, same);
      expect([answer.status, answer.body.code]).toEqual([422, 'password_rejected']);
      expect(answer.body.errors).toMatchObject([
        { pointer: '/newPassword', code: 'same_as_current' },
      ]);
    }
  });
});

describe('two changes at once', () => {
  it('[15.4.2] have one winner, and the password is the one it set', async () => {
    const person = await server.person();
    const wanted = (nr: number) => `wholly different words nr ${nr}`;
    const answers = await atOnce(20, (nr) => change(as(person), PASSWORD, wanted(nr)));
    const statuses = answers.map(({ status }) => status);
    expect(tally(statuses)[204]).toBe(1);
    expect(statuses.filter((status) => ![204, 403, 409].includes(status))).toEqual([]);
    expect(await loginStatus(person, wanted(statuses.indexOf(204)))).toBe(200);
    const changed = `type = 'password.changed' AND subject = ?`;
    expect(count(server.dataDir, 'AuditEvent', changed, person.id)).toBe(1);
  });
});

describe('a disabled account', () => {
  it('changes nothing', async () => {
    const person = await server.person();
    await server.patch(`/users/${person.id}`, { status: 'disabled' }, as(admin));
    expect((await change(as(person))).status).toBe(401);
    expect((await change({ basic: [person.email, PASSWORD] })).body.code).toBe('account_disabled');
  });
});

describe('guessing the current password with a stolen token', () => {
  it('[6.3.1] is counted like guessing at sign-in, and stopped like it', async () => {
    server = await server.restart({ RATE_LIMITS: 'on', LIMIT_REGISTER: '1000/1h' });
    const person = await server.person();
    const codes: string[] = [];
    for (let turn = 0; turn < 12; turn++) {
      const answers = await atOnce(10, (nr) => change(as(person), `guess nr ${turn} ${nr}`));
      codes.push(...answers.map(({ body }) => body.code));
      server.clock.advance(64 * SECOND);
    }
    expect(tally(codes)).toMatchObject({ current_password_wrong: 10, rate_limited: 110 });
    const right = await change(as(person));
    expect([right.status, right.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // The thief has used up the budget of the session, not that of its owner.
    expect(await loginStatus(person, PASSWORD)).toBe(200);
  });
});
