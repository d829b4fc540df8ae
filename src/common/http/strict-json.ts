/** Deepest nesting a body may have. No route takes more than two levels. */
const MAX_DEPTH = 16;
/** Most members and elements a body may have, all levels together. */
const MAX_MEMBERS = 256;
/** Longest member name, in characters: it is repeated in the answer about a field that is unknown. */
const MAX_NAME = 128;

/** A string literal, or one structural character. Run over text that is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body is not JSON as this server takes it; the message says what is wrong. */
export class StrictJsonError extends Error {}

/**
 * Parses a body such that every reader of it must agree on what it says: UTF-8 without a byte
 * order mark, no member twice (RFC 8259 section 4 leaves that open), no lone surrogates
 * (section 8.2), bounded depth and number, and no member that would reach an object's prototype. Linear.
 */
export function parseStrictJson(body: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new StrictJsonError('The body is not UTF-8.');
  }
  if (text.startsWith('\ufeff'))
    throw new StrictJsonError('The body begins with a byte order mark.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StrictJsonError('The body is not JSON.');
  }
  checkStructure(text);
  return value;
}

function checkStructure(text: string): void {
  const members: (Set<string> | undefined)[] = []; // one for each open bracket; a Set for objects
  let lastString = '';
  let begun = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    // Behind each of these stands a member or an element, but for an empty object or array.
    if (token === '{' || token === '[' || token === ',') begun += 1;
    if (begun > MAX_MEMBERS) throw new StrictJsonError('The body holds too many members.');
    if (token === '{' || token === '[') {
      members.push(token === '{' ? new Set() : undefined);
      if (members.length > MAX_DEPTH) throw new StrictJsonError('The body is nested too deeply.');
    } else if (token === '}' || token === ']') {
      members.pop();
    } else if (token === ':') {
      const seen = members.at(-1)!;
      if (lastString.length > MAX_NAME)
        throw new StrictJsonError('The body holds too long a name.');
      if (seen.has(lastString)) throw new StrictJsonError('The body holds a member twice.');
      if (lastString === '__proto__')
        throw new StrictJsonError('The body holds a member __proto__.');
      seen.add(lastString);
    } else if (token !== ',') {
      lastString = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
      if (!lastString.isWellFormed()) {
        throw new StrictJsonError('The body holds half of a surrogate pair.');
      }
    }
  }
}
