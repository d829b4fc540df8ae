import type { Finding } from '../doctor/finding.js';
import type { Report } from './doctor.js';

const MARKS = { ok: 'ok      ', warning: 'WARNING ', fault: 'WRONG   ' } as const;
const INDENT = ' '.repeat(20);

/** For people: the settings, what was found, and how much of it is not well. */
export function printReport({ settings, findings }: Report): void {
  const width = Math.max(...settings.map(({ name }) => name.length));
  console.log('Settings\n');
  for (const { name, value, source } of settings) {
    console.log(`  ${name.padEnd(width)}  ${value}  (${source})`);
  }
  console.log('\nFindings\n');
  for (const finding of findings) printFinding(finding);
  const faults = findings.filter(({ severity }) => severity === 'fault').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  console.log(`\n${findings.length} looked at, ${faults} wrong, ${warnings} to be thought of.`);
}

function printFinding({ area, severity, what, why, change }: Finding): void {
  console.log(`  ${MARKS[severity]}${area.padEnd(10)}${what}`);
  if (why !== undefined) console.log(`${INDENT}Why:    ${why}`);
  if (change !== undefined) console.log(`${INDENT}Change: ${change}`);
}
