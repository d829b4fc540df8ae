// npm run passwords:filter -- <list> <out> [--min-count <n>]
// npm run passwords:filter -- --shipped    writes the filter that ships, again
import { parseArgs } from 'node:util';
import { buildOrExit } from './build-if-stale.mjs';

const USAGE = `Usage: npm run passwords:filter -- <list> <out> [--min-count <n>]

Makes the file that BREACHED_PASSWORDS_FILE names. <list> holds one password a line, or one SHA-1 in
hexadecimal, with :count behind it or not, as published lists of breached passwords have it; in a
file that ends in .ndjson, {"sha1" or "password", "count"?}. --min-count leaves out those that were
in fewer breaches. A list sorted by SHA-1 may have any length.`;

const { list, out, minCount, shipped } = readArguments();
await buildOrExit();
const { readPasswordList, writeBreachedFilter } =
  await import('../dist/auth/password/breached-filter.writer.js');
const { SHIPPED_FILTER } = await import('../dist/auth/password/breached-passwords.js');

try {
  const path = shipped ? SHIPPED_FILTER : out;
  const source = shipped ? await packagedList() : () => readPasswordList(list);
  const { count, size } = await writeBreachedFilter(source, path, minCount);
  console.log(`${path}: ${count} passwords, ${size} bytes.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { shipped: { type: 'boolean' }, 'min-count': { type: 'string', default: '1' } },
    });
    const [from, to] = positionals;
    const least = Number(values['min-count']);
    if (positionals.length !== (values.shipped ? 0 : 2)) throw new Error('Two paths are needed.');
    if (!Number.isInteger(least) || least < 1) throw new Error('--min-count takes a whole number.');
    return { list: from, out: to, minCount: least, shipped: values.shipped };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(64); // sysexits.h: EX_USAGE
  }
}

/** Every password of the list that is a dependency anyway. */
async function packagedList() {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const entries = dictionary['passwords-common'].map((password) => ({ password }));
  return () => entries;
}
