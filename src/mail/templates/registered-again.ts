import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

export function registeredAgain(data: MailTemplates['registered-again'], words: Words): Part[] {
  const texts = words.texts['registered-again'];
  const once = words.texts['verify-email'];
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    paragraph(texts.otherwise),
    { kind: 'action', label: texts.choose, link: data.passwordLink },
    paragraph(words.texts.newestLinkWorks(words.duration(data.passwordExpiresInMinutes))),
    paragraph(texts.ifYou),
    { kind: 'action', label: once.confirm, link: data.link },
    { kind: 'code', label: once.code, code: data.code },
    paragraph(once.linkAndCodeWork(words.duration(data.expiresInMinutes))),
  ];
}
