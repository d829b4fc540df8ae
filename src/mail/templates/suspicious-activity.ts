import { paragraph, type Part } from './letter.js';
import type { MailTemplates } from './mail-templates.js';
import type { Words } from './words.js';

/** To administrators: what was found, and where to read more. Holds no link. */
export function suspiciousActivity(
  data: MailTemplates['suspicious-activity'],
  words: Words,
): Part[] {
  const texts = words.texts['suspicious-activity'];
  const facts: [string, string][] = [[words.texts.when, words.time(data.at)]];
  if (data.kind !== 'permission-raised') facts.push([texts.count, String(data.count)]);
  if (data.network !== null) facts.push([texts.network, data.network]);
  if (data.subject !== null) facts.push([texts.subjectId, data.subject]);
  return [
    words.greeting(data.name),
    paragraph(texts.happened[data.kind]),
    { kind: 'facts', facts },
    paragraph(texts.whatToDo),
  ];
}
