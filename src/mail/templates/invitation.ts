import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function invitation(data: MailTemplates['invitation'], words: Words): Part[] {
  const texts = words.texts.invitation;
  return [
    words.greeting(data.name),
    paragraph(texts.intro),
    { kind: 'action', label: texts.choose, link: data.link },
    paragraph(words.texts.linkWorks(words.duration(data.expiresInMinutes))),
    paragraph(texts.otherwise),
  ];
}
