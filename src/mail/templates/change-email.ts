import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function changeEmail(data: MailTemplates['change-email'], words: Words): Part[] {
  const texts = words.texts['change-email'];
  return [
    words.greeting(data.name),
    paragraph(texts.intro),
    { kind: 'action', label: texts.confirm, link: data.link },
    paragraph(words.texts.newestLinkWorks(words.duration(data.expiresInMinutes))),
    paragraph(texts.otherwise),
  ];
}
