import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function accountDeleted(data: MailTemplates['account-deleted'], words: Words): Part[] {
  const texts = words.texts['account-deleted'];
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    { kind: 'facts', facts: [[words.texts.when, words.time(data.at)]] },
    paragraph(texts.otherwise),
  ];
}
