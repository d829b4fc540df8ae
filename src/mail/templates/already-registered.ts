import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function alreadyRegistered(data: MailTemplates['already-registered'], words: Words): Part[] {
  const texts = words.texts['already-registered'];
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    paragraph(texts.ifYou),
    paragraph(texts.otherwise),
  ];
}
