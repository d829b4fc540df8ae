import { acceptedLanguages } from '../../common/http/accept-language.js';
import type { Catalogue } from './catalogue.js';
import { english } from './english.js';
import { german } from './german.js';

/** The languages mails are written in. Another one is a file like these and a line here. */
const CATALOGUES: Readonly<Record<string, Catalogue>> = { en: english, de: german };

/** Of those who told us nothing, or no language we have. Day before month: fewer misread it. */
const FALLBACK = 'en-GB';

/**
 * The tag that dates are written by, and the texts of its language.
 *
 * @param tag language tag of BCP 47, not necessarily one we have texts in
 */
export function inLanguage(tag: string | null | undefined): { tag: string; texts: Catalogue } {
  const spoken = supported(tag);
  if (spoken === undefined || spoken === 'en') return { tag: FALLBACK, texts: english };
  return { tag: spoken, texts: CATALOGUES[new Intl.Locale(spoken).language]! };
}

/** The first language of an `Accept-Language` field that mails are written in, with its region. */
export function wantedLanguage(acceptLanguage: string | undefined): string | undefined {
  for (const tag of acceptedLanguages(acceptLanguage)) {
    const spoken = supported(tag);
    if (spoken !== undefined) return spoken;
  }
  return undefined;
}

/** The tag without extensions, which could ask for another calendar or other digits. */
export function supported(tag: string | null | undefined): string | undefined {
  if (!tag) return undefined;
  try {
    const { language, baseName } = new Intl.Locale(tag);
    return Object.hasOwn(CATALOGUES, language) ? baseName : undefined;
  } catch {
    return undefined;
  }
}
