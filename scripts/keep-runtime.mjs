// node scripts/keep-runtime.mjs: removes from node_modules what the server does not run with.
//
// `npm prune --omit=dev` keeps packages that others merely could use (optional peers): the Prisma
// tools and TypeScript, two thirds of the folder. Only for an image or another copy that is not
// developed in.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './build-if-stale.mjs';

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const kept = new Set();
for (const name of Object.keys(packages[''].dependencies)) keep(name, '');

const removed = Object.keys(packages).filter((path) => path !== '' && !kept.has(path));
for (const path of removed) rmSync(join(root, path), { recursive: true, force: true });
rmSync(join(root, 'node_modules/.bin'), { recursive: true, force: true });
console.log(`Kept ${kept.size} packages, removed ${removed.length}.`);

/** @param from path of the package that needs it; '' for ours */
function keep(name, from) {
  const path = find(name, from);
  if (path === undefined || kept.has(path)) return;
  kept.add(path);
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    packages[path];
  const peers = Object.keys(peerDependencies ?? {}).filter(
    (peer) => !peerDependenciesMeta?.[peer]?.optional,
  );
  const needed = [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
  for (const next of needed) keep(next, path);
}

/** Where Node finds it: in the package's own node_modules, or the next one above. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    if (folder === '.') folder = '';
    const path = join(folder, 'node_modules', name);
    if (path in packages && existsSync(join(root, path))) return path;
    if (folder === '') return undefined;
  }
}
