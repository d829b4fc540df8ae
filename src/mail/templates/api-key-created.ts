import { inert, paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import { circumstances, notMe } from './notice.js';
import type { Words } from './words.js';

export function apiKeyCreated(data: MailTemplates['api-key-created'], words: Words): Part[] {
  const texts = words.texts['api-key-created'];
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    { kind: 'facts', facts: [[texts.key, inert(data.keyName)]] },
    circumstances(texts, data, words),
    paragraph(texts.ifYou),
    ...notMe(data.link, words),
    paragraph(words.texts.linkWorks(words.duration(data.expiresInMinutes))),
  ];
}
