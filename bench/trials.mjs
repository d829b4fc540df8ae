// npm run trials [-- --short] [--long] [--only kill,smtp] [--times 60] [--json] [--markdown] [--write]
// npm run trials -- --of a.json,b.json [--markdown] [--write]: what earlier runs printed by --json
//
// Does to the built server what kills others, and checks afterwards that every promise was kept.
// A violation is a broken promise, never a slow machine: times are printed as information. Each
// trial has its own scratch folder, speaks to this machine alone, and ends what it started.
// docs/reliability.md says what each does.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildOrExit } from '../scripts/build-if-stale.mjs';
import { Trial } from './trials/support/trial.mjs';
import { TRIALS } from './trials/trials.mjs';

const PAGE = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
const BEGIN = '<!-- begin: npm run trials -- --write -->';
const END = '<!-- end -->';

const options = readArguments();
await buildOrExit();
const chosen = TRIALS.filter(
  ({ name }) => options.only.length === 0 || options.only.includes(name),
);
const missing = [...new Set(chosen.flatMap(({ needs }) => needs?.() ?? []))];
if (missing.length > 0) {
  console.error(
    `Missing on this machine: ${missing.join(', ')}. Install it, or leave the trial out with --only.`,
  );
  process.exit(1);
}

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void stopAll());
}
const begun = performance.now();
const results = options.of ? readResults(options.of.split(',')) : await runAll();
report(results);
process.exit(results.some(({ violationCount }) => violationCount > 0) ? 1 : 0);

async function stopAll() {
  for (const trial of running) await trial.dispose();
  process.exit(1);
}

/** Of runs that went on beside each other, in the order of the trials. */
function readResults(paths) {
  const found = paths.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')).trials);
  return TRIALS.flatMap(({ name }) => found.filter((result) => result.name === name));
}

/** One after the other. In the short form those that mostly wait run beside the others. */
async function runAll() {
  const found = new Map();
  const lane = async (trials) => {
    for (const trial of trials) found.set(trial, await runOne(trial));
  };
  if (options.short) {
    await Promise.all([
      lane(chosen.filter(({ waits }) => waits)),
      lane(chosen.filter(({ waits }) => !waits)),
    ]);
  } else {
    await lane(chosen);
  }
  return chosen.map((trial) => found.get(trial));
}

async function runOne({ name, title, promise, run }) {
  const from = performance.now();
  const trial = new Trial(name, options, (text) => console.error(`  ${name}: ${text}`));
  running.add(trial);
  console.error(`${name}: ${title}`);
  try {
    await run(trial);
  } catch (error) {
    trial.violation(`the trial broke off: ${error.stack}`);
  } finally {
    await trial.dispose();
    running.delete(trial);
  }
  const seconds = Math.round((performance.now() - from) / 1000);
  const { numbers, violations, violationCount } = trial;
  console.error(`${name}: ${violationCount} violations, ${seconds} s`);
  return { name, title, promise, seconds, numbers, violations, violationCount };
}

function report(found) {
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const form = options.short ? 'short form' : options.long ? 'long form' : 'full form';
  const seconds = Math.round((performance.now() - begun) / 1000);
  const count = found.reduce((sum, { violationCount }) => sum + violationCount, 0);
  if (options.json) {
    console.log(
      JSON.stringify({ form, machine, seconds, violations: count, trials: found }, null, 2),
    );
    return;
  }
  const table = markdown(found, `${form}, ${machine}`);
  if (options.write) {
    const page = readFileSync(PAGE, 'utf8');
    const [before, rest] = page.split(BEGIN);
    writeFileSync(PAGE, `${before}${BEGIN}\n\n${table}\n${END}${rest.split(END)[1]}`);
  }
  if (options.markdown) return console.log(table);
  for (const trial of found) {
    console.log(
      `\n${trial.name}: ${trial.violationCount} violations, ${trial.seconds} s. ${trial.title}`,
    );
    for (const [name, value] of Object.entries(trial.numbers)) console.log(`  ${name}: ${value}`);
    for (const text of trial.violations) console.log(`  VIOLATION ${text}`);
  }
  console.log(
    `\n${found.length} trials in ${seconds} s (${form}, ${machine}): ${count} violations.`,
  );
  const failed = found.filter(({ violationCount }) => violationCount > 0).length;
  console.log(`${found.length - failed} passed, ${failed} failed`);
}

function markdown(found, where) {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = found.map(({ name, seconds, numbers, violationCount }) => {
    const told = Object.entries(numbers).map(([what, value]) => `${what}: ${value}`);
    return `| \`${name}\` | ${violationCount} | ${cell(told.join('<br>'))} | ${seconds} s |`;
  });
  const head = ['| trial | violations | numbers | took |', '| --- | --- | --- | --- |'];
  return `${where[0].toUpperCase()}${where.slice(1)}.\n\n${[...head, ...lines].join('\n')}\n`;
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      of: { type: 'string' },
      times: { type: 'string' },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',').filter((name) => name !== '');
  const unknown = only.filter((name) => !TRIALS.some((trial) => trial.name === name));
  if (unknown.length > 0) {
    console.error(
      `No trial is named ${unknown.join(', ')}. There are: ${TRIALS.map(({ name }) => name).join(', ')}.`,
    );
    process.exit(1);
  }
  return { ...values, only, times: values.times === undefined ? undefined : Number(values.times) };
}
