import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LogLines } from './log-lines.js';

function logLines() {
  const written: string[] = [];
  return { written, lines: new LogLines({ write: (text) => written.push(text) }) };
}

it('writes the lines of one turn together and in order, and the next ones after them', async () => {
  const { written, lines } = logLines();
  for (const line of ['a\n', 'b\n', 'c\n']) lines.write(line);
  expect(written).toEqual([]);
  await nextTurn();
  lines.write('d\n');
  await nextTurn();
  expect(written).toEqual(['a\nb\nc\n', 'd\n']);
});

it('does not let more than a piece pile up', () => {
  const { written, lines } = logLines();
  const line = `${'x'.repeat(999)}\n`;
  for (let i = 0; i < 200; i++) lines.write(line);
  expect(written.length).toBe(3);
  expect(Math.max(...written.map((piece) => piece.length))).toBeLessThan(70_000);
});
