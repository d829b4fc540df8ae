import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type RequestOptions } from '../support/client.js';
import { freePort } from '../support/ports.js';
import { ServerProcess } from '../support/process.js';

/** The configurations in deploy/, with nothing changed but ports and folders. */

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const SERVICE = fileURLToPath(new URL('../fixtures/guarded_service.py', import.meta.url));
const PASSWORD = 'correct horse battery staple';

interface Gateway {
  client: Client;
  child: ChildProcess;
}

let scratch: string;
let latchkey: ServerProcess;
let service: ChildProcess;
let servicePort: number;
let nginx: Gateway;
let caddy: Gateway;
const ada = { email: 'ada@example.org', id: '', token: '', key: '' };

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'latchkey-gateway-'));
  latchkey = await ServerProcess.start({ TRUST_PROXY: '127.0.0.1' });
  servicePort = await freePort();
  service = spawn('/usr/bin/python3', [SERVICE, String(servicePort)], { stdio: 'ignore' });
  nginx = await startNginx();
  caddy = await startCaddy();
  for (const port of [servicePort, portOf(nginx.client.url), portOf(caddy.client.url)]) {
    await answering(port);
  }
  await register();
});
afterAll(async () => {
  for (const child of [nginx?.child, caddy?.child, service]) child?.kill('SIGTERM');
  await latchkey?.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

async function register(): Promise<void> {
  await latchkey.post('/auth/register', { email: ada.email, password: PASSWORD });
  const { token } = await latchkey.mail(ada.email);
  await latchkey.post('/auth/verify-email', { token });
  const login = await latchkey.post('/auth/login', { email: ada.email, password: PASSWORD });
  ada.token = login.body.access_token;
  ada.id = (await latchkey.get('/users/me', { bearer: ada.token })).body.id;
  const key = await latchkey.post('/auth/api-keys', { name: 'gateway' }, { bearer: ada.token });
  ada.key = key.body.key;
}

/** With the ports of this test in the place of those of the example. */
function adapted(text: string, port: number): string {
  return text
    .replaceAll('127.0.0.1:3000', new URL(latchkey.url).host)
    .replaceAll('127.0.0.1:5000', `127.0.0.1:${servicePort}`)
    .replaceAll(/listen 8080|^:8080/gm, (found) => found.replace('8080', `${port}`));
}

async function startNginx(): Promise<Gateway> {
  const port = await freePort();
  const folder = join(scratch, 'nginx');
  mkdirSync(folder);
  for (const name of readdirSync(join(DEPLOY, 'nginx'))) {
    const text = readFileSync(join(DEPLOY, 'nginx', name), 'utf8');
    writeFileSync(
      join(folder, name),
      adapted(text, port).replace('/var/cache/nginx/latchkey', join(folder, 'cache')),
    );
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join('\n');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr warn;
     events {}
     http { access_log off; ${temporary} include latchkey.conf; }`,
  );
  const args = ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
  const child = spawn('/usr/sbin/nginx', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return { client: new Client(`http://127.0.0.1:${port}`), child };
}

async function startCaddy(): Promise<Gateway> {
  const port = await freePort();
  const file = join(scratch, 'Caddyfile');
  const text = adapted(readFileSync(join(DEPLOY, 'caddy/Caddyfile'), 'utf8'), port);
  writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${text}`);
  const child = spawn('/usr/bin/caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: {
      PATH: process.env.PATH,
      HOME: scratch,
      XDG_DATA_HOME: scratch,
      XDG_CONFIG_HOME: scratch,
    },
    stdio: 'ignore',
  });
  return { client: new Client(`http://127.0.0.1:${port}`), child };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Asks again until somebody listens; the limit of the hook ends it otherwise. */
function answering(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', () => setTimeout(() => resolve(answering(port)), 50));
  });
}

const WAYS: [string, () => RequestOptions][] = [
  ['Bearer', () => ({ bearer: ada.token })],
  ['Basic', () => ({ basic: [ada.email, PASSWORD] })],
  ['ApiKey', () => ({ headers: { 'x-api-key': ada.key } })],
];

describe.each([
  ['nginx', () => nginx.client],
  ['Caddy', () => caddy.client],
] as const)('%s guards a Flask service', (_name, client) => {
  it.each(WAYS)(
    'and lets %s through, with who it is from and without the credential',
    async (scheme, options) => {
      for (const method of ['GET', 'POST']) {
        const answer = await client().send(method, '/api/things/1?x=y', options());
        expect([method, answer.status]).toEqual([method, 200]);
        expect(answer.body).toMatchObject({
          path: 'api/things/1',
          method,
          user: ada.id,
          email: ada.email,
          roles: 'user',
          scheme,
          secrets: [],
        });
      }
    },
  );

  it('and stops strangers with 401 and a challenge, and a wrong role with 403', async () => {
    const none = await client().get('/api/things');
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toContain('latchkey');
    expect((await client().get('/api/things', { bearer: 'x' })).status).toBe(401);
    expect((await client().get('/api/admin/things', { bearer: ada.token })).status).toBe(403);
  });

  it('[4.1.3] and believes no identity that a client sends along', async () => {
    const forged = {
      'x-auth-user': 'forged',
      X_Auth_User: 'forged',
      'x-auth-roles': 'admin',
      x_auth_scheme: 'forged',
    };
    expect((await client().get('/api/things', { headers: forged })).status).toBe(401);
    const answer = await client().get('/api/things', { bearer: ada.token, headers: forged });
    expect(answer.body).toMatchObject({ user: ada.id, roles: 'user', scheme: 'Bearer' });
    expect(answer.text).not.toContain('forged');
  });

  it('[15.3.4] and tells Latchkey the address of the client, whatever the client says of it', async () => {
    const before = latchkey.lines.length;
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    await client().get('/users/me', { bearer: ada.token, headers });
    const log = latchkey.lines.slice(before).join('\n');
    expect(log).not.toContain('203.0.113.9');
  });

  it('[7.4.1] and nobody comes through after logging out', async () => {
    const { email } = ada;
    const login = await client().post('/auth/login', { email, password: PASSWORD });
    const bearer = login.body.access_token as string;
    expect((await client().get('/api/things', { bearer })).status).toBe(200);
    expect((await client().post('/auth/logout', undefined, { bearer })).status).toBe(204);
    expect((await client().get('/api/things', { bearer })).status).toBe(401);
  });
});

describe('nginx, where it keeps answers for five seconds', () => {
  it('asks once for many requests of one credential, and again for another one', async () => {
    const questions = () => latchkey.lines.filter((line) => line.includes('/auth/gateway')).length;
    const before = questions();
    for (let i = 0; i < 10; i++) {
      const answer = await nginx.client.get('/cached/things', { bearer: ada.token });
      expect(answer.body).toMatchObject({ user: ada.id, scheme: 'Bearer' });
    }
    // Five seconds may end among them, on a slow machine.
    expect(questions() - before).toBeLessThan(10);
    const other = await nginx.client.get('/cached/things', { headers: { 'x-api-key': ada.key } });
    expect(other.body).toMatchObject({ scheme: 'ApiKey' });
    expect((await nginx.client.get('/cached/things')).status).toBe(401);
  });
});
