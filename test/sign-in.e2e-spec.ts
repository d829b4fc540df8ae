import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from './support/server.js';

let server: TestServer;
beforeAll(async () => { server = await TestServer.start(); });
afterAll(() => server.stop());

it('a person registers, confirms, signs in and calls a closed route', async () => {
  const ada = await server.person('Ada@Example.org');
  const me = await server.get('/users/me', { bearer: ada.accessToken });
  console.log(me.body, server.logLines.slice(-3));
  expect(me.status).toBe(200);
});
