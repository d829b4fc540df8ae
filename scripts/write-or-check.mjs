import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './build-if-stale.mjs';

/**
 * Writes generated files. With `--check` on the command line it compares instead, and makes this
 * process fail when a file is not what would be written.
 *
 * @param command what brings the files up to date, for the message
 * @param files content by path from the repository's root
 */
export function writeOrCheck(command, files) {
  for (const [path, content] of Object.entries(files)) {
    const absolute = join(root, path);
    if (!process.argv.includes('--check')) {
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
      console.log(`Wrote ${path}.`);
    } else if (existsSync(absolute) && readFileSync(absolute, 'utf8') === content) {
      console.log(`${path} is up to date.`);
    } else {
      console.error(`${path} is out of date. Run: ${command}`);
      process.exitCode = 1;
    }
  }
}
