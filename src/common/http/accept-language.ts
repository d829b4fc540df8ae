/** More of the header than this is not read, nor more languages than this looked at. */
const MAX_HEADER = 1000;
const MAX_RANGES = 20;
/** The longest tag an implementation must take (RFC 5646 section 4.4.1). */
const MAX_TAG = 35;

// RFC 9110 sections 12.4.2 and 12.5.4: language-range [ ";" "q=" qvalue ]
const RANGE =
  /^([a-z]{1,8}(?:-[a-z\d]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

/**
 * The languages of an `Accept-Language` field, most wanted first, in canonical spelling. What is
 * not well-formed is passed over, and so are `*` and languages with `q=0`.
 */
export function acceptedLanguages(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, MAX_HEADER)
    .split(',', MAX_RANGES)
    .flatMap(parseRange)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/**
 * The first of the accepted languages that is offered, in whichever region it was asked for
 * (RFC 4647 section 3.4).
 *
 * @param offered languages without a region
 * @returns undefined when none is
 */
export function preferredLanguage(
  header: string | undefined,
  offered: readonly string[],
): string | undefined {
  return acceptedLanguages(header)
    .map((tag) => new Intl.Locale(tag).language)
    .find((language) => offered.includes(language));
}

function parseRange(text: string): { tag: string; quality: number }[] {
  const [, range, quality = '1'] = RANGE.exec(text.trim()) ?? [];
  if (range === undefined || range.length > MAX_TAG || Number(quality) === 0) return [];
  try {
    return [{ tag: Intl.getCanonicalLocales(range)[0]!, quality: Number(quality) }];
  } catch {
    return [];
  }
}
