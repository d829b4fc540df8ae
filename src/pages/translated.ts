import type { PageTemplate, TranslatedPage } from '../common/http/page.js';
import type { PageWords } from './words/catalogue.js';
import { english } from './words/english.js';
import { german } from './words/german.js';

/** The page in each language there are words in. Another one is a file like these and a name here. */
export function translated(
  write: (words: PageWords) => Omit<PageTemplate, 'language'>,
): TranslatedPage {
  return [english, german].map((words) => ({ ...write(words), language: words.language }));
}
