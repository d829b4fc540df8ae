import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../src/doctor/finding.js';
import type { Setting } from '../src/doctor/settings.js';
import { freePort } from './support/ports.js';
import { ServerProcess } from './support/process.js';
import { startTool } from './support/tool.js';

interface Examined {
  code: number | null;
  settings: Setting[];
  findings: Finding[];
  text: string;
}

async function examine(
  dataDir: string,
  env: Record<string, string>,
  ...args: string[]
): Promise<Examined> {
  const { code, output, errors } = await startTool('doctor', ['--json', ...args], dataDir, env)
    .done;
  const { settings, findings } = JSON.parse(output) as Pick<Examined, 'settings' | 'findings'>;
  return { code, settings, findings, text: output + errors };
}

function ill({ findings }: Examined): string[] {
  return findings
    .filter(({ severity }) => severity !== 'ok')
    .map(({ severity, area, what }) => `${severity} ${area}: ${what}`);
}

/** Passes every request on, as a reverse proxy that says for whom. */
async function proxyTo(target: string): Promise<{ url: string; server: Server }> {
  const server = createServer((incoming, outgoing) => {
    const already = incoming.headers['x-forwarded-for'];
    const client = incoming.socket.remoteAddress!;
    const headers = {
      ...incoming.headers,
      'x-forwarded-for': already === undefined ? client : `${String(already)}, ${client}`,
    };
    const onward = request(
      new URL(incoming.url!, target),
      { method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

let server: ServerProcess;
let env: Record<string, string>;

beforeAll(async () => {
  const port = String(await freePort());
  env = { PORT: port, PUBLIC_URL: `http://localhost:${port}`, CORS_ORIGINS: 'https://app.example' };
  server = await ServerProcess.start(env);
});
afterAll(() => server.dispose());

describe('npm run doctor', () => {
  it('finds nothing wrong with a server that runs as it should', async () => {
    const examined = await examine(server.dataDir, env, '--url', env.PUBLIC_URL!);
    expect(examined.code).toBe(0);
    expect(ill(examined)).toEqual([expect.stringContaining('backup: There is none')]);
    const areas = new Set(examined.findings.map(({ area }) => area));
    for (const area of ['settings', 'disk', 'files', 'database', 'keys', 'mail', 'server', 'clock'])
      expect([...areas]).toContain(area);
    expect(examined.findings.map(({ what }) => what)).toContain(
      'https://app.example may read answers.',
    );
  });

  it('lists every setting with its value, its unit and its source', async () => {
    const { settings } = await examine(server.dataDir, { ...env, ACCESS_TOKEN_TTL: '5m' });
    const byName = Object.fromEntries(settings.map(({ name, ...rest }) => [name, rest]));
    expect(byName.ACCESS_TOKEN_TTL).toEqual({ value: '5m', source: 'environment' });
    expect(byName.SESSION_TTL).toEqual({ value: '90d', source: 'default' });
    expect(byName.PUBLIC_URL).toEqual({ value: env.PUBLIC_URL, source: 'environment' });
    expect(byName.HOST).toEqual({ value: '127.0.0.1', source: 'default' });
    expect(byName.MASTER_KEY).toEqual({ value: 'unset', source: 'default' });
  });

  it('[16.2.5] prints no secret, whatever is wrong', async () => {
    const canary = 'canary-secret-0123456789abcdef';
    const examined = await examine(server.dataDir, {
      ...env,
      SMTP_URL: `smtp://someone:${canary}@127.0.0.1:9`,
      MAIL_FROM: 'no-reply@example.org',
      METRICS_TOKEN: canary,
    });
    expect(examined.code).toBe(1);
    expect(ill(examined)).toContainEqual(
      expect.stringMatching(
        /^fault mail: smtp:\/\/127\.0\.0\.1:9 takes no mail from here: .*ECONNREFUSED/,
      ),
    );
    expect(examined.text).not.toContain(canary);
  });

  it('tells every fault of the settings at once, and exits with 1', async () => {
    const examined = await examine(server.dataDir, { BCRYPT_COST: '3', PUBLIC_URL: 'nowhere' });
    expect(examined.code).toBe(1);
    const faults = ill(examined).join('\n');
    expect(faults).toContain('BCRYPT_COST');
    expect(faults).toContain('PUBLIC_URL');
    expect(examined.findings.every(({ change }) => change !== undefined)).toBe(true);
  });

  it('finds files that others can read, and an old backup, and says what to do', async () => {
    const key = join(server.dataDir, 'master.key');
    const backups = join(server.dataDir, 'backups');
    chmodSync(key, 0o644);
    mkdirSync(join(backups, 'backup-2020-01-02T03-04-05-678Z'), { recursive: true });
    try {
      const examined = await examine(server.dataDir, env);
      expect(ill(examined)).toEqual([
        `fault files: ${key} can be read or written by others.`,
        expect.stringMatching(/^warning backup: The newest in .* is \d{4} days old\.$/),
      ]);
      expect(examined.findings.map(({ change }) => change)).toContain(`chmod 600 ${key}`);
    } finally {
      chmodSync(key, 0o600);
      rmSync(backups, { recursive: true });
    }
  });

  it('makes nothing where there is nothing', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'latchkey-doctor-'));
    const examined = await examine(join(empty, 'data'), env);
    expect(ill(examined)).toEqual([expect.stringMatching(/^warning files: There is no database/)]);
    expect(readdirSync(empty)).toEqual([]);
    rmSync(empty, { recursive: true });
  });

  it('says how to use it when it is used wrongly', async () => {
    const { code, errors } = await startTool('doctor', ['--url', 'here'], server.dataDir, env).done;
    expect(code).toBe(64);
    expect(errors).toContain('--url');
  });

  it('prints for people as well', async () => {
    const { code, output } = await startTool('doctor', [], server.dataDir, env).done;
    expect(code).toBe(0);
    expect(output).toMatch(/ACCESS_TOKEN_TTL +15m {2}\(default\)/);
    expect(output).toMatch(/\d+ looked at, 0 wrong, 1 to be thought of\.\n$/);
  });
});

describe('npm run doctor -- --url', () => {
  it('says when nothing answers there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const examined = await examine(server.dataDir, env, '--url', url);
    expect(ill(examined)).toContainEqual(
      expect.stringContaining(`fault server: ${url} does not answer: ECONNREFUSED`),
    );
  });

  it('[15.3.4] finds a proxy that TRUST_PROXY does not name', async () => {
    const proxy = await proxyTo(server.url);
    try {
      const examined = await examine(server.dataDir, env, '--url', proxy.url);
      expect(ill(examined)).toContainEqual(
        expect.stringContaining('fault proxy: There is a proxy in front and TRUST_PROXY is 0'),
      );
    } finally {
      proxy.server.close();
    }
  });

  it('[15.3.4] finds nothing wrong with a proxy that is trusted, and that the way past it is open', async () => {
    const trusting = await ServerProcess.start({ ...env, PORT: '0', TRUST_PROXY: '1' });
    const proxy = await proxyTo(trusting.url);
    const settings = { ...env, TRUST_PROXY: '1' };
    try {
      const through = await examine(trusting.dataDir, settings, '--url', proxy.url);
      expect(ill(through).filter((line) => line.includes('TRUST_PROXY'))).toEqual([]);
      const past = await examine(trusting.dataDir, settings, '--url', trusting.url);
      expect(ill(past)).toContainEqual(
        expect.stringContaining('From here the address of a client can be chosen'),
      );
    } finally {
      proxy.server.close();
      await trusting.dispose();
    }
  });

  it('says that the settings are those of another server', async () => {
    const other = { ...env, PUBLIC_URL: 'http://elsewhere.example' };
    const examined = await examine(server.dataDir, other, '--url', server.url);
    expect(examined.code).toBe(1);
    expect(ill(examined).join('\n')).toContain("The server's PUBLIC_URL is");
  });
});

describe('GET /doctor/as-seen', () => {
  it('[13.4.5] is not there for anybody who does not know the master key', async () => {
    const proofs = ['', 'x', 'A'.repeat(75), 'A'.repeat(5000)];
    for (const proof of proofs) {
      const answer = await server.get('/doctor/as-seen', {
        headers: { 'x-latchkey-doctor': proof },
      });
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
    expect((await server.get('/doctor/as-seen')).status).toBe(404);
  });
});
