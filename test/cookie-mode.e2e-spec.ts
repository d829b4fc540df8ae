import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionCookie } from '../src/auth/session-cookie/session-cookie.js';
import { type Answer, basicHeader } from './support/client.js';
import { DAY, SECOND } from './support/clock.js';
import { codeOf, withApp } from './support/factors.js';
import { decode } from './support/jwt.js';
import { pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const NAME = '__Host-latchkey-session';
const APP = 'https://app.example.org';
/** What test/openapi.e2e-spec.ts holds against the routes there are. */
const DOCUMENT = new URL('../docs/openapi.json', import.meta.url);
/** What a page of the server's own origin sends. */
const SAME_ORIGIN = { 'x-requested-with': 'fetch', 'sec-fetch-site': 'same-origin' };

let server: TestServer;
let ada: Person;

/** The value of the session cookie that an answer sets; empty: it is cleared; undefined: neither. */
function cookieOf({ headers }: Answer): string | undefined {
  const set = headers.getSetCookie().find((cookie) => cookie.startsWith(`${NAME}=`));
  return set?.slice(NAME.length + 1).split(';')[0];
}

type Headers = Record<string, string | undefined>;

/** The headers of a page on the server's own origin, but for these; undefined leaves one out. */
function page(headers: Headers): Record<string, string> {
  const all = Object.entries({ ...SAME_ORIGIN, ...headers });
  return Object.fromEntries(
    all.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function signIn({ email, password }: Person, headers: Headers = {}) {
  const json = { email, password };
  return server.post('/auth/login?session=cookie', json, { headers: page(headers) });
}

/** A request of a page, with the cookie the browser adds. */
function byCookie(path: string, value: string, headers: Headers = {}) {
  const cookie = `theme=dark; ${NAME}=${value}; other=1`;
  return server.send('POST', path, { headers: page({ cookie, ...headers }) });
}

const refresh = (value: string, headers?: Headers) => byCookie('/auth/refresh', value, headers);
const logout = (value: string, headers?: Headers) => byCookie('/auth/logout', value, headers);

/** Someone signed in by cookie; gives the cookie's value and the access token. */
async function begun(person = ada): Promise<{ value: string; access: string }> {
  const answer = await signIn(person);
  expect(answer.status).toBe(200);
  return { value: cookieOf(answer)!, access: answer.body.access_token };
}

function sessionOf(accessToken: string): any {
  const { sid } = decode(accessToken).claims;
  return rows(server.dataDir, 'SELECT * FROM Session WHERE id = ?', sid)[0];
}

async function isSignedIn(accessToken: string): Promise<boolean> {
  return (await server.get('/users/me', { bearer: accessToken })).status === 200;
}

/** Every way a page of another site, or one that is not listed, can look. */
const STRANGERS: Headers[] = [
  { 'x-requested-with': undefined },
  { 'x-requested-with': '' },
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'cross-site', origin: APP },
  { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.org' },
  { 'sec-fetch-site': 'same-site', origin: 'null' },
  { 'sec-fetch-site': 'same-site' },
  ...[
    'https://evil.example',
    'null',
    `${APP}.evil.example`,
    'https://app.example.org@evil.example',
    '//app.example.org',
    'https://app.example.org/\\evil.example',
    'https://app.example.org%2f%2fevil.example',
    'http://app.example.org',
  ].map((origin) => ({ 'sec-fetch-site': undefined, origin })),
];

beforeAll(async () => {
  server = await TestServer.start({
    PUBLIC_URL: 'https://accounts.example.org',
    CORS_ORIGINS: APP,
    MAIL_CODE_LOGIN: 'on',
  });
  server.clock.stop();
  ada = await server.person();
});
afterAll(() => server.stop());

describe('signing in with ?session=cookie', () => {
  it('[10.1.1] [3.3.4] gives the access token in the body and the refresh token in a cookie alone', async () => {
    const answer = await signIn(ada);
    expect([answer.status, Object.keys(answer.body).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'refresh_expires_in', 'scope', 'token_type'],
    ]);
    expect(cookieOf(answer)).toMatch(/^lk_rt_[\w-]{71}$/);
    expect(answer.text).not.toContain('lk_rt_');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await isSignedIn(answer.body.access_token)).toBe(true);
  });

  it('[3.3.1] [3.3.2] [3.3.3] [3.3.5] sets a cookie for this host, https and no script, as long as the session', async () => {
    const answer = await signIn(ada);
    const cookie = answer.headers.getSetCookie().find((set) => set.startsWith(NAME))!;
    expect(cookie.split('; ').slice(1)).toEqual([
      `Max-Age=${answer.body.refresh_expires_in}`,
      'Path=/',
      'Secure',
      'HttpOnly',
      'SameSite=Strict',
    ]);
    expect(answer.body.refresh_expires_in).toBe((14 * DAY) / 1000);
    expect(cookie.length).toBeLessThan(4096);
  });

  it('takes Basic with an empty body, too', async () => {
    const authorization = basicHeader(ada.email, ada.password);
    const answer = await server.send('POST', '/auth/login?session=cookie', {
      headers: { ...SAME_ORIGIN, authorization },
    });
    expect([answer.status, answer.body.refresh_token]).toEqual([200, undefined]);
    expect(cookieOf(answer)).toContain('lk_rt_');
  });

  it('leaves no cookie when the password is wrong', async () => {
    const answer = await signIn({ ...ada, password: 'wrong wrong wrong' });
    expect([answer.status, cookieOf(answer)]).toEqual([401, undefined]);
  });

  it('[7.2.4] ends the session that the browser had before', async () => {
    const before = await begun();
    const after = await signIn(ada, { cookie: `${NAME}=${before.value}` });
    expect(sessionOf(before.access)).toMatchObject({ endReason: 'replaced' });
    expect(await isSignedIn(before.access)).toBe(false);
    expect((await refresh(cookieOf(after)!)).status).toBe(200);
  });

  it.each(['', 'x', `lk_rt_${'A'.repeat(71)}`, '"'])(
    'does not mind a cookie like %j that is none of ours',
    async (value) => {
      expect((await signIn(ada, { cookie: `${NAME}=${value}` })).status).toBe(200);
    },
  );

  it.each(['', 'Cookie', 'body', 'cookie ', 'true'])('session=%j is refused', async (session) => {
    const path = `/auth/login?session=${encodeURIComponent(session)}`;
    const { email, password } = ada;
    const answer = await server.post(path, { email, password }, { headers: SAME_ORIGIN });
    expect([answer.status, pointers(answer)]).toEqual([400, ['/session']]);
  });

  it('is offered by every route that begins a session, and does as much there', async () => {
    const document = JSON.parse(readFileSync(DOCUMENT, 'utf8'));
    const offering = Object.entries<any>(document.paths).flatMap(([path, { post }]) => {
      const answer = post?.responses[200]?.content?.['application/json']?.schema?.$ref;
      if (answer !== '#/components/schemas/TokenResponse' || path === '/auth/refresh') return [];
      return [[path, post.parameters.some(({ name }: { name: string }) => name === 'session')]];
    });
    expect(offering.length).toBeGreaterThan(2);
    expect(offering).toEqual(offering.map(([path]) => [path, true]));

    const asked = await server.post('/auth/login/code', { email: ada.email });
    const { code } = await server.newestMail(ada.email);
    const json = { login_token: asked.body.login_token, code };
    const answer = await server.post('/auth/login/code/verify?session=cookie', json, {
      headers: SAME_ORIGIN,
    });
    expect([answer.status, answer.body.refresh_token]).toEqual([200, undefined]);
    expect((await refresh(cookieOf(answer)!)).status).toBe(200);
  });

  it('[10.1.1] sets it at the second half, and none half way', async () => {
    const person = await server.person();
    const before = await begun(person);
    const owner = await withApp(server, { ...person, accessToken: before.access });
    const cookie = `${NAME}=${before.value}`;
    const half = await signIn(owner, { cookie });
    expect([half.status, half.body.code]).toEqual([401, 'mfa_required']);
    expect(half.headers.getSetCookie()).toEqual([]);
    expect(await isSignedIn(before.access)).toBe(true);

    const json = { mfa_token: half.body.mfa_token, code: codeOf(server, owner.secret), scope: '' };
    const path = '/auth/mfa/verify?session=cookie';
    const foreign = await server.post(path, json, { headers: page(STRANGERS[0]!) });
    expect([foreign.status, foreign.body.code]).toEqual([403, 'origin_not_allowed']);
    const answer = await server.post(path, json, { headers: page({ cookie }) });
    expect([answer.status, answer.body.refresh_token]).toEqual([200, undefined]);
    expect(decode(answer.body.access_token).claims).toMatchObject({
      amr: ['pwd', 'otp', 'mfa'],
      narrowed: true,
    });
    expect(sessionOf(before.access)).toMatchObject({ endReason: 'replaced' });
    expect((await refresh(cookieOf(answer)!)).status).toBe(200);
  });

  it('without it, sets no cookie and gives both tokens', async () => {
    const { email, password } = ada;
    const answer = await server.post('/auth/login', { email, password }, { headers: SAME_ORIGIN });
    expect([answer.status, cookieOf(answer)]).toEqual([200, undefined]);
    expect(answer.body.refresh_token).toContain('lk_rt_');
  });
});

describe('[3.5.1] [F59] a page that may not', () => {
  it.each(STRANGERS)('does not sign in: %j', async (headers) => {
    const before = count(server.dataDir, 'Session');
    const answer = await signIn(ada, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'origin_not_allowed']);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(count(server.dataDir, 'Session')).toBe(before);
  });

  it.each(STRANGERS)(
    'neither refreshes nor signs out, and rotates nothing: %j',
    async (headers) => {
      const { value, access } = await begun();
      for (const path of ['/auth/refresh', '/auth/logout']) {
        const answer = await byCookie(path, value, headers);
        expect([answer.status, answer.body.code]).toEqual([403, 'origin_not_allowed']);
        expect(answer.headers.getSetCookie()).toEqual([]);
        expect(answer.headers.get('location')).toBeNull();
        expect(answer.headers.get('clear-site-data')).toBeNull();
      }
      expect(sessionOf(access)).toMatchObject({ generation: 0, endedAt: null });
      expect((await refresh(value)).status).toBe(200);
    },
  );

  it('by a form gets no further than its type', async () => {
    const { value, access } = await begun();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { cookie: `${NAME}=${value}`, 'content-type': type, origin: 'null' };
      const answer = await server.send('POST', '/auth/refresh', { raw: 'a=b', headers });
      expect(answer.status).toBe(415);
    }
    expect(sessionOf(access)).toMatchObject({ generation: 0, endedAt: null });
  });

  it('one that may: of the own origin, of a listed one on the same site, of no browser', async () => {
    for (const headers of [
      {},
      { 'x-requested-with': 'XMLHttpRequest' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-site', origin: APP },
      { 'sec-fetch-site': undefined, origin: APP },
      { 'sec-fetch-site': undefined, origin: server.publicUrl },
      { 'sec-fetch-site': undefined },
    ]) {
      const { value } = await begun();
      expect([headers, (await refresh(value, headers)).status]).toEqual([headers, 200]);
    }
  });

  it('a listed one can read the answers, and may send cookies', async () => {
    const { value } = await begun();
    const answer = await refresh(value, { 'sec-fetch-site': 'same-site', origin: APP });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
    });
    const preflight = await server.send('OPTIONS', '/auth/refresh', {
      headers: {
        origin: APP,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-requested-with',
      },
    });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-requested-with');
  });
});

describe('refreshing by the cookie', () => {
  it('[10.1.1] gives an access token, and the next refresh token in the cookie alone', async () => {
    const { value, access } = await begun();
    const answer = await refresh(value);
    expect([answer.status, 'refresh_token' in answer.body]).toEqual([200, false]);
    expect(answer.text).not.toContain('lk_rt_');
    const next = cookieOf(answer)!;
    expect(next).toContain('lk_rt_');
    expect(next).not.toBe(value);
    expect(decode(answer.body.access_token).claims.sid).toBe(decode(access).claims.sid);
    expect((await refresh(next)).status).toBe(200);
  });

  it('forty times at once, as after a lost answer, gives one successor', async () => {
    const { value, access } = await begun();
    const answers = await atOnce(40, () => refresh(value));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 40 });
    expect(new Set(answers.map(cookieOf)).size).toBe(1);
    expect(sessionOf(access)).toMatchObject({ generation: 1, endedAt: null });
  });

  it('with a token in the body refreshes that one, and leaves the cookie alone', async () => {
    const { value, access } = await begun();
    const other = await server.signIn(ada.email);
    const answer = await server.post(
      '/auth/refresh',
      { refresh_token: other.refreshToken },
      { headers: { ...SAME_ORIGIN, cookie: `${NAME}=${value}` } },
    );
    expect([answer.status, cookieOf(answer)]).toEqual([200, undefined]);
    expect(decode(answer.body.access_token).claims.sid).toBe(decode(other.accessToken).claims.sid);
    expect(answer.body.refresh_token).toContain('lk_rt_');
    expect(sessionOf(access)).toMatchObject({ generation: 0 });
  });

  it('is refused and clears the cookie once the session is over', async () => {
    const reused = await begun();
    await refresh(reused.value);
    server.clock.advance(20 * SECOND);
    const ended = await begun();
    await server.post('/auth/logout', undefined, { bearer: ended.access });
    for (const [value, code] of [
      [reused.value, 'refresh_token_reused'],
      [ended.value, 'session_ended'],
      ['x', 'refresh_token_invalid'],
      ['', 'refresh_token_invalid'],
    ] as const) {
      const answer = await refresh(value);
      expect([answer.status, answer.body.code]).toEqual([401, code]);
      expect(answer.headers.getSetCookie()).toEqual([
        `${NAME}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict`,
      ]);
    }
  });

  it('without a cookie says so', async () => {
    const answer = await server.post('/auth/refresh', undefined, { headers: SAME_ORIGIN });
    expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
    const neither = await server.post('/auth/refresh', undefined);
    expect([neither.status, pointers(neither)]).toEqual([400, ['/refresh_token']]);
  });
});

describe('[14.3.1] signing out', () => {
  const CLEARED = `${NAME}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict`;

  it('by the cookie ends its session, takes the cookie, and clears what the page has kept', async () => {
    const { value, access } = await begun();
    const answer = await logout(value);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, [CLEARED]]);
    // Without "cookies": the cookie of the known device stays.
    expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"');
    expect(sessionOf(access)).toMatchObject({ endReason: 'logout' });
    expect((await refresh(value)).body.code).toBe('session_ended');
    expect((await logout(value)).status).toBe(204);
  });

  it('by cookie and access token ends both sessions, when they are two', async () => {
    const { value, access } = await begun();
    const other = await server.signIn(ada.email);
    const answer = await logout(value, { authorization: `Bearer ${other.accessToken}` });
    expect(answer.status).toBe(204);
    expect([await isSignedIn(access), await isSignedIn(other.accessToken)]).toEqual([false, false]);
  });

  it('works when the access token has expired', async () => {
    const { value, access } = await begun();
    server.clock.advance(16 * 60 * SECOND);
    expect((await logout(value, { authorization: `Bearer ${access}` })).status).toBe(204);
    expect(sessionOf(access)).toMatchObject({ endReason: 'logout' });
  });

  it('by an access token alone leaves a cookie that its browser has added', async () => {
    const { value, access } = await begun();
    const other = await server.signIn(ada.email);
    const answer = await server.send('POST', '/auth/logout', {
      bearer: other.accessToken,
      headers: { cookie: `${NAME}=${value}`, 'sec-fetch-site': 'cross-site' },
    });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, []]);
    expect([await isSignedIn(access), await isSignedIn(other.accessToken)]).toEqual([true, false]);
  });

  it('by a cookie of nobody takes it away, and still needs a sign-in', async () => {
    const answer = await logout('x');
    expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
    expect(answer.headers.getSetCookie()).toEqual([CLEARED]);
  });
});

describe('the cookie', () => {
  it('signs nobody in anywhere else', async () => {
    const { value } = await begun();
    const headers = { ...SAME_ORIGIN, cookie: `${NAME}=${value}` };
    for (const [method, path] of [
      ['GET', '/users/me'],
      ['PATCH', '/users/me'],
      ['GET', '/auth/sessions'],
      ['DELETE', '/auth/sessions'],
      ['POST', '/auth/password/change'],
    ] as const) {
      const answer = await server.send(method, path, { headers });
      expect([path, answer.status, answer.body.code]).toEqual([path, 401, 'token_missing']);
    }
  });

  it.each(['\xa0', '\x85', '\t', 'x'])(
    'is not known by a name that begins with %j, which any neighbouring site may set',
    async (before) => {
      const { value } = await begun();
      const cookie = `theme=dark; ${before}${NAME}=${value}`;
      const answer = await byCookie('/auth/refresh', value, { cookie });
      expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
      expect((await refresh(value)).status).toBe(200);
    },
  );

  it('stands for nothing in a body, header or query', async () => {
    const { value } = await begun();
    expect((await server.get('/users/me', { bearer: value })).status).toBe(401);
    expect((await server.get(`/users/me?session=${value}`)).status).toBe(401);
  });

  describe('shown, not used,', () => {
    /** The session the server sees behind the cookie. */
    async function shown(value: string): Promise<string | undefined> {
      const request = { headers: { cookie: `${NAME}=${value}` } } as any;
      return (await server.app.get(SessionCookie).sessionOf(request))?.id;
    }

    it('is its session, and stays as it is', async () => {
      const { value, access } = await begun();
      const { sid } = decode(access).claims;
      expect([await shown(value), await shown(value)]).toEqual([sid, sid]);
      expect(sessionOf(access)).toMatchObject({ generation: 0 });
      expect((await refresh(value)).status).toBe(200);
    });

    it('after a refresh counts while the grace lasts, then is nobody, and ends nothing', async () => {
      const { value, access } = await begun();
      const { sid } = decode(access).claims;
      expect(await shown(value)).toBe(sid);
      const next = cookieOf(await refresh(value))!;
      expect([await shown(value), await shown(next)]).toEqual([sid, sid]);
      server.clock.advance(10 * SECOND);
      expect([await shown(value), await shown(next)]).toEqual([undefined, sid]);
      const last = cookieOf(await refresh(next))!;
      expect([await shown(value), await shown(last)]).toEqual([undefined, sid]);
      expect(sessionOf(access)).toMatchObject({ endedAt: null });
    });

    it('is nobody once its session has ended or gone idle, and when it is forged', async () => {
      const { value, access } = await begun();
      const idle = await begun();
      await server.post('/auth/logout', undefined, { bearer: access });
      expect(await shown(value)).toBeUndefined();
      expect(await shown(idle.value)).toBeDefined();
      const forged =
        idle.value.slice(0, -8) + (idle.value.endsWith('AAAAAAAA') ? 'B' : 'A').repeat(8);
      expect(await shown(forged)).toBeUndefined();
      server.clock.advance(14 * DAY);
      expect(await shown(idle.value)).toBeUndefined();
      expect(await shown('')).toBeUndefined();
    });
  });
});

it('where browsers would not keep the cookie, cookie mode is refused, and the log says so', async () => {
  await server.stop();
  server = await TestServer.start({ PUBLIC_URL: 'http://accounts.example.org' });
  ada = await server.person();
  const answer = await signIn(ada);
  expect([answer.status, answer.body.code]).toEqual([403, 'https_required']);
  expect(answer.body.detail).toContain('PUBLIC_URL');
  expect(server.logLines.some((line) => /cookie mode.*PUBLIC_URL/i.test(line))).toBe(true);
});

it.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
  'on this machine, %s, it needs no https',
  async (PUBLIC_URL) => {
    await server.stop();
    server = await TestServer.start({ PUBLIC_URL });
    ada = await server.person('ada@example.org', PASSWORD);
    expect((await signIn(ada)).status).toBe(200);
    expect(server.logLines.join('')).not.toMatch(/cookie mode/i);
  },
);

it('origins of another site are named at the start', async () => {
  await server.stop();
  server = await TestServer.start({
    PUBLIC_URL: 'https://accounts.example.org',
    CORS_ORIGINS: `${APP},https://elsewhere.example`,
  });
  const line = server.logLines.find((text) => /cookie mode/i.test(text))!;
  expect(JSON.parse(line)).toMatchObject({ origins: ['https://elsewhere.example'] });
});
