import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { DAY, MINUTE } from './support/clock.js';
import { decode } from './support/jwt.js';
import { as, pointers, withoutInstance } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count } from './support/rows.js';
import { type Person, TestServer } from './support/server.js';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const UNKNOWN_ID = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';

let server: TestServer;
let admin: Person;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
  bob = await server.person();
});
afterAll(() => server.stop());

function sessionId({ accessToken }: Person): string {
  return decode(accessToken).claims.sid;
}

async function signIn({ email, password }: Person, userAgent: string): Promise<Person> {
  const headers: Record<string, string> = { 'user-agent': userAgent };
  const { body } = await server.post('/auth/login', { email, password }, { headers });
  return { ...ada, accessToken: body.access_token, refreshToken: body.refresh_token };
}

async function stands(person: Person): Promise<boolean> {
  const { status } = await server.get('/users/me', as(person));
  return status === 200;
}

async function ids(options: RequestOptions): Promise<string[]> {
  const { body } = await server.get('/auth/sessions', options);
  return body.items.map(({ id }: { id: string }) => id);
}

function logout(refreshToken: string, options: RequestOptions = {}): Promise<Answer> {
  return server.post('/auth/logout', { refresh_token: refreshToken }, options);
}

describe('the list of sessions', () => {
  beforeAll(async () => {
    ada = await server.person();
  });

  it('[7.5.2] [14.2.6] says of each where it is, since when and until when, and no secret', async () => {
    const inBrowser = await signIn(ada, FIREFOX);
    const { status, body, headers } = await server.get('/auth/sessions', as(inBrowser));
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.nextCursor).toBeNull();
    expect(body.items).toHaveLength(2);
    const { createdAt, lastUsedAt, expiresAt, ...session } = body.items[1];
    expect(session).toEqual({
      id: sessionId(inBrowser),
      current: true,
      userAgent: FIREFOX,
      ip: '127.0.0.1',
      label: 'Firefox on Windows',
      amr: ['pwd'],
    });
    expect(lastUsedAt).toBe(createdAt);
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(14 * DAY);
    expect(body.items[0]).toMatchObject({ id: sessionId(ada), current: false });
  });

  it('says when a session was last used, and until when it lasts then', async () => {
    const [, before] = (await server.get('/auth/sessions', as(ada))).body.items;
    server.clock.advance(10 * MINUTE);
    ada = await server.signIn(ada.email);
    await server.post('/auth/refresh', { refresh_token: ada.refreshToken });
    const { body } = await server.get('/auth/sessions', as(ada));
    const own = body.items.find(({ current }: { current: boolean }) => current);
    expect(Date.parse(own.lastUsedAt)).toBeGreaterThan(Date.parse(before.lastUsedAt));
    expect(Date.parse(own.expiresAt) - Date.parse(own.lastUsedAt)).toBe(14 * DAY);
  });

  it('goes by pages', async () => {
    const all = await ids(as(ada));
    const first = await server.get('/auth/sessions?limit=1&count=true', as(ada));
    expect(first.body).toMatchObject({ total: all.length, items: [{ id: all[0] }] });
    expect(first.headers.get('link')).toContain('rel="next"');
    const { nextCursor } = first.body;
    const rest = await server.get(`/auth/sessions?cursor=${nextCursor}`, as(ada));
    expect(rest.body.items.map(({ id }: { id: string }) => id)).toEqual(all.slice(1));
    const others = await server.get(`/auth/sessions?cursor=${nextCursor}`, as(bob));
    expect([others.status, pointers(others)]).toEqual([400, ['/cursor']]);
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=201',
    'limit=1e2',
    'limit=9007199254740993',
    'limit=',
    'limit=1.5',
    'count=1',
    'cursor=x',
    'userId=x',
    'limit=1&limit=1',
  ])('[1.4.2] [15.3.7] refuses ?%s', async (query) => {
    const answer = await server.get(`/auth/sessions?${query}`, as(ada));
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  });

  it('marks none as the present one for a password, which has no session', async () => {
    const { body } = await server.get('/auth/sessions', { basic: [ada.email, ada.password] });
    expect(body.items.length).toBeGreaterThan(1);
    expect(body.items.every(({ current }: { current: boolean }) => !current)).toBe(true);
  });

  it('holds what a client says of itself as text, and no more of it than is useful', async () => {
    for (const userAgent of [
      '<script>alert(1)</script>',
      'x'.repeat(8000),
      '\u00e9\u00ff',
      'curl/8.5.0',
    ]) {
      const { body } = await server.get('/auth/sessions', as(await signIn(ada, userAgent)));
      const { userAgent: kept, label } = body.items.at(-1);
      expect(userAgent.startsWith(kept)).toBe(true);
      expect(kept.length).toBeLessThanOrEqual(400);
      expect(label === null || /^[\w.-]{1,40}$/.test(label)).toBe(true);
    }
  });

  it('is nobody else’s, and holds none that has ended or expired', async () => {
    const fresh = await server.person();
    expect(await ids(as(fresh))).toEqual([sessionId(fresh)]);
    const second = await server.signIn(fresh.email);
    await server.post('/auth/logout', undefined, as(fresh));
    expect(await ids(as(second))).toEqual([sessionId(second)]);
  });
});

describe('ending one session', () => {
  beforeAll(async () => {
    ada = await server.signIn(ada.email);
    bob = await server.signIn(bob.email);
  });

  it('counts at its next request, by access token and by refresh token, and for it alone', async () => {
    const [phone, laptop] = [await server.signIn(ada.email), await server.signIn(ada.email)];
    const answer = await server.delete(`/auth/sessions/${sessionId(phone)}`, as(laptop));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await stands(phone)).toBe(false);
    const refresh = await server.post('/auth/refresh', { refresh_token: phone.refreshToken });
    expect([refresh.status, refresh.body.code]).toEqual([401, 'session_ended']);
    expect(await stands(laptop)).toBe(true);
    expect(await stands(ada)).toBe(true);
  });

  it('may be the present one', async () => {
    const phone = await server.signIn(ada.email);
    expect((await server.delete(`/auth/sessions/${sessionId(phone)}`, as(phone))).status).toBe(204);
    expect(await stands(phone)).toBe(false);
  });

  it('twice is no error, and one event', async () => {
    const phone = await server.signIn(ada.email);
    const answers = await atOnce(20, () =>
      server.delete(`/auth/sessions/${sessionId(phone)}`, as(ada)),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 20 });
    const written = `type = 'session.ended' AND detail LIKE ?`;
    expect(count(server.dataDir, 'AuditEvent', written, `%${sessionId(phone)}%`)).toBe(1);
  });

  it('[8.2.2] of another looks like one that is not there, and ends nothing', async () => {
    const others = await server.delete(`/auth/sessions/${sessionId(bob)}`, as(ada));
    const unknown = await server.delete(`/auth/sessions/${UNKNOWN_ID}`, as(ada));
    expect([others.status, others.body.code]).toEqual([404, 'not_found']);
    expect(withoutInstance(others)).toEqual(withoutInstance(unknown));
    expect(await stands(bob)).toBe(true);
    const byAdmin = await server.delete(`/auth/sessions/${sessionId(bob)}`, as(admin));
    expect(byAdmin.status).toBe(404);
  });

  it.each(['x', '0', '%00', "'%20OR%201=1", '..%2f..%2fusers', UNKNOWN_ID.toUpperCase(), 'null'])(
    'by the id %s is 404',
    async (id) => {
      expect((await server.delete(`/auth/sessions/${id}`, as(ada))).status).toBe(404);
    },
  );

  it('needs a sign-in', async () => {
    const answer = await server.delete(`/auth/sessions/${sessionId(ada)}`);
    expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
  });
});

describe('ending all sessions', () => {
  it('[7.4.3] with keepCurrent ends all others', async () => {
    const person = await server.person();
    const others = [await server.signIn(person.email), await server.signIn(person.email)];
    const answer = await server.delete('/auth/sessions?keepCurrent=true', as(person));
    expect(answer.status).toBe(204);
    expect(await stands(person)).toBe(true);
    for (const other of others) expect(await stands(other)).toBe(false);
    expect(await ids(as(person))).toEqual([sessionId(person)]);
    expect(await stands(bob)).toBe(true);
  });

  it.each(['', '?keepCurrent=false'])('with %j ends the present one, too', async (query) => {
    const person = await server.person();
    const other = await server.signIn(person.email);
    expect((await server.delete(`/auth/sessions${query}`, as(person))).status).toBe(204);
    expect([await stands(person), await stands(other)]).toEqual([false, false]);
    expect(await stands(await server.signIn(person.email))).toBe(true);
  });

  it('by password ends every one, because none is the present one', async () => {
    const person = await server.person();
    const basic: [string, string] = [person.email, person.password];
    await server.delete('/auth/sessions?keepCurrent=true', { basic });
    expect(await stands(person)).toBe(false);
  });

  it.each([
    'keepCurrent=yes',
    'keepCurrent=',
    'keepCurrent=1',
    'keepCurrent=TRUE',
    'keepcurrent=true',
    'keepCurrent=true&keepCurrent=false',
    'userId=x',
  ])('refuses ?%s and ends nothing', async (query) => {
    const answer = await server.delete(`/auth/sessions?${query}`, as(bob));
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(await stands(bob)).toBe(true);
  });

  it('[7.4.5] of somebody with a hundred is done at the answer', async () => {
    const person = await server.person();
    await atOnce(100, () => server.signIn(person.email));
    expect(count(server.dataDir, 'Session', 'userId = ?', person.id)).toBe(101);
    await server.delete(`/users/${person.id}/sessions`, as(await server.signIn(admin.email)));
    const standing = 'userId = ? AND endedAt IS NULL';
    expect(count(server.dataDir, 'Session', standing, person.id)).toBe(0);
    expect(await stands(person)).toBe(false);
  });
});

describe('signing out', () => {
  let person: Person;

  async function signedIn(): Promise<Person> {
    person = await server.person();
    return person;
  }

  it('[7.4.1] by access token ends its session and no other', async () => {
    const other = await server.signIn((await signedIn()).email);
    const answer = await server.post('/auth/logout', undefined, as(person));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect([await stands(person), await stands(other)]).toEqual([false, true]);
    const again = await server.post('/auth/logout', undefined, as(person));
    expect([again.status, again.body.code]).toEqual([401, 'token_revoked']);
  });

  it('by refresh token needs no sign-in, and repeating it is no error', async () => {
    await signedIn();
    for (let i = 0; i < 3; i++) expect((await logout(person.refreshToken)).status).toBe(204);
    expect(await stands(person)).toBe(false);
    const refresh = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect(refresh.body.code).toBe('session_ended');
  });

  it('by refresh token works when the access token has expired or is sent along', async () => {
    await signedIn();
    expect((await logout(person.refreshToken, { bearer: 'no.good.token' })).status).toBe(204);
    await signedIn();
    server.clock.advance(20 * MINUTE);
    expect((await logout(person.refreshToken, as(person))).status).toBe(204);
    const refresh = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect(refresh.body.code).toBe('session_ended');
  });

  it('by refresh token works beside an access token whose session has ended', async () => {
    const [ended, live] = [await server.person(), await server.person()];
    await server.post('/auth/logout', undefined, { bearer: ended.accessToken });
    const answer = await server.post(
      '/auth/logout',
      { refresh_token: live.refreshToken },
      { bearer: ended.accessToken },
    );
    expect(answer.status).toBe(204);
    expect((await server.get('/users/me', { bearer: live.accessToken })).status).toBe(401);
  });

  it('by a refresh token that was used already ends its session, without alarm', async () => {
    await signedIn();
    const { body } = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect((await logout(person.refreshToken)).status).toBe(204);
    const refresh = await server.post('/auth/refresh', { refresh_token: body.refresh_token });
    expect(refresh.body.code).toBe('session_ended');
    expect(count(server.dataDir, 'AuditEvent', `type = 'refresh.reused'`)).toBe(0);
  });

  it('by an expired refresh token is no error', async () => {
    await signedIn();
    server.clock.advance(15 * DAY);
    expect((await logout(person.refreshToken)).status).toBe(204);
  });

  it('by a forged refresh token is refused and ends nothing', async () => {
    await signedIn();
    const forged = `${person.refreshToken.slice(0, -8)}AAAAAAAA`;
    for (const token of [forged, 'x', '']) {
      const answer = await logout(token, as(person));
      expect([answer.status, answer.body.code]).toEqual([401, 'refresh_token_invalid']);
    }
    expect(await stands(person)).toBe(true);
  });

  it('by password has nothing to end', async () => {
    await signedIn();
    const basic: [string, string] = [person.email, person.password];
    expect((await server.send('POST', '/auth/logout', { basic })).status).toBe(204);
    expect(await stands(person)).toBe(true);
    const wrong = await server.send('POST', '/auth/logout', { basic: [person.email, 'wrong'] });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
  });

  it('without anything is refused', async () => {
    for (const json of [undefined, {}]) {
      const answer = await server.post('/auth/logout', json);
      expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
    }
  });

  it('a hundred times at once ends it once', async () => {
    await signedIn();
    const answers = await atOnce(100, () => logout(person.refreshToken));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 100 });
    const written = `type = 'session.ended' AND subject = ?`;
    expect(count(server.dataDir, 'AuditEvent', written, person.id)).toBe(1);
  });

  it.each([
    [{ refresh_token: null }, ['/refresh_token']],
    [{ refresh_token: ['x'] }, ['/refresh_token']],
    [{ refresh_token: { not: '' } }, ['/refresh_token']],
    [{ sessionId: 'x' }, ['/sessionId']],
  ])('is not read from the body %j', async (body, expected) => {
    await signedIn();
    const answer = await server.post('/auth/logout', body, as(person));
    expect([answer.status, pointers(answer)]).toEqual([400, expected]);
    expect(await stands(person)).toBe(true);
  });
});
