// Builds dist/ when it is missing or was made from other sources than those here now.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const INPUTS = [
  'src',
  'prisma/schema.prisma',
  'prisma.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
];
const DIST = join(root, 'dist');
/** Built here and then put in place, so that a build that fails or is stopped changes nothing. */
const NEXT = join(root, 'dist.next');
const CACHE = join(root, 'node_modules/.cache/latchkey');
/** Name of the file in dist/ that holds the fingerprint of the sources. */
const STAMP = '.built-from';

/** Builds unless dist/ is up to date. Of several processes that call this at once, one builds. */
export async function buildIfStale() {
  if (isFresh()) return;
  await withLock(async () => {
    if (isFresh()) return; // another process was faster
    process.stderr.write('Building (once) ... ');
    const seconds = await build();
    process.stderr.write(`done in ${seconds} s.\n`);
  });
}

/** Builds in any case. */
export async function buildNow() {
  await withLock(async () => {
    const seconds = await build();
    process.stderr.write(`Built dist/ in ${seconds} s.\n`);
  });
}

function isFresh() {
  return (
    existsSync(join(root, 'src/generated/prisma/client.ts')) &&
    existsSync(join(DIST, STAMP)) &&
    readFileSync(join(DIST, STAMP), 'utf8') === fingerprint()
  );
}

/** Over contents, not times: a checkout, a copy or a deleted file is noticed too. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const input of INPUTS) add(input);
  return hash.digest('hex');

  function add(path) {
    if (path === 'src/generated' || path.endsWith('.spec.ts')) return; // made by, or no part of, a build
    const absolute = join(root, path);
    if (statSync(absolute).isDirectory()) {
      for (const name of readdirSync(absolute).sort()) add(`${path}/${name}`);
    } else {
      const content = readFileSync(absolute);
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  }
}

async function build() {
  const begun = performance.now();
  const before = fingerprint();
  const tsconfig = join(CACHE, 'tsconfig.json');
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(root, 'tsconfig.build.json'),
      compilerOptions: { rootDir: join(root, 'src'), outDir: NEXT },
      include: [join(root, 'src')],
    }),
  );
  try {
    await run('prisma', 'build/index.js', ['generate']);
    await run('@nestjs/cli', 'bin/nest.js', ['build', '--path', relative(root, tsconfig)]);
    writeFileSync(join(NEXT, STAMP), before);
    rmSync(DIST, { recursive: true, force: true });
    renameSync(NEXT, DIST);
  } finally {
    rmSync(NEXT, { recursive: true, force: true });
  }
  return ((performance.now() - begun) / 1000).toFixed(1);
}

/** Runs a package's command and shows what it printed only when it fails. */
function run(packageName, script, args) {
  const folder = join(root, 'node_modules', packageName);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Prisma would otherwise ask its maker whether there is a newer version.
      env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      process.stderr.write(`\n${output}\n`);
      reject(new BuildFailed(`${packageName} ${args.join(' ')} failed: see above.`));
    });
  });
}

class BuildFailed extends Error {}

/** {@link buildIfStale} for a command: when the sources cannot be built, it ends here. */
export async function buildOrExit(how = buildIfStale) {
  try {
    await how();
  } catch (error) {
    console.error(error instanceof BuildFailed ? error.message : error);
    process.exit(1);
  }
}

/** The lock is SQLite's own: it ends with the process that holds it, however that ends. */
async function withLock(work) {
  const Database = createRequire(import.meta.url)('better-sqlite3');
  mkdirSync(CACHE, { recursive: true });
  const lock = new Database(join(CACHE, 'build.lock'), { timeout: 300_000 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return await work();
  } finally {
    lock.close();
  }
}
