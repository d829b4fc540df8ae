import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './build-if-stale.mjs';

/**
 * Runs a script of ours or of a package (`node_modules/...`) in the repository's root, with this
 * terminal.
 *
 * @returns its exit code; 1 when a signal ended it
 */
export function runNode(script, args = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
