import { domainToUnicode } from 'node:url';
import { isIP } from 'node:net';

/** Whose password it is. */
export interface Person {
  email: string;
  name: string | null;
}

const PRODUCT = 'latchkey';
const SHORTEST_WORD = 4;

/** What whoever guesses this person's password tries first: parts of the name and the address. */
export function personalWords({ email, name }: Person): string[] {
  const [local = '', domain = ''] = canonical(email).split('@');
  return longEnough([
    local,
    ...parts(local),
    domain.split('.')[0]!,
    ...parts(canonical(name ?? '')),
  ]);
}

/** The product's name, the host of PUBLIC_URL and its domain: `example` of accounts.example.co.uk. */
export function serviceWords(publicUrl: string): string[] {
  const host = canonical(domainToUnicode(new URL(publicUrl).hostname));
  if (host === '' || isIP(host) !== 0) return [PRODUCT];
  const labels = host.split('.');
  const names = labels.length > 1 ? labels.slice(0, -1) : labels;
  const domain = names.findLast((label) => [...label].length >= SHORTEST_WORD);
  return longEnough([PRODUCT, host, domain ?? '']);
}

/** @param words as {@link personalWords} gives them */
export function holdsAny(password: string, words: readonly string[]): boolean {
  const text = canonical(password);
  return words.some((word) => text.includes(word));
}

function canonical(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function parts(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u);
}

function longEnough(words: string[]): string[] {
  return [...new Set(words.filter((word) => [...word].length >= SHORTEST_WORD))];
}
