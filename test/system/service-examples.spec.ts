import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../support/client.js';
import { decode } from '../support/jwt.js';
import { freePort } from '../support/ports.js';
import { ServerProcess } from '../support/process.js';
import { makeService, of, type TestService } from '../support/services.js';
import type { Person } from '../support/server.js';

const ADMIN = 'admin@example.org';
const PASSWORD = 'correct horse battery staple';

/** Debian's python, which is the one that has Debian's packages. */
const PYTHON = '/usr/bin/python3';

const EXAMPLES: [string, string, string][] = [
  ['node-service', process.execPath, 'service.mjs'],
  ['python', PYTHON, 'service.py'],
  ['flask', PYTHON, 'app.py'],
];

let server: ServerProcess;
let issuer: string;
let orders: TestService;
let billing: TestService;
let example: ChildProcess | undefined;

beforeAll(async () => {
  server = await ServerProcess.start({ ADMIN_EMAIL: ADMIN, ADMIN_PASSWORD: PASSWORD });
  issuer = server.url.replace('127.0.0.1', 'localhost');
  const { access_token } = await tokens();
  const admin = { accessToken: access_token } as Person;
  orders = await makeService(server, admin, 'https://orders.example.org');
  billing = await makeService(server, admin, 'billing');
});
afterEach(() => end(example));
afterAll(() => server?.dispose());

async function tokens(choice: object = {}) {
  const answer = await server.post('/auth/login', { email: ADMIN, password: PASSWORD, ...choice });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as { access_token: string; refresh_token: string };
}

/** Starts the example as a reader does, beside this server, and waits until it answers. */
async function start(
  [folder, program, file]: [string, string, string],
  env: Record<string, string>,
): Promise<Client> {
  const port = await freePort();
  const child = spawn(program, [file], {
    cwd: fileURLToPath(new URL(`../../examples/${folder}`, import.meta.url)),
    env: {
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      LATCHKEY_URL: issuer,
      PORT: String(port),
      POLL_SECONDS: '0.2',
      ...env,
    },
  });
  example = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  const client = new Client(`http://127.0.0.1:${port}`);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${folder} ended: ${said}`);
    const answers = await client.get('/hello').then(
      () => true,
      () => false,
    );
    if (answers) return client;
    await sleep(50);
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

const asOrders = () => ({
  AUDIENCE: orders.audience,
  SERVICE_ID: orders.id,
  SERVICE_SECRET: orders.secret,
});

describe.each(EXAMPLES)('examples/%s', (...which) => {
  it('takes tokens of a sign-in as it stands, and refuses strangers', async () => {
    const service = await start(which, {});
    const { access_token, refresh_token } = await tokens();
    const { sub } = decode(access_token).claims;
    for (const path of ['/hello', '/reports']) {
      const answer = await service.get(path, { bearer: access_token });
      expect([answer.status, answer.body.user]).toEqual([200, sub]);
      expect(answer.body.roles).toContain('admin');
    }
    expect((await service.get('/hello')).status).toBe(401);
    const [head, claims, signature] = access_token.split('.');
    for (const token of [
      refresh_token,
      'x',
      `${head}.${claims}.`,
      `${head}.${claims}.${signature!.slice(0, -8)}AAAAAAAA`,
    ]) {
      expect((await service.get('/hello', { bearer: token })).status).toBe(401);
    }
  });

  it('[9.2.3] [9.2.4] [10.3.1] registered, takes tokens for itself alone', async () => {
    const service = await start(which, asOrders());
    const mine = await tokens({ audience: orders.audience });
    expect((await service.get('/hello', { bearer: mine.access_token })).status).toBe(200);
    for (const choice of [{}, { audience: billing.audience }]) {
      const other = await tokens(choice);
      expect((await service.get('/hello', { bearer: other.access_token })).status).toBe(401);
    }
  });

  it('[9.2.2] takes no other token of the same key and audience', async () => {
    const service = await start(which, asOrders());
    const { feed } = (await server.get('/auth/revocations', { headers: of(orders) })).body;
    expect(decode(feed).claims.aud).toBe(orders.audience);
    expect((await service.get('/hello', { bearer: feed })).status).toBe(401);
  });

  it('[10.3.2] [10.4.11] asks for the scope', async () => {
    const service = await start(which, asOrders());
    const narrow = await tokens({ audience: orders.audience, scope: 'roles:read' });
    expect((await service.get('/hello', { bearer: narrow.access_token })).status).toBe(200);
    expect((await service.get('/reports', { bearer: narrow.access_token })).status).toBe(403);
    const wide = await tokens({ audience: orders.audience, scope: 'users:read' });
    expect((await service.get('/reports', { bearer: wide.access_token })).status).toBe(200);
  });

  it('[7.4.1] learns of a sign-out by itself', async () => {
    const service = await start(which, asOrders());
    const { access_token, refresh_token } = await tokens({ audience: orders.audience });
    const { access_token: another } = await tokens({ audience: orders.audience });
    const bearer = { bearer: access_token };
    expect((await service.get('/hello', bearer)).status).toBe(200);
    await server.post('/auth/logout', { refresh_token });
    while ((await service.get('/hello', bearer)).status === 200) await sleep(50);
    expect((await service.get('/hello', bearer)).status).toBe(401);
    expect((await service.get('/hello', { bearer: another })).status).toBe(200);
  });

  it('knows a sign-out from before its own start', async () => {
    const { access_token, refresh_token } = await tokens({ audience: orders.audience });
    await server.post('/auth/logout', { refresh_token });
    const service = await start(which, asOrders());
    while ((await service.get('/hello', { bearer: access_token })).status === 200) await sleep(50);
    expect((await service.get('/hello', { bearer: access_token })).status).toBe(401);
  });
});
