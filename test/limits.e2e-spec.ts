import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load-config.js';
import { type Answer, basicHeader, type RequestOptions } from './support/client.js';
import { MINUTE, SECOND } from './support/clock.js';
import { as, withoutInstance } from './support/people.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const JWKS = '/.well-known/jwks.json';
const WRONG = 'not the right password';

let server: TestServer;

function serverWith(env: Record<string, string>): void {
  beforeAll(async () => {
    server = await TestServer.start({ RATE_LIMITS: 'on', ...env });
    server.clock.stop();
  });
  afterAll(() => server.stop());
}

/** As the one proxy that TRUST_PROXY=1 believes in would say. */
function from(address: string, options: RequestOptions = {}): RequestOptions {
  return { ...options, headers: { ...options.headers, 'x-forwarded-for': address } };
}

function times(count: number, send: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, send));
}

/** How many answers there were of each status. */
function statuses(answers: Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function fields({ headers }: Answer): Record<string, string | null> {
  return {
    policy: headers.get('ratelimit-policy'),
    limit: headers.get('ratelimit'),
    retryAfter: headers.get('retry-after'),
  };
}

function logIn(address: string, email: string, password: string): Promise<Answer> {
  return server.post('/auth/login', { email, password }, from(address));
}

describe('the general limit', () => {
  serverWith({ LIMIT_GENERAL: '100/1m', TRUST_PROXY: '1' });

  const ask = (address: string, path = JWKS) => server.get(path, from(address));

  it('lets exactly as many requests through as it says, also of 300 at once', async () => {
    expect(statuses(await times(300, () => ask('192.0.2.1')))).toEqual({ 200: 100, 429: 200 });
  });

  it('answers what is over it with a problem that says when to come back', async () => {
    const answer = await ask('192.0.2.1');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status: 429, code: 'rate_limited' });
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(fields(answer)).toEqual({
      policy: '"general";q=100;w=60',
      limit: `"general";r=0;t=${seconds}`,
      retryAfter: String(seconds),
    });
  });

  it('is over at the end of the window, not before, and trying does not make it longer', async () => {
    expect(statuses(await times(100, () => ask('192.0.2.2')))).toEqual({ 200: 100 });
    server.clock.advance(50 * SECOND);
    const refused = await ask('192.0.2.2');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(10);
    server.clock.advance(10 * SECOND);
    expect((await ask('192.0.2.2')).status).toBe(200);
  });

  it('says on every answer what is left', async () => {
    expect(fields(await ask('192.0.2.3'))).toEqual({
      policy: '"general";q=100;w=60',
      limit: '"general";r=99;t=60',
      retryAfter: null,
    });
    const refused = await ask('192.0.2.3', '/users/me');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('ratelimit')).toMatch(/^"general";r=98;t=(?:59|60)$/);
  });

  it('stands before the question who is asking', async () => {
    await times(100, () => ask('192.0.2.4'));
    const answer = await server.get('/users/me', from('192.0.2.4', { bearer: 'forged' }));
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([429, null]);
  });

  it.each(['/health', '/health/live', '/health/ready'])('does not meet %s', async (path) => {
    await times(100, () => ask('192.0.2.5'));
    const answer = await ask('192.0.2.5', path);
    expect([answer.status, fields(answer)]).toEqual([
      200,
      { policy: null, limit: null, retryAfter: null },
    ]);
    expect((await ask('192.0.2.5')).status).toBe(429);
  });

  it('counts HEAD like GET', async () => {
    await times(100, () => server.send('HEAD', JWKS, from('192.0.2.6')));
    expect((await ask('192.0.2.6')).status).toBe(429);
  });
});

describe('a network', () => {
  serverWith({ LIMIT_GENERAL: '3/1m', TRUST_PROXY: '1' });

  /** Uses up the limit of one address, then asks from another. */
  async function after(used: string, asking: string): Promise<number> {
    server.clock.advance(MINUTE);
    await times(3, () => server.get(JWKS, from(used)));
    return (await server.get(JWKS, from(asking))).status;
  }

  it.each([
    ['the same IPv4 address', '203.0.113.7', '203.0.113.7'],
    ['that address as IPv4-mapped IPv6', '203.0.113.7', '::ffff:203.0.113.7'],
    ['that address as IPv4-mapped IPv6 in hexadecimal', '203.0.113.7', '::ffff:cb00:7107'],
    ['that address with a port', '203.0.113.7', '203.0.113.7:4711'],
    ['another address of an IPv6 /64', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['an IPv6 address written in full', '2001:db8::1', '2001:0DB8:0000:0000:0000:0000:0000:0001'],
    ['that address behind forged ones', '203.0.113.7', '198.51.100.1, 198.51.100.2, 203.0.113.7'],
    ['a second name that is no address', 'nobody', 'somebody'],
  ])('[4.1.3] shares its limit with %s', async (_, used, asking) => {
    expect(await after(used, asking)).toBe(429);
  });

  it.each([
    ['another IPv4 address', '203.0.113.7', '203.0.113.8'],
    ['another IPv6 /64', '2001:db8:1:2::1', '2001:db8:1:3::1'],
  ])('does not share its limit with %s', async (_, used, asking) => {
    expect(await after(used, asking)).toBe(200);
  });
});

describe('without TRUST_PROXY', () => {
  serverWith({ LIMIT_GENERAL: '5/1m' });

  it('[4.1.3] a forged address gives nobody a fresh limit', async () => {
    const headers = (i: number) => ({
      'x-forwarded-for': `198.51.100.${i}`,
      'x-real-ip': `198.51.100.${i}`,
      forwarded: `for=198.51.100.${i}`,
      'x-original-uri': '/health',
    });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => server.get(JWKS, { headers: headers(i) })),
    );
    expect(statuses(answers)).toEqual({ 200: 5, 429: 5 });
  });
});

describe('a browser app', () => {
  const origin = 'https://app.example.org';
  serverWith({ LIMIT_GENERAL: '2/1m', CORS_ORIGINS: origin });

  it('meets no limit with its preflights, and can read the refusal of its requests', async () => {
    await times(2, () => server.get(JWKS, { headers: { origin } }));
    const refused = await server.get(JWKS, { headers: { origin } });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
    expect(refused.headers.get('access-control-expose-headers')).toMatch(
      /ratelimit.*ratelimit-policy.*retry-after/i,
    );
    const preflight = await server.send('OPTIONS', '/users/me', {
      headers: { origin, 'access-control-request-method': 'GET' },
    });
    expect([preflight.status, preflight.headers.get('ratelimit')]).toEqual([204, null]);
  });
});

describe('the limit on registrations', () => {
  serverWith({ LIMIT_REGISTER: '3/1h', TRUST_PROXY: '1' });

  const register = (address: string, email: string, password = PASSWORD) =>
    server.post('/auth/register', { email, password }, from(address));

  it('[2.4.1] counts new, known and refused ones of a network alike, and nothing else', async () => {
    const first = await register('192.0.2.1', 'ada@example.org');
    expect(first.status).toBe(202);
    expect(fields(first)).toEqual({
      policy: '"general";q=6000;w=60, "register";q=3;w=3600',
      limit: '"general";r=5999;t=60, "register";r=2;t=3600',
      retryAfter: null,
    });
    expect((await register('192.0.2.1', 'ada@example.org')).status).toBe(202);
    expect((await register('192.0.2.1', 'grace@example.org', 'short')).status).toBe(422);

    const refused = await register('192.0.2.1', 'ada@example.org');
    const refusedToo = await register('192.0.2.1', 'nobody@example.org');
    expect(refused.status).toBe(429);
    expect(withoutInstance(refusedToo)).toEqual(withoutInstance(refused));
    expect(fields(refused).policy).toBe('"register";q=3;w=3600');
    expect(fields(refused).limit).toBe(`"register";r=0;t=${fields(refused).retryAfter}`);
    expect(Number(fields(refused).retryAfter)).toBeGreaterThan(3590);

    expect((await register('192.0.2.2', 'grace@example.org')).status).toBe(202);
    expect((await server.get(JWKS, from('192.0.2.1'))).status).toBe(200);
    expect((await logIn('192.0.2.1', 'ada@example.org', WRONG)).status).toBe(401);
    server.clock.advance(60 * MINUTE);
    expect((await register('192.0.2.1', 'hedy@example.org')).status).toBe(202);
  });
});

describe('the limit on requests for mail', () => {
  serverWith({ TRUST_PROXY: '1', MAIL_CODE_LOGIN: 'on' });

  it('[2.4.1] counts those of a network together, for known and unknown addresses alike', async () => {
    const ada = await server.person('ada@example.org');
    const paths = ['/auth/password/forgot', '/auth/verify-email/resend', '/auth/login/code'];
    let asked = 0;
    const ask = (email = `nobody${++asked}@example.org`, address = '192.0.2.1') =>
      server.post(paths[asked % 3]!, { email }, from(address));
    expect(statuses(await times(330, () => ask()))).toEqual({ 202: 300, 429: 30 });

    const refused = await ask();
    expect(refused.body.code).toBe('rate_limited');
    expect(fields(refused).policy).toBe('"mail-requests";q=300;w=900');
    expect(withoutInstance(await ask(ada.email))).toEqual(withoutInstance(refused));
    expect((await ask(ada.email, '192.0.2.2')).status).toBe(202);
    expect((await logIn('192.0.2.1', ada.email, ada.password)).status).toBe(200);
    server.clock.advance(15 * MINUTE);
    expect((await ask()).status).toBe(202);
  });
});

describe('what no route answers', () => {
  serverWith({ LIMIT_GENERAL: '4/1m', TRUST_PROXY: '1' });

  it('counts against the general limit like everything else', async () => {
    const here = from('192.0.2.1');
    const answers = [
      await server.get('/nothing/here', here),
      await server.send('PUT', '/auth/login', here),
      await server.send('POST', '/auth/login', {
        ...here,
        raw: '{"email":',
        headers: { ...here.headers, 'content-type': 'application/json' },
      }),
      await server.send('POST', '/auth/login', {
        ...here,
        raw: 'a=b',
        headers: { ...here.headers, 'content-type': 'text/plain' },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 405, 400, 415]);
    expect(answers.map((answer) => fields(answer).limit)).toEqual(
      [3, 2, 1, 0].map((left) => expect.stringContaining(`"general";r=${left};t=`)),
    );
    const refused = await server.get('/nothing/here', here);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect((await server.get(JWKS, here)).status).toBe(429);
    expect((await server.get(JWKS, from('192.0.2.2'))).status).toBe(200);
  });
});

describe('the pages about the interface', () => {
  serverWith({ LIMIT_GENERAL: '4/1m', TRUST_PROXY: '1' });

  it('count against the general limit like everything else', async () => {
    const here = from('192.0.2.1');
    const paths = ['/docs', '/docs/start.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'];
    for (const [nr, path] of paths.entries()) {
      const answer = await server.get(path, here);
      expect([answer.status, fields(answer).policy]).toEqual([200, '"general";q=4;w=60']);
      expect(fields(answer).limit).toContain(`"general";r=${3 - nr};t=`);
    }
    for (const path of ['/docs', '/openapi.json']) {
      const refused = await server.get(path, here);
      expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
      expect(Number(fields(refused).retryAfter)).toBeGreaterThanOrEqual(1);
    }
    expect((await server.get('/docs', from('192.0.2.2'))).status).toBe(200);
  });
});

describe('the limit on failures of a network', () => {
  serverWith({ TRUST_PROXY: '1' });

  let ada: Person;
  let strangers = 0;
  beforeAll(async () => {
    ada = await server.person('ada@example.org');
  });

  const guessAnybody = (address: string) =>
    logIn(address, `stranger${++strangers}@example.org`, WRONG);

  it('[2.4.1] lets exactly 100 wrong passwords be wrong, also when all come at once', async () => {
    const answers = await times(125, () => guessAnybody('192.0.2.1'));
    expect(statuses(answers)).toEqual({ 401: 100, 429: 25 });
  });

  it('then refuses the right password, too, until 15 minutes are over', async () => {
    const refused = await logIn('192.0.2.1', ada.email, ada.password);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(14 * 60);
    expect(seconds).toBeLessThanOrEqual(15 * 60);
    expect(fields(refused)).toEqual({
      policy: '"failures";q=100;w=900',
      limit: `"failures";r=0;t=${seconds}`,
      retryAfter: String(seconds),
    });
    server.clock.advance(15 * MINUTE);
    expect((await logIn('192.0.2.1', ada.email, ada.password)).status).toBe(200);
  });

  it('holds for Basic on every closed route, but not for whoever has a session', async () => {
    const grace = await server.person();
    const me = (options: RequestOptions) => server.get('/users/me', from('192.0.2.2', options));
    const stranger = () => me({ basic: [`stranger${++strangers}@example.org`, WRONG] });
    expect(statuses(await times(100, stranger))).toEqual({ 401: 100 });

    const refused = await me({ basic: [grace.email, grace.password] });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([429, null]);
    const authorization = basicHeader(grace.email, grace.password);
    const atLogin = from('192.0.2.2', { headers: { authorization } });
    expect((await server.post('/auth/login', undefined, atLogin)).status).toBe(429);
    expect((await server.post('/auth/logout', {}, atLogin)).status).toBe(429);
    expect((await me(as(grace))).status).toBe(200);
  });

  it('is one for passwords, confirmations, resets and the setup, and only counts what fails', async () => {
    const address = '192.0.2.3';
    const post = (path: string, json: object) => server.post(path, json, from(address));
    const verify = (json: object) => post('/auth/verify-email', json);
    const reset = (token: string, password = PASSWORD) =>
      post('/auth/password/reset', { token, password });
    const unknown = `lk_ot_${'A'.repeat(43)}`;
    const setUp = { token: unknown, email: 'root@example.org', password: PASSWORD };
    await server.post('/auth/password/forgot', { email: ada.email });
    const { token } = await server.newestMail(ada.email);
    const right = () => reset(token!, `${PASSWORD} again`);

    // None of these is a wrong guess.
    for (let i = 0; i < 5; i++) {
      expect((await reset(token!, 'short')).status).toBe(422);
      expect((await verify({ token: 42 })).status).toBe(400);
      expect((await post('/auth/login', { email: ada.email })).status).toBe(400);
    }
    expect((await logIn(address, ada.email, ada.password)).status).toBe(200);

    const code = () => verify({ email: `stranger${++strangers}@example.org`, code: '123456' });
    const wrong = [
      ...(await times(40, () => guessAnybody(address))),
      ...(await times(20, () => verify({ token: unknown }))),
      ...(await times(20, code)),
      ...(await times(10, () => reset(unknown))),
      ...(await times(10, () => post('/setup', setUp))),
    ];
    expect(statuses(wrong)).toEqual({ 401: 40, 400: 60 });

    expect((await reset(unknown)).status).toBe(429);
    expect((await verify({ token: unknown })).status).toBe(429);
    expect((await post('/setup', setUp)).status).toBe(429);
    expect((await logIn(address, ada.email, 'another password')).status).toBe(429);
    expect((await post('/auth/password/forgot', { email: 'nobody@example.org' })).status).toBe(202);
    // What nobody can guess is taken all the same: it is the way out for whoever is kept out.
    const newcomer = 'newcomer@example.org';
    await server.post('/auth/register', { email: newcomer, password: PASSWORD });
    const { token: link } = await server.newestMail(newcomer);
    expect((await verify({ token: link })).body).toEqual({ status: 'verified' });
    expect((await right()).status).toBe(204);
    expect((await logIn(address, ada.email, `${PASSWORD} again`)).status).toBe(429);
    server.clock.advance(15 * MINUTE);
    expect((await logIn(address, ada.email, `${PASSWORD} again`)).status).toBe(200);
  });

  it('does not count people who are right: 120 sign in at once where 99 have failed', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => server.person()));
    const guesses = await times(99, () => guessAnybody('192.0.2.5'));
    expect(statuses(guesses)).toEqual({ 401: 99 });
    const each = people.map((person) =>
      times(40, () => logIn('192.0.2.5', person.email, person.password)),
    );
    expect(statuses((await Promise.all(each)).flat())).toEqual({ 200: 120 });
    expect((await guessAnybody('192.0.2.5')).status).toBe(401);
    expect((await logIn('192.0.2.5', ada.email, PASSWORD)).status).toBe(429);
    expect((await logIn('192.0.2.6', people[0]!.email, people[0]!.password)).status).toBe(200);
  });
});

describe('RATE_LIMITS=off', () => {
  serverWith({ RATE_LIMITS: 'off', LIMIT_GENERAL: '1/1m', LIMIT_REGISTER: '1/1h' });

  it('limits nothing and says nothing about limits', async () => {
    const asked = await times(10, () => server.get(JWKS));
    expect(statuses(asked)).toEqual({ 200: 10 });
    expect(fields(asked[0]!)).toEqual({ policy: null, limit: null, retryAfter: null });
    const wrong = () =>
      server.post('/auth/login', { email: 'nobody@example.org', password: WRONG });
    expect(statuses(await times(110, wrong))).toEqual({ 401: 110 });
  });

  it('is refused in production', () => {
    const production = {
      MODE: 'production',
      PUBLIC_URL: 'https://accounts.example.org',
      SMTP_URL: 'smtp://mail.example.org',
      MAIL_FROM: 'no-reply@example.org',
    };
    expect(loadConfig(production, server.dataDir).rateLimits).toBe(true);
    expect(() => loadConfig({ ...production, RATE_LIMITS: 'off' }, server.dataDir)).toThrow(
      'RATE_LIMITS may be off in development only',
    );
  });
});
