import { inert, paragraph, type Part } from './letter.js';
import type { MailTemplates, NoticeTemplate } from './mail-templates.js';
import type { Words } from './words.js';

/** A notice: what happened, when and from where, and a link for whoever knows nothing of it. */
export function notice(
  template: NoticeTemplate,
  data: MailTemplates[NoticeTemplate],
  words: Words,
): Part[] {
  const texts = words.texts[template];
  return [
    words.greeting(data.name),
    paragraph(texts.happened),
    circumstances(texts, data, words),
    paragraph(texts.ifYou),
    ...notMe(data.link, words),
    paragraph(words.texts.linkWorks(words.duration(data.expiresInMinutes))),
  ];
}

/** When, with what and from where. */
export function circumstances(
  labels: { device: string; from: string },
  { at, device, ip }: { at: string; device: string | null; ip: string | null },
  words: Words,
): Part {
  const { when, unknown, unknownDevice } = words.texts;
  return {
    kind: 'facts',
    facts: [
      [when, words.time(at)],
      [labels.device, device === null ? unknownDevice : inert(device)],
      [labels.from, ip === null ? unknown : inert(ip)],
    ],
  };
}

export function notMe(link: string, { texts }: Words): Part[] {
  return [paragraph(texts.notMe.otherwise), { kind: 'action', label: texts.notMe.label, link }];
}
