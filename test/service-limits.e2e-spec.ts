import { afterAll, beforeAll, expect, it } from 'vitest';
import { tally } from './support/races.js';
import { type Person, TestServer } from './support/server.js';
import { makeService, of, postForm, type TestService } from './support/services.js';

const MOST_FAILURES = 100;

let server: TestServer;
let ada: Person;
let service: TestService;

beforeAll(async () => {
  server = await TestServer.start({ RATE_LIMITS: 'on' });
  service = await makeService(server, await server.administrator());
  ada = await server.person();
});
afterAll(() => server.stop());

function introspect(headers: Record<string, string>) {
  return postForm(server, '/auth/introspect', { token: ada.accessToken }, headers);
}

it('[6.3.1] wrong secrets of services count for their network, and keep no right one out', async () => {
  const wrong = of({ ...service, secret: `${service.secret.slice(0, -4)}AAAA` });
  const answers = await Promise.all(
    Array.from({ length: MOST_FAILURES + 20 }, () => introspect(wrong)),
  );
  expect(tally(answers.map(({ status }) => String(status)))).toEqual({
    401: MOST_FAILURES,
    429: 20,
  });
  const refused = await introspect(wrong);
  expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

  expect((await introspect(of(service))).body.active).toBe(true);
  const { email, password } = ada;
  const stranger = await server.post('/auth/login', { email: 'b@example.org', password });
  expect(stranger.status).toBe(429);
  const known = await server.get('/users/me', { bearer: ada.accessToken });
  expect([known.status, known.body.email]).toEqual([200, email]);
});
