import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../support/process.js';

const FOLDER = fileURLToPath(new URL('../../clients/bruno', import.meta.url));
const BRU = `${FOLDER}/node_modules/@usebruno/cli/bin/bru.js`;

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.dispose());

describe('the Bruno collection', () => {
  it('tells the whole story, every check of it right', async () => {
    const args = [
      'run',
      '--env',
      'local',
      '--env-var',
      `baseUrl=${server.url}`,
      '--sandbox',
      'safe',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [BRU, ...args], {
      cwd: FOLDER,
      timeout: 150_000,
    }).catch((error: { stdout: string }) => error);
    expect(stdout).not.toContain('✕');
    expect(stdout).toMatch(/Requests +│ +17 \(17 Passed\)/);
  }, 180_000);
});
