import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function emailRestored(data: MailTemplates['email-restored'], words: Words): Part[] {
  const texts = words.texts['email-restored'];
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    { kind: 'facts', facts: [[words.texts.when, words.time(data.at)]] },
    paragraph(texts.otherwise),
  ];
}
