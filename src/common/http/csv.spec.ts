import { describe, expect, it } from 'vitest';
import { csvRecord } from './csv.js';

describe('a CSV record', () => {
  it('is quoted fields between commas, and ends with CR and LF', () => {
    expect(csvRecord(['a', '', 'b c'])).toBe('"a","","b c"\r\n');
  });

  it('keeps commas, quotes and line breaks inside their field', () => {
    expect(csvRecord(['a,b', 'say "yes"', 'one\r\ntwo'])).toBe(
      '"a,b","say ""yes""","one\r\ntwo"\r\n',
    );
  });

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '"=1',
    '＝1',
    '＋1',
    '＠x',
  ])('holds no formula: %j is text', (formula) => {
    expect(csvRecord([formula])).toBe(`"'${formula.replaceAll('"', '""')}"\r\n`);
  });

  it('leaves what is no formula as it is', () => {
    expect(csvRecord(['ada+tag@example.org', '2026-01-01', 'a=b', "O'Neill"])).toBe(
      `"ada+tag@example.org","2026-01-01","a=b","O'Neill"\r\n`,
    );
  });
});
