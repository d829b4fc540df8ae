import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { ChainCheck, type ChainReport } from '../audit/chain-check.js';
import { Progress } from './progress.js';
import { runTool, UsageError } from './tool.js';

const USAGE = `Usage: npm run audit -- verify [--head <head>]

verify  proves that every line of the audit trail is what the server wrote, where it wrote it.
--head  a head from the log ("auditHead") or from an earlier run, <line>:<hash> or the hash alone:
        proves also that the trail still reaches that far.

Exits with 0 when the trail holds, and with 1 when it does not. More: docs/operators.md`;

/** npm run audit */
async function audit(tools: INestApplicationContext): Promise<void> {
  const { values, positionals } = parsed(process.argv.slice(2));
  if (positionals.join(' ') !== 'verify') throw new UsageError(USAGE);
  const head = values.head === undefined ? undefined : headOf(values.head);

  const check = tools.get(ChainCheck);
  const total = await check.count();
  const progress = new Progress(total);
  const report = await check.run(head?.hash, (lines) => progress.at(lines, lines));
  progress.clear();
  const foreign = await check.foreignSchema();
  for (const what of foreign) {
    console.log(
      `NOT PROVEN: ${what} is not the server's, and may have kept lines out of the trail.`,
    );
  }
  if (!holds(report, head) || foreign.length > 0) process.exitCode = 1;
}

interface Head {
  seq: number | undefined;
  hash: string;
}

/** Says what was found; gives whether the trail holds. */
function holds(report: ChainReport, head: Head | undefined): boolean {
  const { lines, from, fault, bound } = report;
  if (fault) {
    console.log(`BROKEN at line ${fault.seq} (${fault.kind}): ${fault.message}.`);
    console.log(`Before it, ${lines} lines hold. If no line holds, MASTER_KEY is another one.`);
    return false;
  }
  console.log(`The audit trail holds: ${lines} lines${behind(from.seq)}.`);
  if (bound) {
    console.log(
      `Lines before ${bound.seq} are proven from ${bound.at} on: they were older than the chain.`,
    );
  }
  console.log(`Head: ${report.head.seq}:${report.head.hash}`);
  if (bound && report.holdsHead !== false && !report.boundIsProven) {
    console.log(
      `NOT PROVEN: whoever takes all hashes away has the lines bound like this, whatever they hold. Give a head noted since.`,
    );
    return false;
  }
  if (report.holdsHead !== false) return true;
  if (head?.seq !== undefined && head.seq < from.seq) {
    console.log(`NOT PROVEN: line ${head.seq} is gone, like all up to line ${from.seq}: too old.`);
  } else {
    console.log(
      'CUT OFF: the head that was given is not in it. What came behind it may be gone, too.',
    );
  }
  return false;
}

function behind(removed: number): string {
  return removed === 0 ? '' : `, behind line ${removed}, up to which old ones were removed`;
}

function headOf(text: string): Head {
  const match = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/i.exec(text);
  if (!match)
    throw new UsageError(
      `${text} is no head: it is <line>:<64 hexadecimal digits>, or the digits alone.\n\n${USAGE}`,
    );
  return {
    seq: match[1] === undefined ? undefined : Number(match[1]),
    hash: match[2]!.toLowerCase(),
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { head: { type: 'string' } } });
  } catch {
    throw new UsageError(USAGE);
  }
}

void runTool(audit);
