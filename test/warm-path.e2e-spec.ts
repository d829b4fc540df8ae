import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestOptions } from './support/client.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const TOKEN = 'metrics-token-0123456789';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start({ METRICS_TOKEN: TOKEN, RATE_LIMITS: 'on' });
  ada = await server.person('ada@example.org');
  await server.mailSettled();
});
afterAll(() => server.stop());

/** Statements of the database that were run, by whichever way. */
async function statements(): Promise<number> {
  const { text } = await server.get('/metrics', { bearer: TOKEN });
  const counts = text.matchAll(/^latchkey_database_statements_total\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function statementsOf(requests: number, options: RequestOptions): Promise<number> {
  expect((await server.get('/users/me', options)).status).toBe(200);
  const before = await statements();
  for (let nr = 0; nr < requests; nr++) {
    expect((await server.get('/users/me', options)).status).toBe(200);
  }
  return (await statements()) - before;
}

describe('a request of somebody whose proof was seen before, with limits, audit trail and metrics', () => {
  // Some: what runs in the background meanwhile, which is the same for any number of requests.
  it.each([
    ['Bearer', () => ({ bearer: ada.accessToken })],
    ['Basic', () => ({ basic: ['ada@example.org', PASSWORD] as [string, string] })],
  ])('runs no statement of the database (%s)', async (_scheme, options) => {
    expect(await statementsOf(200, options())).toBeLessThan(20);
  });

  it('is counted as such: what is not kept runs one at least each time', async () => {
    const before = await statements();
    for (let nr = 0; nr < 20; nr++) await server.get('/auth/sessions', { bearer: ada.accessToken });
    expect((await statements()) - before).toBeGreaterThanOrEqual(20);
  });
});
