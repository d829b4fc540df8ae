import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { as } from '../support/people.js';
import { PASSWORD, type Person, TestServer } from '../support/server.js';

/** The authenticator of somebody else: OATH Toolkit, which knows nothing of ours. */

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start();
  ada = await server.person();
});
afterAll(() => server?.stop());

/** What oathtool shows for the seed at the time of the server. */
function code(secret: string): string {
  const now = `@${Math.floor(server.clock.now().getTime() / 1000)}`;
  return execFileSync('oathtool', ['--totp', '--base32', `--now=${now}`, '-'], {
    input: secret,
    encoding: 'utf8',
  }).trim();
}

it('[6.5.5] codes of oathtool enrol and sign in, each once', async () => {
  const { secret } = (await server.post('/auth/mfa/totp', undefined, as(ada))).body;
  const first = { code: code(secret) };
  const confirmed = await server.post('/auth/mfa/totp/confirm', first, as(ada));
  expect([confirmed.status, confirmed.body.recoveryCodes?.length]).toEqual([200, 10]);

  server.clock.advance(30_000);
  const login = { email: ada.email, password: PASSWORD };
  const { mfa_token } = (await server.post('/auth/login', login)).body;
  const proof = { mfa_token, code: code(secret) };
  const answer = await server.post('/auth/mfa/verify', proof);
  const me = await server.get('/users/me', { bearer: answer.body.access_token });
  expect([answer.status, me.body.id]).toEqual([200, ada.id]);

  const half = (await server.post('/auth/login', login)).body;
  const replayed = { mfa_token: half.mfa_token, code: proof.code };
  expect((await server.post('/auth/mfa/verify', replayed)).body.code).toBe('mfa_code_invalid');
});
