import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import { circumstances } from './notice.js';
import type { Words } from './words.js';

export function signInCode(data: MailTemplates['sign-in-code'], words: Words): Part[] {
  const texts = words.texts['sign-in-code'];
  return [
    words.greeting(data.name),
    paragraph(texts.intro),
    { kind: 'code', label: texts.code, code: data.code },
    paragraph(texts.codeWorks(words.duration(data.expiresInMinutes))),
    circumstances(texts, data, words),
    paragraph(texts.otherwise),
  ];
}
