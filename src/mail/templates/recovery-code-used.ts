import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import { circumstances, notMe } from './notice.js';
import type { Words } from './words.js';

export function recoveryCodeUsed(data: MailTemplates['recovery-code-used'], words: Words): Part[] {
  const texts = words.texts['recovery-code-used'];
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    circumstances(texts, data, words),
    paragraph(data.left === 0 ? texts.noneLeft : texts.left(data.left)),
    paragraph(texts.ifYou),
    ...notMe(data.link, words),
    paragraph(words.texts.linkWorks(words.duration(data.expiresInMinutes))),
  ];
}
