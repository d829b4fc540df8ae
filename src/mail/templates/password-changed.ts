import type { MailTemplates } from './mail-templates.js';
import { type Part, paragraph } from './letter.js';
import { circumstances, notMe } from './notice.js';
import type { Words } from './words.js';

export function passwordChanged(data: MailTemplates['password-changed'], words: Words): Part[] {
  const texts = words.texts['password-changed'];
  const { apiKeys = 0 } = data;
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    circumstances(texts, data, words),
    paragraph(texts.ifYou),
    ...(apiKeys > 0 ? [paragraph(texts.apiKeys(apiKeys))] : []),
    ...notMe(data.link, words),
    paragraph(words.texts.linkWorks(words.duration(data.expiresInMinutes))),
  ];
}
