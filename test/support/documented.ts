import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { ServerProcess } from './process.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MARK = '---- next ----';

/** A command of a page, with the answer it shows, if it shows one. */
export interface Example {
  command: string;
  kind?: 'json' | 'text';
  answer: string;
}

/** Each ```sh block of a page, with the block right behind it that shows its answer. */
export function examplesOf(page: string): Example[] {
  const text = readFileSync(`${ROOT}${page}`, 'utf8');
  return [...text.matchAll(/```sh\n([^]*?)```(?:\s+```(json|text)\n([^]*?)```)?/g)].map(
    ([, command, kind, answer = '']) => ({
      command: command!,
      ...(kind ? { kind: kind as 'json' | 'text' } : {}),
      answer: answer.trim(),
    }),
  );
}

/** What each prints, run one after the other in one shell as a reader does: variables go on. */
export function run(examples: Example[], server: ServerProcess): string[] {
  const script = examples.map(({ command }) => `${command}\necho\necho '${MARK}'`).join('\n');
  const shell = spawnSync('bash', ['-c', here(script, server)], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      MODE: 'development',
      DATA_DIR: server.dataDir,
      BCRYPT_COST: '4',
      PORT: new URL(server.url).port,
    },
  });
  return shell.stdout.split(MARK).map((output) => output.trim());
}

/** Holds an output against the answer that is shown, in which `…` stands for anything. */
export function expectShown(output: string, { kind, answer }: Example, server: ServerProcess) {
  if (kind === 'json') expectLike(JSON.parse(output), JSON.parse(here(answer, server)));
  else expect(output.replaceAll(/\s+$/gm, '')).toMatch(pattern(answer));
}

/** With the port of this server in the place of the one that is written there. */
function here(text: string, server: ServerProcess): string {
  return text.replaceAll('localhost:3000', `localhost:${new URL(server.url).port}`);
}

/** Equal, except that `…` stands for anything. */
function expectLike(actual: unknown, shown: unknown): void {
  if (shown === '…') return expect(actual).toBeTruthy() as void;
  if (Array.isArray(shown)) {
    expect(actual).toHaveLength(shown.length);
    shown.forEach((item, i) => expectLike((actual as unknown[])[i], item));
  } else if (typeof shown === 'object' && shown !== null) {
    expect(Object.keys(actual as object).sort()).toEqual(Object.keys(shown).sort());
    for (const [name, value] of Object.entries(shown))
      expectLike((actual as Record<string, unknown>)[name], value);
  } else if (typeof shown === 'string') {
    expect(actual).toMatch(pattern(shown));
  } else {
    expect(actual).toEqual(shown);
  }
}

function pattern(shown: string): RegExp {
  const parts = shown.split('…').map((part) => part.replaceAll(/[^\w\s]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
}
