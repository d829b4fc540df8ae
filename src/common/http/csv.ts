export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** One record with its line break (RFC 4180 section 2). Every field is quoted. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * What spreadsheets take for a formula gets an apostrophe in front: people choose names and
 * addresses, and whoever opens the file must not run them.
 */
const FORMULA = /^[\s"']*[=+\-@＝＋－＠]|^[\t\r\n]/;

function csvField(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
