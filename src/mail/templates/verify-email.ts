import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function verifyEmail(data: MailTemplates['verify-email'], words: Words): Part[] {
  const texts = words.texts['verify-email'];
  return [
    words.greeting(data.name),
    paragraph(texts.intro),
    { kind: 'action', label: texts.confirm, link: data.link },
    { kind: 'code', label: texts.code, code: data.code },
    paragraph(texts.linkAndCodeWork(words.duration(data.expiresInMinutes))),
    paragraph(texts.otherwise),
  ];
}
