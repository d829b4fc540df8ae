import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VARIABLES } from '../../src/config/variables.js';

/**
 * What the Dockerfile says is done here by hand, without Docker: its last stage is put together in a
 * bare folder and run as another user, on a file system it cannot write to, without a network.
 */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const USER = '1000'; // of `node` in the image

let scratch: string;
let image: string;
let data: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latchkey-image-'));
  chmodSync(scratch, 0o755);
  const build = join(scratch, 'build');
  mkdirSync(build);
  // Links, not copies: what is removed here stays there.
  const modules = realpathSync(join(ROOT, 'node_modules'));
  execFileSync('cp', ['--archive', '--link', modules, join(build, 'node_modules')]);
  for (const name of ['package.json', 'package-lock.json', 'scripts', 'assets', 'prisma', 'dist']) {
    cpSync(join(ROOT, name), join(build, name), { recursive: true });
  }
  execFileSync(process.execPath, ['scripts/keep-runtime.mjs'], { cwd: build });

  image = join(scratch, 'image');
  mkdirSync(image, { mode: 0o755 });
  for (const [, from, to] of DOCKERFILE.matchAll(/^COPY --from=build \/app\/(\S+) (\S+)$/gm)) {
    const target = to === './' ? join(image, from!) : join(image, to!);
    mkdirSync(dirname(target), { recursive: true });
    execFileSync('cp', ['--archive', '--link', join(build, from!), target]);
  }
  data = join(scratch, 'data');
  mkdirSync(data, { mode: 0o700 });
  execFileSync('chown', [`${USER}:${USER}`, data]);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/**
 * Runs `script` in the image, which is read-only, without a network but loopback; only the folder of
 * data can be written to. Gives the process. `$enter` in the script is "as the image's user".
 */
function contained(script: string): ChildProcess {
  const prepare = `
    ip link set lo up
    mount --bind ${data} ${data}
    mount --bind ${image} ${image} && mount -o remount,bind,ro ${image}
    cd ${image}
    enter="setpriv --reuid=${USER} --regid=${USER} --clear-groups --inh-caps=-all --no-new-privs"
    set -e
    ${script}`;
  return spawn(
    'unshare',
    ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', 'bash', '-c', prepare],
    {
      env: { PATH: process.env.PATH, HOST: '0.0.0.0', PORT: '3000', DATA_DIR: data },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

async function run(script: string): Promise<{ code: number | null; output: string }> {
  const child = contained(script);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

const NODE = process.execPath;
const PRODUCTION =
  'PUBLIC_URL=https://accounts.example.org SMTP_URL=smtp://mail.example.org MAIL_FROM=a@example.org';

describe('the image', () => {
  it('[15.2.3] [13.3.1] holds what runs, and neither tests, tools, sources nor secrets', () => {
    const files = readdirSync(image, { recursive: true, encoding: 'utf8' });
    expect(readdirSync(image).toSorted()).toEqual([
      'assets',
      'dist',
      'node_modules',
      'package.json',
      'prisma',
    ]);
    const ours = files.filter((file) => !file.startsWith('node_modules/'));
    expect(
      ours.filter((file) => /\.(?:spec|e2e-spec)\.|\.ts$|\.env|\.key$|\.db$/.test(file)),
    ).toEqual([]);
    for (const tool of ['vitest', 'typescript', 'prisma', '@nestjs/cli', 'playwright-core']) {
      expect([tool, existsSync(join(image, 'node_modules', tool))]).toEqual([tool, false]);
    }
  });

  it('runs as another user, on a read-only file system, without a network; the health check follows it', async () => {
    const { code, output } = await run(`
      $enter ${NODE} dist/cli/health-check.js && echo "ready too early"
      $enter touch ${image}/x 2>/dev/null && echo "wrote to the image"
      $enter env ${PRODUCTION} ${NODE} dist/main.js > ${data}/log &
      server=$!
      for _ in $(seq 100); do
        $enter ${NODE} dist/cli/health-check.js 2>/dev/null && break
        sleep 0.1
      done
      $enter ${NODE} dist/cli/health-check.js && echo "is ready"
      echo "runs as $(ps -o uid= -p $server)"
      kill -TERM $server
      wait $server
      echo "ended with $?"
    `);
    expect(output).not.toContain('ready too early');
    expect(output).not.toContain('wrote to the image');
    expect(output).toContain('is ready');
    expect(output).toMatch(new RegExp(`runs as +${USER}$`, 'm'));
    expect(output).toContain('ended with 0');
    expect(code).toBe(0);
    expect(statSync(join(data, 'latchkey.db')).uid).toBe(Number(USER));
  });

  it('says what is wrong with its settings, and exits with 78', async () => {
    const { code, output } = await run(`$enter ${NODE} dist/main.js`);
    expect(code).toBe(78);
    expect(output).toContain('PUBLIC_URL is required in production');
  });
});

describe('the recipes', () => {
  it.each([
    'Dockerfile',
    'compose.yaml',
    'deploy/kubernetes/latchkey.yaml',
    'deploy/systemd/latchkey.service',
  ])('%s sets variables that there are', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/^ARG .*$/gm, '');
    const named = [
      ...text.matchAll(/(?:^ENV |^Environment="?| )([A-Z][A-Z_]{3,})=/gm),
      ...text.matchAll(/name: ([A-Z][A-Z_]{3,})[ ,]/g),
      ...text.matchAll(/^ {6}([A-Z][A-Z_]{3,}): /gm),
    ].map(([, name]) => name!.replace(/_FILE$/, ''));
    expect(named.length).toBeGreaterThan(1);
    for (const name of named) expect(Object.keys(VARIABLES)).toContain(name);
  });
});
