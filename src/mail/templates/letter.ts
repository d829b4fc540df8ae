/**
 * What a mail says, before it is text or HTML. Templates write letters; layout.ts turns one into
 * both, so that the two always say the same and escaping happens in one place.
 */
export interface Letter {
  /** Language tag. */
  language: string;
  /** Never holds what a person typed, nor a secret: it is shown on locked screens. */
  subject: string;
  parts: Part[];
  /** Who sent it; `sender` is the host the mail speaks for. */
  footer: (sender: string) => string;
}

export type Part =
  | { kind: 'paragraph'; text: string }
  /** The one thing to do. */
  | { kind: 'action'; label: string; link: string }
  | { kind: 'code'; label: string; code: string }
  | { kind: 'facts'; facts: [label: string, value: string][] };

export function paragraph(text: string): Part {
  return { kind: 'paragraph', text };
}

/** Breaks words without being seen, and is not valid in a host name (UTS 46, CheckJoiners). */
const BREAK = '\u200c';

/** Control characters and line separators, and the marks that turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu;

/**
 * Text from a person, fit to stand in a mail: one line, and nothing that mail programs turn into a
 * link by themselves. These are `://`, `www.`, an `@` inside a word, and a dot before what may be a
 * top-level domain (hardly any is longer than ten letters). Each is broken by a character nobody
 * sees; everything else stays as typed.
 */
export function inert(text: string): string {
  return text
    .replaceAll(UNPRINTABLE, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/:(?=\/\/)/g, `:${BREAK}`)
    .replaceAll(/(?<=\S)@(?=\S)/g, `${BREAK}@${BREAK}`)
    .replaceAll(/\bwww(?=\.)/gi, `$&${BREAK}`)
    .replaceAll(
      /(?<=[\p{L}\p{N}-])[.\u3002\uff0e\uff61](?=\p{L}{2,10}(?!\p{L})|xn--)/giu,
      `$&${BREAK}`,
    );
}

const MINUTES_PER = { day: 1440, hour: 60 } as const;

/**
 * 1440 -> "24 hours", 30 -> "30 minutes", 0.5 -> "30 seconds".
 *
 * @param tag language tag of BCP 47
 */
export function durationInWords(minutes: number, tag = 'en'): string {
  const count = (amount: number, unit: 'second' | 'minute' | 'hour' | 'day') =>
    amount.toLocaleString(tag, { style: 'unit', unit, unitDisplay: 'long' });

  if (minutes < 1) return count(Math.round(minutes * 60), 'second');
  const whole = Math.round(minutes);
  if (whole >= 2 * MINUTES_PER.day && whole % MINUTES_PER.day === 0) {
    return count(whole / MINUTES_PER.day, 'day');
  }
  if (whole < MINUTES_PER.hour) return count(whole, 'minute');
  const hours = count(Math.floor(whole / MINUTES_PER.hour), 'hour');
  const rest = whole % MINUTES_PER.hour;
  if (rest === 0) return hours;
  return new Intl.ListFormat(tag, { type: 'conjunction' }).format([hours, count(rest, 'minute')]);
}
