import { inert, paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import { circumstances, notMe } from './notice.js';
import type { Words } from './words.js';

export function emailChangeAsked(data: MailTemplates['email-change-asked'], words: Words): Part[] {
  const texts = words.texts['email-change-asked'];
  return [
    words.greeting(data.name),
    paragraph(texts.happened(inert(data.newEmail))),
    circumstances(texts, data, words),
    paragraph(texts.ifYou),
    paragraph(texts.otherwise),
    { kind: 'action', label: texts.cancel, link: data.link },
    paragraph(words.texts.linkWorks(words.duration(data.expiresInMinutes))),
    ...notMe(data.notMeLink, words),
  ];
}
