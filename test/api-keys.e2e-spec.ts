import { describe, expect, it, beforeAll, afterAll } from 'vitest';
import { as } from './support/people.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
});
afterAll(() => server.stop());

describe('x', () => {
  it('y', async () => {
    const p = await server.person();
    const made = await server.post('/auth/api-keys', { name: 'n' }, as(p));
    console.log(made.status, made.text, [...made.headers]);
    for (const o of [
      { headers: { 'x-api-key': made.body.key } },
      { bearer: made.body.key },
      { basic: [p.email, made.body.key] as [string, string] },
      { basic: ['x@y.org', made.body.key] as [string, string] },
    ])
      for (let i = 0; i < 2; i++) {
        const a = await server.get('/users/me', o);
        console.log(a.status, a.text.slice(0, 300));
      }
    console.log(
      (await server.post('/auth/api-keys', { name: 'n' }, { bearer: made.body.key })).text,
    );
    console.log((await server.get('/auth/api-keys', { bearer: made.body.key })).text);
    console.log((await server.get('/users', { bearer: made.body.key })).text);
    console.log((await server.get('/access-review', as(admin))).text);
  });
});
