import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { EventStream } from './support/event-stream.js';
import { ServerProcess } from './support/process.js';
import { startTool } from './support/tool.js';

const PASSWORD = 'correct horse battery staple';
const ADMIN = 'admin@example.org';
const ENV = {
  PUBLIC_URL: 'http://localhost:4999',
  ADMIN_EMAIL: ADMIN,
  ADMIN_PASSWORD: PASSWORD,
};

const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-tail-'));
let servers: ServerProcess[] = [];

afterEach(async () => {
  await Promise.all(servers.map((server) => server.end('SIGKILL')));
  servers = [];
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<ServerProcess> {
  const server = await ServerProcess.start(ENV, dataDir);
  servers.push(server);
  return server;
}

async function signIn(server: ServerProcess): Promise<string> {
  const { body } = await server.post('/auth/login', { email: ADMIN, password: PASSWORD });
  return body.access_token;
}

function follow(server: ServerProcess, bearer: string): Promise<EventStream> {
  return EventStream.open(`${server.url}/audit-events/stream`, {
    authorization: `Bearer ${bearer}`,
  });
}

it('the live tail tells what another server and a tool write, and ends whole at SIGTERM', async () => {
  const reading = await start();
  const writing = await start();
  const bearer = await signIn(reading);
  const stream = await follow(reading, bearer);

  await writing.post(
    '/roles',
    { name: 'made-elsewhere', permissions: ['users:read'] },
    { bearer: await signIn(writing) },
  );
  const [, made] = await stream.until(2);
  expect(made!.data).toMatchObject({ type: 'role.created', after: { name: 'made-elsewhere' } });

  const tool = await startTool('admin', ['create', 'second@example.org'], dataDir, ENV, PASSWORD)
    .done;
  expect(tool.code).toBe(0);
  const told = await stream.until(3);
  expect(told.map(({ id }) => Number(id))).toEqual(told.map((_, nr) => Number(told[0]!.id) + nr));

  expect(await reading.end('SIGTERM')).toBe(0);
  await stream.end();
  expect(stream.closed).toBe('whole');
  expect(stream.text.endsWith('\n\n')).toBe(true);
});
