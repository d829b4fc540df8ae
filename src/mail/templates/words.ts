import type { Catalogue } from './catalogue.js';
import { inLanguage } from './languages.js';
import { durationInWords, inert, paragraph, type Part } from './letter.js';

/** What a template writes with: the texts of one language, and its way with dates and durations. */
export class Words {
  readonly texts: Catalogue;
  /** Language tag, perhaps with a region: `de-AT`. */
  readonly tag: string;

  /** @param language any language tag; English when it is none we have texts in */
  constructor(language: string | null | undefined) {
    ({ tag: this.tag, texts: this.texts } = inLanguage(language));
  }

  /** @param name as typed */
  greeting(name: string | null): Part {
    return paragraph(this.texts.hello(name === null ? '' : inert(name)));
  }

  duration(minutes: number): string {
    return durationInWords(minutes, this.tag);
  }

  /** "22 November 2026 at 01:48 UTC" */
  time(iso: string): string {
    return new Date(iso).toLocaleString(this.tag, {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: 'UTC',
      timeZoneName: 'short',
    });
  }
}
