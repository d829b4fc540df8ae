import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basicHeader } from './support/client.js';
import { exchange, head } from './support/raw.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start();
  ada = await server.person();
});
afterAll(() => server.stop());

/** The access lines that `work` causes. */
async function linesOf(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const before = server.logLines.length;
  await work();
  return server.logLines
    .slice(before)
    .map((line) => JSON.parse(line))
    .filter((line) => line.method !== undefined);
}

describe('the access log', () => {
  it('[16.2.1] has one line for a request: when, which route, how it ended, how long it took, who', async () => {
    const [line, ...more] = await linesOf(() =>
      server.get('/users/me', { bearer: ada.accessToken }),
    );
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'GET',
      route: '/users/me',
      status: 200,
      ms: expect.any(Number),
      ip: '127.0.0.1',
      userId: ada.id,
      scheme: 'Bearer',
    });
  });

  it('[16.3.2] has a line with the reason and the person for each refused authorization', async () => {
    const asAda = { bearer: ada.accessToken };
    const other = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';
    for (const [request, status, code, who] of [
      [() => server.get('/users', asAda), 403, 'permission_required', ada.id],
      [() => server.delete(`/auth/sessions/${other}`, asAda), 404, 'not_found', ada.id],
      [() => server.get('/users/me'), 401, 'token_missing', undefined],
      [
        () => server.get('/users/me', { bearer: `${ada.accessToken}x` }),
        401,
        'token_signature_invalid',
        undefined,
      ],
      [
        () => server.get('/users/me', { basic: [ada.email, 'wrong'] }),
        401,
        'invalid_credentials',
        undefined,
      ],
    ] as const) {
      const lines = await linesOf(request);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ status, code });
      expect(lines[0]!.userId).toBe(who);
    }
  });

  it('[16.3.1] has a line with the outcome for each sign-in', async () => {
    const { email } = ada;
    const right = await linesOf(() => server.post('/auth/login', { email, password: PASSWORD }));
    expect(right).toMatchObject([{ route: '/auth/login', status: 200 }]);
    const wrong = await linesOf(() => server.post('/auth/login', { email, password: 'wrong' }));
    expect(wrong).toMatchObject([
      { route: '/auth/login', status: 401, code: 'invalid_credentials' },
    ]);
  });

  it('has a line also for what fits no route, and for a path that cannot be decoded', async () => {
    expect(await linesOf(() => server.get('/nowhere'))).toMatchObject([
      { route: null, status: 404, code: 'not_found' },
    ]);
    expect(await linesOf(() => server.get('/%E0%A4%A'))).toMatchObject([
      { status: 404, code: 'not_found' },
    ]);
  });

  it('[16.4.1] is written in by nobody: a line break or quote in any field stays out or escaped', async () => {
    const forged = '{"level":50,"msg":"canary"}';
    const hostile = `x\r\n${forged}\u001b[31m\u2028${forged}`;
    const text = encodeURIComponent(hostile);
    const before = server.logLines.length;

    await server.get(`/${text}`);
    await server.get(`/users/${text}?q=${text}`, { bearer: ada.accessToken });
    await server.get('/users/me', { headers: { authorization: basicHeader(hostile, hostile) } });
    await server.get('/users/me', { bearer: text });
    await server.post('/auth/login', { email: hostile, password: hostile });
    await server.post('/auth/register', { email: hostile, password: hostile, name: hostile });
    await server.post('/auth/refresh', { refresh_token: hostile, [hostile]: hostile });
    await server.post('/auth/password/reset', { token: hostile, password: hostile });
    await server.post('/auth/login', undefined, { raw: hostile } as object);
    for (const name of [
      'x-request-id',
      'user-agent',
      'referer',
      'x-forwarded-for',
      'accept-language',
      'cookie',
    ]) {
      await server.get('/users/me', { headers: { [name]: `x ${forged} ${text}` } });
      await exchange(
        server.url,
        Buffer.concat([
          Buffer.from('GET /users/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'),
          Buffer.from(`${name}: x\n${forged}\r${forged}\u0085${forged}\r\n\r\n`),
        ]),
      );
    }
    await exchange(server.url, head(`GET /${forged}`));
    await exchange(server.url, head(`GET /users/${forged.replaceAll(' ', '')}`));

    const lines = server.logLines.slice(before);
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
      expect(JSON.parse(line).msg).not.toBe('canary');
      expect(line).not.toContain('canary');
    }
  });
});
