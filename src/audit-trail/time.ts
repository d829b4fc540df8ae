/** RFC 3339 section 5.6, or its full-date alone, which stands for the day's first moment in UTC. */
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

/** Whether `new Date` takes the text for what it says. */
export function isTime(text: unknown): text is string {
  const parts = typeof text === 'string' ? TIME.exec(text) : null;
  if (!parts) return false;
  const [year, month, day] = parts.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  // 30 February would be taken for 2 March.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
