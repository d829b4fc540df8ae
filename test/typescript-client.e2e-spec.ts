import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SigningKeyStore } from '../src/auth/tokens/signing-key-store.js';
import { SigningKeys } from '../src/auth/tokens/signing-keys.js';
import { MINUTE } from './support/clock.js';
import { tally } from './support/races.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const FOLDER = fileURLToPath(new URL('../clients/typescript', import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript')), '../bin/tsc');

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** What the built client is to somebody without its types. */
interface BuiltClient {
  api: {
    GET(path: string, options?: object): Promise<{ data?: any; error?: any; response: Response }>;
    PATCH(path: string, options?: object): Promise<{ data?: any; error?: any; response: Response }>;
  };
  signIn(email: string, password: string): Promise<{ data?: any; error?: any }>;
  signOut(): Promise<void>;
}

let Latchkey: new (options: object) => BuiltClient;
let server: TestServer;
let ada: Person;
let client: BuiltClient;
let kept: Tokens | undefined;
let signedOut: number;
/** Paths that were asked for, and what happens instead of the answers to come. */
let asked: string[];
let refreshFails: ('lost answer' | 'no network')[];

async function network(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  asked.push(pathname);
  const fails = pathname === '/auth/refresh' ? refreshFails.shift() : undefined;
  if (fails === 'no network') throw new TypeError('fetch failed');
  const answer = await fetch(request);
  if (fails === 'lost answer') throw new TypeError('terminated');
  return answer;
}

beforeAll(async () => {
  const built = spawnSync(process.execPath, [TSC, '-p', FOLDER], { encoding: 'utf8' });
  expect(built.stdout + built.stderr).toBe('');
  ({ Latchkey } = await import(pathToFileURL(join(FOLDER, 'dist/client.js')).href));
  server = await TestServer.start();
  server.clock.stop();
  ada = await server.person();
}, 180_000);
afterAll(() => server.stop());

beforeEach(async () => {
  [kept, signedOut, asked, refreshFails] = [undefined, 0, [], []];
  client = new Latchkey({
    baseUrl: server.url,
    fetch: network,
    storage: { get: () => kept, set: (tokens: Tokens | undefined) => void (kept = tokens) },
    onSignedOut: () => signedOut++,
  });
  await client.signIn(ada.email, PASSWORD);
});

function refreshes(): number {
  return asked.filter((path) => path === '/auth/refresh').length;
}

describe('the typed client, as it is built', () => {
  it('signs in, asks, and signs out', async () => {
    const { data } = await client.api.GET('/users/me');
    expect(data.email).toBe(ada.email);
    const { accessToken } = kept!;
    await client.signOut();
    expect(kept).toBeUndefined();
    const answer = await server.get('/users/me', { bearer: accessToken });
    expect(answer.body.code).toBe('token_revoked');
    expect((await client.api.GET('/users/me')).error.code).toBe('token_missing');
  });

  it('gives a refusal as problem+json', async () => {
    kept = undefined;
    const { data, error } = await client.signIn(ada.email, 'not the password');
    expect([data, error.code]).toEqual([undefined, 'invalid_credentials']);
    expect(kept).toBeUndefined();
  });

  it('renews an expired token once for any number of requests, and sends their bodies again', async () => {
    server.clock.advance(16 * MINUTE);
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => client.api.GET('/users/me')),
      client.api.PATCH('/users/me', { body: { name: 'Ada' } }),
    ]);
    expect(tally(answers.map(({ response }) => response.status))).toEqual({ 200: 21 });
    expect(answers.at(-1)!.data.name).toBe('Ada');
    expect(refreshes()).toBe(1);
  });

  it('asks again when the answer to a renewal was lost', async () => {
    server.clock.advance(16 * MINUTE);
    refreshFails = ['lost answer'];
    expect((await client.api.GET('/users/me')).response.status).toBe(200);
    expect([refreshes(), signedOut]).toEqual([2, 0]);
    server.clock.advance(16 * MINUTE);
    expect((await client.api.GET('/users/me')).response.status).toBe(200);
  });

  it('keeps the session while the server cannot be reached', async () => {
    server.clock.advance(16 * MINUTE);
    refreshFails = ['no network', 'no network'];
    expect((await client.api.GET('/users/me')).error.code).toBe('token_expired');
    expect([kept === undefined, signedOut]).toEqual([false, 0]);
    expect((await client.api.GET('/users/me')).response.status).toBe(200);
  });

  it('goes on when the key that signed its token was compromised', async () => {
    const { kid } = server.app.get(SigningKeys).active();
    await server.app.get(SigningKeyStore).compromise(kid);
    expect((await client.api.GET('/users/me')).response.status).toBe(200);
    expect([refreshes(), signedOut]).toEqual([1, 0]);
  });

  it('says once that the session is over, and keeps nothing', async () => {
    await server.post('/auth/logout', { refresh_token: kept!.refreshToken });
    const answers = await Promise.all([1, 2, 3].map(() => client.api.GET('/users/me')));
    expect(answers.map(({ response }) => response.status)).toEqual([401, 401, 401]);
    expect([kept, signedOut, refreshes()]).toEqual([undefined, 1, 1]);
  });

  it('does not renew what no renewal cures', async () => {
    const { error } = await client.api.GET('/users');
    expect([error.code, refreshes()]).toEqual(['permission_required', 0]);
  });

  it('shares its storage: who finds another token there takes that one', async () => {
    const other = new Latchkey({
      baseUrl: server.url,
      fetch: network,
      storage: { get: () => kept, set: (tokens: Tokens | undefined) => void (kept = tokens) },
    });
    server.clock.advance(16 * MINUTE);
    const answers = await Promise.all([client.api.GET('/users/me'), other.api.GET('/users/me')]);
    expect(answers.map(({ response }) => response.status)).toEqual([200, 200]);
    expect(signedOut).toBe(0);
  });
});
