import type { Family, Labels, Sample } from './family.js';

/** Prometheus's text format (prometheus.io/docs/instrumenting/exposition_formats). */
export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** A family with its lines; `# HELP` and `# TYPE` are there even when there are none. */
export function textOf(
  { name, help, type }: Pick<Family, 'name' | 'help' | 'type'>,
  samples: readonly Sample[],
): string {
  const lines = samples.map(
    ({ suffix = '', labels, value }) => `${name}${suffix}${labelText(labels)} ${numeral(value)}\n`,
  );
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** "Backslash and line feed must be escaped"; in the value of a label the double quote, too. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** As Go's ParseFloat reads it. */
function numeral(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
