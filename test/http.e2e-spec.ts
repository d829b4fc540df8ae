import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OwnSessionsService } from '../src/auth/sessions/own-sessions.service.js';
import { CODES } from '../src/common/errors/codes.js';
import type { Answer, RequestOptions } from './support/client.js';
import { as, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { exchange, head } from './support/raw.js';
import { digest } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const REQUEST_ID = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';

let server: TestServer;
let ada: Person;

/** A body sent as it stands. */
function postRaw(
  path: string,
  raw: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
): Promise<Answer> {
  return server.send('POST', path, { raw, headers });
}

/** Whatever went wrong, the answer has the same form and tells nothing more than it must. */
function expectProblem(answer: Answer, status: number, code: keyof typeof CODES): void {
  expect([answer.status, answer.body?.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const { errors, ...members } = answer.body;
  expect(members).toEqual({
    type: `${server.publicUrl}/docs/errors#${code}`,
    title: CODES[code].title,
    status,
    detail: expect.any(String),
    instance: `urn:uuid:${answer.headers.get('x-request-id')}`,
    code,
  });
  for (const error of errors ?? []) {
    expect(Object.keys(error).sort()).toEqual(['code', 'detail', 'pointer']);
  }
  expectGuarded(answer);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.text).not.toMatch(
    /\bat [\w.<>]+ \(|node_modules|SELECT |prisma|\/srv\/|\.[jt]s:\d/i,
  );
}

/** The headers that every answer has. */
function expectGuarded({ headers }: Answer): void {
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'"); // object-src too, then
  expect(policy).toContain("base-uri 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*(?:unsafe|\*)/);
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'x-request-id': expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  });
  for (const name of ['server', 'x-powered-by', 'via']) expect(headers.get(name)).toBeNull();
}

describe('every error is a problem (RFC 9457)', () => {
  beforeAll(async () => {
    server = await TestServer.start();
    ada = await server.person();
  });
  afterAll(() => server.stop());
  afterEach(() => vi.restoreAllMocks());

  const cases: [keyof typeof CODES, number, string, string, RequestOptions?][] = [
    ['validation_failed', 400, 'POST', '/auth/login', { json: {} }],
    ['malformed_json', 400, 'POST', '/auth/login', { raw: '{', headers: JSON_TYPE }],
    ['token_invalid', 400, 'POST', '/auth/verify-email', { json: { token: 'x' } }],
    ['token_missing', 401, 'GET', '/users/me'],
    ['token_malformed', 401, 'GET', '/users/me', { bearer: 'x' }],
    ['refresh_token_invalid', 401, 'POST', '/auth/refresh', { json: { refresh_token: 'x' } }],
    ['not_found', 404, 'GET', '/nowhere'],
    ['not_found', 404, 'POST', '/nowhere', { json: {} }],
    ['not_found', 404, 'GET', '/auth'],
    ['not_found', 404, 'GET', '/health/'],
    ['not_found', 404, 'GET', '//health'],
    ['not_found', 404, 'GET', '/HEALTH'],
    ['not_found', 404, 'GET', '/%'],
    ['not_found', 404, 'GET', '/%E0%A4%A'],
    ['not_found', 404, 'GET', '/health%00'],
    ['not_found', 404, 'DELETE', `/auth/sessions/${'x'.repeat(300)}`],
    ['method_not_allowed', 405, 'DELETE', '/auth/login'],
    ['payload_too_large', 413, 'POST', '/auth/login', { json: { email: 'x'.repeat(65_536) } }],
    [
      'unsupported_media_type',
      415,
      'POST',
      '/auth/login',
      { raw: 'a=1', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'password_rejected',
      422,
      'POST',
      '/auth/register',
      { json: { email: 'a@example.org', password: 'password' } },
    ],
  ];
  it.each(cases)('%s: %i for %s %s', async (code, status, method, path, options) => {
    expectProblem(await server.send(method, path, options), status, code);
  });

  it('[2.2.1] also for an account that is not confirmed, and a permission that is missing', async () => {
    const json = { email: 'waiting@example.org', password: PASSWORD };
    await server.post('/auth/register', json);
    expectProblem(await server.post('/auth/login', json), 403, 'email_not_verified');
    expectProblem(await server.get('/users', as(ada)), 403, 'permission_required');
  });

  it('[16.5.1] [16.3.4] 500 says nothing of what went wrong; the log does, under the same id', async () => {
    const error = new Error('SELECT * FROM secrets; at /srv/latchkey/src/secret.ts:1');
    vi.spyOn(server.app.get(OwnSessionsService), 'list').mockRejectedValueOnce(error);
    const answer = await server.get('/auth/sessions', as(ada));
    expectProblem(answer, 500, 'internal_error');
    const requestId = answer.headers.get('x-request-id')!;
    const lines = server.logLines.filter((line) => line.includes(requestId));
    expect(lines.some((line) => line.includes('SELECT * FROM secrets'))).toBe(true);
    expect((await server.get('/auth/sessions', as(ada))).status).toBe(200);
  });

  it('[16.5.2] 503 with Retry-After when the database stays busy, and never 401', async () => {
    const busy = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
    vi.spyOn(server.app.get(OwnSessionsService), 'list').mockRejectedValueOnce(busy);
    const answer = await server.get('/auth/sessions', as(ada));
    expectProblem(answer, 503, 'database_busy');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  it('[15.4.3] a database that another process holds for a moment is waited for, and readers do not wait', async () => {
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    db.exec('BEGIN IMMEDIATE');
    const json = { email: 'patient@example.org', password: PASSWORD };
    const registration = server.post('/auth/register', json);
    expect((await server.get('/users/me', as(ada))).status).toBe(200);
    expect((await server.get('/auth/sessions', as(ada))).status).toBe(200);
    db.exec('COMMIT');
    db.close();
    expect((await registration).status).toBe(202);
  });

  it('type leads to what the code means', async () => {
    const page = await server.get('/docs/errors');
    for (const code of Object.keys(CODES)) expect(page.text).toContain(`id="${code}"`);
  });

  it('[4.1.4] 405 names the methods the path takes; no header makes one method another', async () => {
    const allowed = async (method: string, path: string, headers = {}) => {
      const answer = await server.send(method, path, { headers });
      return [answer.status, answer.headers.get('allow')];
    };
    expect(await allowed('DELETE', '/permissions')).toEqual([405, 'GET, HEAD']);
    expect(await allowed('PUT', '/auth/sessions')).toEqual([405, 'DELETE, GET, HEAD']);
    expect(await allowed('GET', '/auth/login')).toEqual([405, 'POST']);
    expect(await allowed('HEAD', '/auth/login')).toEqual([405, 'POST']);
    expect(await allowed('OPTIONS', '/auth/login')).toEqual([405, 'POST']);
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      expect(await allowed('POST', '/health', { [name]: 'GET' })).toEqual([405, 'GET, HEAD']);
    }
  });

  it('HEAD is GET without the body', async () => {
    await server.mailSettled(); // the start page tells of mail
    for (const path of ['/health', '/', '/auth/verify-email', '/.well-known/jwks.json']) {
      const [byHead, byGet] = [await server.send('HEAD', path), await server.get(path)];
      expect([path, byHead.status, byHead.text]).toEqual([path, 200, '']);
      expect(byHead.headers.get('content-type')).toBe(byGet.headers.get('content-type'));
      expect(byHead.headers.get('content-length')).toBe(byGet.headers.get('content-length'));
    }
  });
});

describe('a body', () => {
  const GOOD = JSON.stringify({ email: 'nobody@example.org', password: PASSWORD });

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF8',
    'application/json; charset="utf-8"',
    'application/json; profile=x',
  ])('is read when it is %s', async (type) => {
    const answer = await postRaw('/auth/login', GOOD, { 'content-type': type });
    expect(answer.body.code).toBe('invalid_credentials');
  });

  it.each([
    'text/plain',
    'text/json',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonx',
    'application/problem+json',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=""',
    'json',
    '',
  ])('[3.5.2] is refused as %j', async (type) => {
    const answer = await postRaw('/auth/login', GOOD, { 'content-type': type });
    expectProblem(answer, 415, 'unsupported_media_type');
  });

  it('without a type is refused', async () => {
    const answer = await exchange(
      server.url,
      head('POST /auth/login', `Content-Length: ${GOOD.length}`) + GOOD,
    );
    expect(answer.status).toBe(415);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x-unknown'])(
    'that is encoded as %s is refused, not unpacked',
    async (encoding) => {
      const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000, ' ')));
      const answer = await postRaw('/auth/login', bomb.slice(0, 60_000), {
        ...JSON_TYPE,
        'content-encoding': encoding,
      });
      expectProblem(answer, 415, 'unsupported_media_type');
    },
  );

  it('may be 64 kB long, and not a byte longer', async () => {
    const full = GOOD + ' '.repeat(65_536 - GOOD.length);
    expect((await postRaw('/auth/login', full)).body.code).toBe('invalid_credentials');
    expectProblem(await postRaw('/auth/login', `${full} `), 413, 'payload_too_large');
  });

  it('of 11 MB is refused, by its announced length and by its real one', async () => {
    const huge = await exchange(
      server.url,
      head('POST /auth/login', 'Content-Type: application/json', 'Content-Length: 11000000'),
    );
    expect([huge.status, JSON.parse(huge.body).code]).toEqual([413, 'payload_too_large']);
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const chunked = await exchange(
      server.url,
      head('POST /auth/login', 'Content-Type: application/json', 'Transfer-Encoding: chunked') +
        chunk.repeat(3),
    );
    expect(chunked.status).toBe(413);
    expect((await server.get('/health')).status).toBe(200);
  });

  const NOT_JSON: [string, string | Uint8Array<ArrayBuffer>][] = [
    ['half an object', '{"email":'],
    ['text', 'email=ada'],
    ['nothing but space', '  '],
    ['two objects', '{}{}'],
    ['a member twice', '{"email":"a@example.org","email":"b@example.org"}'],
    ['a member twice, once escaped', '{"email":"a@example.org","\\u0065mail":"b@example.org"}'],
    ['a byte order mark', `\ufeff${GOOD}`],
    ['UTF-16', new Uint8Array(Buffer.from(GOOD, 'utf16le'))],
    ['bytes that are not UTF-8', new Uint8Array(Buffer.from('{"email":"caf\u00e9"}', 'latin1'))],
    ['an overlong encoding', new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['half of a surrogate pair', '{"email":"\\ud800"}'],
    ['__proto__', '{"__proto__":{"polluted":true}}'],
    ['__proto__, escaped', '{"\\u005f_proto__":{"polluted":true}}'],
    ['10 000 levels', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['10 000 levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['NaN', '{"email":NaN}'],
    ['a comment', '{/* */}'],
  ];
  it.each(NOT_JSON)('[1.5.2] [1.5.3] with %s is malformed', async (_, body) => {
    expectProblem(await postRaw('/auth/login', body), 400, 'malformed_json');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each(['[]', '[{}]', 'null', 'true', '5', '"text"', '[{"email":"a@example.org"}]'])(
    'that is %s is no object',
    async (body) => {
      const answer = await postRaw('/auth/login', body);
      expectProblem(answer, 400, 'validation_failed');
      expect(pointers(answer)).toEqual(['']);
    },
  );

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'then'])(
    '[15.3.6] with the member %s is refused, and nothing is polluted',
    async (name) => {
      const body = JSON.stringify({ [name]: { prototype: { polluted: true } } });
      const answer = await postRaw('/auth/login', body);
      expectProblem(answer, 400, 'validation_failed');
      expect(pointers(answer)).toContain(`/${name}`);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect((await postRaw('/auth/login', GOOD)).body.code).toBe('invalid_credentials');
    },
  );

  it('with thousands of members is refused, and nobody has to wait', async () => {
    const members = Array.from({ length: 6000 }, (_, nr) => `"k${nr}":1`).join(',');
    const [health, answer] = await Promise.all([
      server.get('/health'),
      postRaw('/auth/login', `{${members}}`),
    ]);
    expect([health.status, answer.status]).toEqual([200, 400]);
    expectProblem(answer, 400, 'malformed_json');
    expect(answer.text.length).toBeLessThan(1000);
  });

  it('with 256 unknown members is told of twenty', async () => {
    const members = Array.from({ length: 256 }, (_, nr) => `"k${nr}":1`).join(',');
    const answer = await postRaw('/auth/login', `{${members}}`);
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors).toHaveLength(20);
    expect(answer.body.detail.match(/There is no field k\d+ here\./g)).toHaveLength(20);
  });

  it('[2.4.1] with a query of more than 32 parameters is refused', async () => {
    const query = (length: number) => Array.from({ length }, (_, nr) => `k${nr}=1`).join('&');
    const answer = await server.get(`/dev/mail/latest?${query(33)}`);
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors).toEqual([
      { pointer: '', code: 'too_many', detail: 'The query holds too many parameters.' },
    ]);
    const fewer = await server.get(`/dev/mail/latest?${query(32)}`);
    expect(fewer.body.errors).toHaveLength(20);
  });

  it('[1.1.1] is read once: what is encoded in it stays as it is', async () => {
    for (const email of ['ada%40example.org', 'ada&#64;example.org', 'ada\\u0040example.org']) {
      const answer = await server.post('/auth/register', { email, password: PASSWORD });
      expect([answer.status, pointers(answer)]).toEqual([400, ['/email']]);
    }
    expect((await server.get('/%2568ealth')).status).toBe(404);
    expect((await server.get('/users/%252e%252e')).status).toBe(401);
    expect((await server.get('/health/%2e%2e%2f%2e%2e%2fetc%2fpasswd')).status).toBe(404);
  });

  it('[15.3.7] does not matter where the query is meant, nor the query where the body is', async () => {
    const inQuery = await server.send('POST', '/auth/login?email=a@example.org&password=x');
    expect(inQuery.status).toBe(400);
    const { email, password } = await server.person();
    const both = await server.post('/auth/login?password=wrong', { email, password });
    expect([200, 400]).toContain(both.status);
    const twice = await server.get('/health?a=1&a=2');
    expectProblem(twice, 400, 'validation_failed');
  });
});

describe('a request that is hardly HTTP', () => {
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterEach(async () => {
    expect((await server.get('/health')).status).toBe(200);
  });
  afterAll(() => server.stop());

  const GET = 'GET /health HTTP/1.1\r\n';
  const HOST = 'Host: localhost\r\n';
  const END = 'Connection: close\r\n\r\n';
  const POST = `POST /auth/login HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

  it.each([
    ['two Host headers', `${GET}${HOST}Host: evil.example\r\n${END}`],
    ['two Host headers that agree', `${GET}${HOST}hOST: localhost\r\n${END}`],
    ['an absolute target', `GET http://evil.example/health HTTP/1.1\r\n${HOST}${END}`],
    ['an absolute target of ours', `GET http://localhost/health HTTP/1.1\r\n${HOST}${END}`],
    ['* as target', `GET * HTTP/1.1\r\n${HOST}${END}`],
    [
      'two Authorization headers',
      `GET /users/me HTTP/1.1\r\n${HOST}Authorization: Bearer a\r\nauthorization: Basic b\r\n${END}`,
    ],
    [
      'two Content-Type headers',
      `${POST}content-type: text/plain\r\nContent-Length: 2\r\n${END}{}`,
    ],
  ])('[4.2.1] with %s is 400', async (_, request) => {
    const answer = await exchange(server.url, request);
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([400, 'bad_request']);
    expect(answer.body).not.toContain('evil.example');
  });

  it.each([
    ['no Host', `${GET}${END}`],
    [
      'Content-Length and Transfer-Encoding',
      `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n${END}0\r\n\r\n`,
    ],
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n${END}{}`],
    ['a negative length', `${POST}Content-Length: -1\r\n${END}{}`],
    ['a length that is no number', `${POST}Content-Length: 2a\r\n${END}{}`],
    ['an unknown transfer coding', `${POST}Transfer-Encoding: xchunked\r\n${END}{}`],
    ['a chunk without length', `${POST}Transfer-Encoding: chunked\r\n${END}zz\r\n{}\r\n0\r\n\r\n`],
    [
      'a folded header',
      `${GET}${HOST}X-Folded: one\r\n two: three\r\n : four\r\nBad Header: x\r\n${END}`,
    ],
    ['a space before the colon', `${GET}Host : localhost\r\n${END}`],
    ['a NUL in a header', `${GET}${HOST}Authorization: Bearer a\u0000b\r\n${END}`],
    ['a bare line feed', `GET /health HTTP/1.1\nHost: localhost\n\n`],
    ['HTTP/9.9', `GET /health HTTP/9.9\r\n${HOST}${END}`],
    ['no method', `\u0000\u0001\u0002\r\n\r\n`],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex').toString('latin1') + '\r\n\r\n'],
  ])('with %s is refused', async (_, request) => {
    const { status } = await exchange(server.url, Buffer.from(request, 'latin1'));
    expect([0, 400, 505]).toContain(status);
  });

  it('[13.4.4] by TRACE is refused, and echoes nothing', async () => {
    const answer = await exchange(
      server.url,
      `TRACE /health HTTP/1.1\r\n${HOST}X-Secret: s3cret\r\n${END}`,
    );
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, ['GET, HEAD']]);
    expect(answer.body).not.toContain('s3cret');
    const nowhere = await exchange(server.url, `TRACE / HTTP/1.1\r\n${HOST}${END}`);
    expect(nowhere.status).toBe(405);
  });

  it.each(['PROPFIND', 'LOCK', 'SEARCH', 'M-SEARCH', 'PURGE'])(
    'by %s is refused',
    async (method) => {
      const answer = await exchange(server.url, `${method} /health HTTP/1.1\r\n${HOST}${END}`);
      expect(answer.status).toBe(405);
    },
  );

  it('by CONNECT opens no tunnel', async () => {
    const answer = await exchange(server.url, `CONNECT 127.0.0.1:1 HTTP/1.1\r\n${HOST}${END}`);
    expect(answer.status).not.toBe(200);
  });

  it('with too much of a head is 431', async () => {
    for (const headers of [`X: ${'a'.repeat(20_000)}\r\n`, `Cookie: ${'a=b; '.repeat(5000)}\r\n`]) {
      expect((await exchange(server.url, GET + HOST + headers + END)).status).toBe(431);
    }
  });

  it('with 100 headers or 10 kB of cookies is served', async () => {
    const many = Array.from({ length: 100 }, (_, nr) => `X-${nr}: ${nr}\r\n`).join('');
    for (const headers of [many, `Cookie: ${'a=b; '.repeat(2000)}\r\n`]) {
      expect((await exchange(server.url, GET + HOST + headers + END)).status).toBe(200);
    }
  });

  it('[16.5.4] two thousand times over leaves the server as it was', async () => {
    const before = digest(server.dataDir);
    const parts = [
      'GET ',
      'POST ',
      '/health',
      '/auth/login',
      ' HTTP/1.1',
      '\r\n',
      HOST,
      '\u0000',
      'Content-Length: 5\r\n',
      '{"a":',
      'Authorization: Basic ',
      '%',
      ':',
      'Transfer-Encoding: chunked\r\n',
      'Content-Type: application/json\r\n',
      '\r\n\r\n',
      'Expect: 100-continue\r\n',
      '\u00ff',
    ];
    let seed = 20261;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648);
    for (let round = 0; round < 20; round++) {
      await atOnce(100, () => {
        let request = '';
        for (let i = 0; i < 3 + (next() % 10); i++) request += parts[next() % parts.length];
        // Whatever is still waited for, two line breaks and a request that ends it follow.
        return exchange(server.url, Buffer.from(`${request}\r\n\r\n\u0000\u0000`, 'latin1'));
      });
    }
    expect(digest(server.dataDir)).toBe(before);
  });
});

describe('a request id', () => {
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  it('is kept when it is well-formed, and stands in answer, problem and log', async () => {
    const { headers, body } = await server.get('/users/me', {
      headers: { 'x-request-id': REQUEST_ID },
    });
    expect(headers.get('x-request-id')).toBe(REQUEST_ID);
    expect(body.instance).toBe(`urn:uuid:${REQUEST_ID}`);
    expect(server.logLines.some((line) => line.includes(`"requestId":"${REQUEST_ID}"`))).toBe(true);
  });

  it.each([
    'evil',
    REQUEST_ID.toUpperCase(),
    `${REQUEST_ID}x`,
    `{${REQUEST_ID}}`,
    '1'.repeat(36),
    'x'.repeat(4000),
    '"}{"level":60',
  ])('like %j is replaced', async (sent) => {
    const { headers } = await server.get('/health', { headers: { 'x-request-id': sent } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(headers.get('x-request-id')).not.toBe(sent);
  });

  it('is another one for each request without', async () => {
    const answers = await atOnce(50, () => server.get('/health'));
    expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(50);
  });
});

describe('the headers', () => {
  beforeAll(async () => {
    server = await TestServer.start({
      PUBLIC_URL: 'https://accounts.example.org',
      CORS_ORIGINS: 'https://app.example.org,http://localhost:5173',
    });
    ada = await server.person();
  });
  afterAll(() => server.stop());

  const PAGES = [
    '/',
    '/docs',
    '/docs/errors',
    '/setup',
    '/auth/verify-email',
    '/auth/password/reset',
    '/dev/mail',
  ];

  it('[3.2.1] [3.4.1] [3.4.3] [3.4.4] [3.4.5] [3.4.6] [3.4.8] [3.5.8] [13.4.6] that guard are on every answer, of every status', async () => {
    const answers = await Promise.all([
      ...PAGES.map((path) => server.get(path)),
      server.get('/health'),
      server.get('/users/me', as(ada)),
      server.post('/auth/verify-email/resend', { email: ada.email }),
      server.delete('/auth/sessions?keepCurrent=true', as(ada)),
      server.post('/auth/login', []),
      server.get('/users/me'),
      server.get('/users', as(ada)),
      server.get('/nowhere'),
      server.get('/%'),
      server.put('/health'),
      server.post('/auth/login', { email: 'x'.repeat(70_000) }),
      postRaw('/auth/login', 'x', { 'content-type': 'text/plain' }),
      server.post('/auth/register', { email: 'a@example.org', password: 'x' }),
      server.send('OPTIONS', '/health', {
        headers: { origin: 'https://app.example.org', 'access-control-request-method': 'GET' },
      }),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200, 202, 204, 400, 401, 403, 404, 405, 413, 415, 422]),
    );
    for (const answer of answers) {
      expectGuarded(answer);
      expect(answer.headers.get('strict-transport-security')).toBe(
        'max-age=63072000; includeSubDomains',
      );
    }
  });

  it('[4.1.1] name the type with its charset', async () => {
    for (const path of [...PAGES, '/health', '/.well-known/jwks.json', '/nowhere', '/users/me']) {
      const type = (await server.get(path)).headers.get('content-type');
      expect([path, type]).toEqual([
        path,
        expect.stringMatching(/^(?:text\/html|application\/(?:problem\+)?json); charset=utf-8$/i),
      ]);
    }
  });

  it('[14.3.2] forbid to keep what is personal or secret', async () => {
    const { email, password } = ada;
    const login = await server.post('/auth/login', { email, password });
    const answers = [
      login,
      await server.post('/auth/refresh', { refresh_token: login.body.refresh_token }),
      await server.get('/users/me', as(ada)),
      await server.get('/auth/sessions', as(ada)),
      await server.post('/auth/register', { email: 'b@example.org', password: PASSWORD }),
      await server.get('/dev/mail/messages'),
      await server.get('/auth/verify-email'),
    ];
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store');
  });

  it('[14.2.1] set no cookie anywhere', async () => {
    const login = await server.post('/auth/login', { email: ada.email, password: ada.password });
    for (const answer of [login, ...(await Promise.all(PAGES.map((path) => server.get(path))))]) {
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });

  it('[1.2.2] [3.7.2] lead nowhere, whatever the query asks for', async () => {
    for (const evil of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '%2f%2fevil.example',
      '@evil.example',
      'javascript:alert(1)',
      '\t//evil.example',
    ]) {
      for (const name of ['redirect', 'redirect_uri', 'return_to', 'next', 'url', 'callback']) {
        for (const path of [
          '/',
          '/auth/verify-email',
          '/auth/password/reset',
          '/setup',
          '/nowhere',
        ]) {
          const answer = await server.get(`${path}?${name}=${evil}`);
          expect(answer.headers.get('location')).toBeNull();
          expect(answer.status >= 300 && answer.status < 400).toBe(false);
          expect(answer.text).not.toContain('evil.example');
        }
      }
    }
  });

  it('[13.4.1] are all there is of files that are not meant for visitors', async () => {
    for (const path of [
      '/.git/HEAD',
      '/.env',
      '/package.json',
      '/prisma/schema.prisma',
      '/data/latchkey.db',
      '/master.key',
      '/docs/../.env',
      '/docs/%2e%2e/.env',
      '/docs/..%2f.env',
      '/metrics',
    ]) {
      expect([path, (await server.get(path)).status]).toEqual([path, 404]);
    }
  });

  it('[3.5.6] make no JSON a script', async () => {
    const answer = await server.get('/health?callback=alert');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.text).not.toContain('alert');
  });
});

describe('CORS', () => {
  const APP = 'https://app.example.org';

  beforeAll(async () => {
    server = await TestServer.start({ CORS_ORIGINS: `${APP},http://localhost:5173` });
    ada = await server.person();
  });
  afterAll(() => server.stop());

  function from(origin: string, path: string, method = 'GET', headers = {}): Promise<Answer> {
    return server.send(method, path, { headers: { origin, ...headers } });
  }

  function preflight(origin: string, path: string, method: string): Promise<Answer> {
    return from(origin, path, 'OPTIONS', {
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
    });
  }

  it('lets the listed origins read answers, errors too', async () => {
    for (const origin of [APP, 'http://localhost:5173']) {
      for (const [path, status] of [
        ['/health', 200],
        ['/users/me', 401],
        ['/nowhere', 404],
        ['/%E0%A4%A', 404],
        [`/users/${'x'.repeat(300)}`, 404],
      ] as const) {
        const answer = await from(origin, path);
        expect([path, answer.status]).toEqual([path, status]);
        expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
        expect(answer.headers.get('vary')).toContain('Origin');
        expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
        expect(answer.headers.get('access-control-expose-headers')).toContain('www-authenticate');
      }
    }
  });

  it('says on 405, 413 and 415, too', async () => {
    const headers = { origin: APP };
    const answers = [
      await server.send('PUT', '/health', { headers }),
      await server.send('POST', '/auth/login', {
        headers: { ...headers, ...JSON_TYPE },
        raw: 'x'.repeat(70_000),
      }),
      await server.send('POST', '/auth/login', {
        headers: { ...headers, 'content-type': 'text/xml' },
        raw: 'x',
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([405, 413, 415]);
    for (const answer of answers)
      expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
  });

  it.each([
    'https://evil.example',
    'null',
    'https://app.example.org.evil.example',
    'https://evil-app.example.org',
    'https://xapp.example.org',
    'https://app.example.orgx',
    'https://sub.app.example.org',
    'http://app.example.org',
    'https://app.example.org:8443',
    'https://app.example.org:443',
    'https://app.example.org/',
    'HTTPS://APP.EXAMPLE.ORG',
    'http://localhost',
    'http://localhost:51730',
    '*',
  ])('[3.4.2] does not let %s', async (origin) => {
    for (const answer of [
      await from(origin, '/health'),
      await from(origin, '/nowhere'),
      await from(origin, '/%E0%A4%A'),
      await preflight(origin, '/users/me', 'PATCH'),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('answers a preflight for every method, before any guard', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await preflight(APP, '/users/me', method);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(APP);
      expect(headers.get('access-control-allow-methods')).toContain(method);
      expect(headers.get('access-control-allow-headers')).toContain('authorization');
      expect(headers.get('access-control-max-age')).toBe('600');
    }
  });
});

describe('without CORS_ORIGINS', () => {
  it('no origin is let in, and a preflight is no method of any path', async () => {
    server = await TestServer.start();
    for (const origin of ['https://app.example.org', 'null', server.publicUrl]) {
      const headers = { origin, 'access-control-request-method': 'GET' };
      const answers = [
        await server.get('/health', { headers }),
        await server.send('OPTIONS', '/health', { headers }),
        await server.get('/%E0%A4%A', { headers }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 405, 404]);
      for (const answer of answers) {
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-'))).toEqual([]);
      }
    }
    await server.stop();
  });
});

describe('[4.1.3] what a proxy says', () => {
  afterEach(() => server.stop());

  /** Where the server thinks a sign-in with these headers came from. */
  async function seenFrom(headers: Record<string, string>): Promise<string | null> {
    const { email, password } = ada;
    const { body } = await server.post('/auth/login', { email, password }, { headers });
    const sessions = await server.get('/auth/sessions', { bearer: body.access_token });
    return sessions.body.items.find(({ current }: { current: boolean }) => current).ip;
  }

  async function start(env: Record<string, string>): Promise<void> {
    server = await TestServer.start(env);
    ada = await server.person();
  }

  it('is not believed without TRUST_PROXY', async () => {
    await start({});
    for (const name of [
      'x-forwarded-for',
      'forwarded',
      'x-real-ip',
      'x-client-ip',
      'cf-connecting-ip',
      'true-client-ip',
    ]) {
      const value = name === 'forwarded' ? 'for=203.0.113.9' : '203.0.113.9';
      expect([name, await seenFrom({ [name]: value })]).toEqual([name, '127.0.0.1']);
    }
    const lines = server.logLines.join('');
    expect(lines).not.toContain('203.0.113.9');
  });

  it('is warned of once when nobody told of a proxy', async () => {
    const warnings = () => server.logLines.filter((line) => line.includes('TRUST_PROXY'));
    server = await TestServer.start();
    await server.get('/health');
    expect(warnings()).toEqual([]);
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    for (let i = 0; i < 3; i++) await server.get('/health', { headers });
    expect(warnings()).toHaveLength(1);
    expect(JSON.parse(warnings()[0]!).level).toBe(40);
  });

  it('is not warned of when one is trusted', async () => {
    server = await TestServer.start({ TRUST_PROXY: '10.0.0.0/8' });
    await server.get('/health', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(server.logLines.join('')).not.toContain('TRUST_PROXY');
  });

  it.each([
    ['1', { '203.0.113.9': '203.0.113.9', '198.51.100.1, 203.0.113.9': '203.0.113.9' }],
    ['2', { '203.0.113.9': '203.0.113.9', '192.0.2.1, 198.51.100.1, 203.0.113.9': '198.51.100.1' }],
    ['127.0.0.0/8', { '198.51.100.1, 203.0.113.9': '203.0.113.9', '2001:db8::7': '2001:db8::7' }],
    ['127.0.0.1,203.0.113.0/24', { '192.0.2.1, 198.51.100.1, 203.0.113.9': '198.51.100.1' }],
    ['10.0.0.0/8', { '203.0.113.9': '127.0.0.1' }],
  ])('is believed as far as TRUST_PROXY=%s says', async (trust, addresses) => {
    await start({ TRUST_PROXY: trust });
    for (const [sent, seen] of Object.entries(addresses)) {
      expect([sent, await seenFrom({ 'x-forwarded-for': sent })]).toEqual([sent, seen]);
    }
    expect(await seenFrom({})).toBe('127.0.0.1');
  });

  it('[15.3.4] is no address when it is none, and skips no check', async () => {
    await start({ TRUST_PROXY: '1' });
    for (const sent of [
      'a',
      '',
      ',',
      'unknown',
      '999.1.1.1',
      '<script>',
      'x'.repeat(5000),
      '1.2.3.4:99999',
    ]) {
      const seen = await seenFrom({ 'x-forwarded-for': sent });
      expect([sent, seen === null || /^[\d.:a-f]+$/.test(seen)]).toEqual([sent, true]);
    }
    const closed = await server.get('/users/me', {
      headers: { 'x-forwarded-for': 'a', 'x-original-uri': '/health', 'x-rewrite-url': '/health' },
    });
    expect(closed.status).toBe(401);
  });
});

describe('the address people reach the server by', () => {
  afterEach(() => server.stop());

  const LIES: Record<string, string>[] = [
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher', 'x-forwarded-port': '1' },
    { forwarded: 'host=evil.example;proto=https' },
    {
      'x-original-host': 'evil.example',
      'x-host': 'evil.example',
      'x-forwarded-server': 'evil.example',
    },
    { 'x-forwarded-prefix': '//evil.example' },
    { origin: 'https://evil.example', referer: 'https://evil.example/' },
  ];

  it.each<Record<string, string>>([{}, { TRUST_PROXY: '1' }])(
    'is PUBLIC_URL in every mail and answer, whatever a request says (%j)',
    async (env) => {
      server = await TestServer.start(env);
      const admin = await server.administrator();
      let people = 0;

      const expectHonest = async (email: string, path: string) => {
        const { link, text, html } = await server.newestMail(email);
        expect(link).toMatch(new RegExp(`^${server.publicUrl}${path}#token=`));
        expect(text + html).not.toContain('evil.example');
      };
      for (const headers of LIES) {
        const email = `person${++people}@example.org`;
        const invited = `invited${people}@example.org`;
        await server.post('/auth/register', { email, password: PASSWORD }, { headers });
        await expectHonest(email, '/auth/verify-email');
        await server.post('/auth/verify-email/resend', { email }, { headers });
        await expectHonest(email, '/auth/verify-email');
        await server.post('/auth/password/forgot', { email }, { headers });
        await expectHonest(email, '/auth/password/reset');
        const made = await server.post('/users', { email: invited }, { ...as(admin), headers });
        await expectHonest(invited, '/auth/password/reset');
        expect(made.headers.get('location')).toBe(`/users/${made.body.id}`);

        const list = await server.get('/users?limit=1', { ...as(admin), headers });
        expect(list.headers.get('link')).toMatch(new RegExp(`^<${server.publicUrl}/users\\?`));
        const problem = await server.get('/nowhere', { headers });
        expectProblem(problem, 404, 'not_found');
      }
    },
  );

  it('is PUBLIC_URL although the Host header says otherwise', async () => {
    server = await TestServer.start();
    for (const host of [
      'evil.example',
      'evil.example:80',
      'localhost@evil.example',
      'evil.example#',
      '',
    ]) {
      const email = `host${host.length}@example.org`;
      const body = JSON.stringify({ email, password: PASSWORD });
      const answer = await exchange(
        server.url,
        `POST /auth/register HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      if (answer.status === 400) continue;
      expect(answer.status).toBe(202);
      const { link } = await server.newestMail(email);
      expect(link).toMatch(new RegExp(`^${server.publicUrl}/auth/verify-email#`));
    }
  });
});

describe('[2.4.1] a limit', () => {
  it('is a problem like any other, and says when to come back', async () => {
    server = await TestServer.start({ RATE_LIMITS: 'on', LIMIT_REGISTER: '2/1h' });
    const answers = await atOnce(5, (nr) =>
      server.post('/auth/register', { email: `person${nr}@example.org`, password: PASSWORD }),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 2, 429: 3 });
    const refused = answers.find(({ status }) => status === 429)!;
    expectProblem(refused, 429, 'rate_limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await server.stop();
  });
});
