import { describe, expect, it } from 'vitest';
import { CounterFamily } from './counter.js';
import type { Family } from './family.js';
import { GaugeFamily } from './gauge.js';
import { HistogramFamily } from './histogram.js';
import { textOf } from './text-format.js';

async function lines(family: Family): Promise<string[]> {
  const text = textOf(family, await family.samples());
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

describe('a counter', () => {
  it('without labels is there from the start, at nought', async () => {
    const family = new CounterFamily('things_total', 'Things.');
    expect(await lines(family)).toEqual([
      '# HELP things_total Things.',
      '# TYPE things_total counter',
      'things_total 0',
    ]);
    family.with().add();
    family.with().add(2);
    expect((await lines(family)).at(-1)).toBe('things_total 3');
  });

  it('with labels has one line for each combination that was counted', async () => {
    const family = new CounterFamily('things_total', 'Things.', ['kind', 'size']);
    expect(await lines(family)).toHaveLength(2);
    family.with('a', 'b').add();
    family.with('a', 'c').add();
    family.with('a', 'b').add();
    expect((await lines(family)).slice(2)).toEqual([
      'things_total{kind="a",size="b"} 2',
      'things_total{kind="a",size="c"} 1',
    ]);
  });
});

describe('a gauge', () => {
  it('is read when it is asked for, and has no line when it cannot be known', async () => {
    let reading: number | undefined = 1.5;
    const family = new GaugeFamily('level', 'A level.', () => Promise.resolve(reading));
    expect((await lines(family)).at(-1)).toBe('level 1.5');
    reading = undefined;
    expect(await lines(family)).toEqual(['# HELP level A level.', '# TYPE level gauge']);
  });
});

describe('a histogram', () => {
  it('has cumulative buckets up to +Inf, a sum and a count', async () => {
    const family = new HistogramFamily('seconds', 'Time.', [0.1, 1], ['route']);
    for (const value of [0.05, 0.1, 0.5, 1, 7]) family.with('/a').observe(value);
    expect((await lines(family)).slice(1)).toEqual([
      '# TYPE seconds histogram',
      'seconds_bucket{route="/a",le="0.1"} 2',
      'seconds_bucket{route="/a",le="1"} 4',
      'seconds_bucket{route="/a",le="+Inf"} 5',
      'seconds_sum{route="/a"} 8.65',
      'seconds_count{route="/a"} 5',
    ]);
  });

  it('without labels is there from the start', async () => {
    const family = new HistogramFamily('seconds', 'Time.', [1]);
    expect((await lines(family)).slice(2)).toEqual([
      'seconds_bucket{le="1"} 0',
      'seconds_bucket{le="+Inf"} 0',
      'seconds_sum 0',
      'seconds_count 0',
    ]);
  });
});

describe('the text format', () => {
  it('escapes backslash, line feed and, in labels, the double quote', async () => {
    const family = new CounterFamily('x_total', 'One\\two\nthree "four"', ['label']);
    family.with('a\\b\n"c"').add();
    expect(await lines(family)).toEqual([
      '# HELP x_total One\\\\two\\nthree "four"',
      '# TYPE x_total counter',
      'x_total{label="a\\\\b\\n\\"c\\""} 1',
    ]);
  });

  it.each([
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
    [1e21, '1e+21'],
    [0.000_000_1, '1e-7'],
  ])('writes %s as Go reads it', async (value, text) => {
    const family = new GaugeFamily('x', 'X.', () => value);
    expect((await lines(family)).at(-1)).toBe(`x ${text}`);
  });
});
