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

/** {@link runNode} beside others: gives the exit code, and what was written to both outputs. */
export function runNodeQuietly(script, args = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
