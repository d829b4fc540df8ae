import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function resetPassword(data: MailTemplates['reset-password'], words: Words): Part[] {
  const texts = words.texts['reset-password'];
  return [
    words.greeting(data.name),
    paragraph(texts.intro),
    { kind: 'action', label: texts.choose, link: data.link },
    paragraph(words.texts.newestLinkWorks(words.duration(data.expiresInMinutes))),
    paragraph(texts.otherwise),
  ];
}
