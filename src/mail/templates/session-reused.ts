import { greeting, inert, type Letter, paragraph } from './letter.js';
import type { MailTemplates } from './mail-templates.js';

export function sessionReused(data: MailTemplates['session-reused']): Letter {
  return {
    subject: 'A session was ended for your safety',
    parts: [
      greeting(data.name),
      paragraph(
        'The key that keeps one of your devices signed in was used twice. A copy of it may be in other hands, so this session was ended.',
      ),
      {
        kind: 'facts',
        facts: [
          ['When', inWords(new Date(data.at))],
          ['Session', data.device === null ? 'unknown device' : inert(data.device)],
          ['Second use from', data.ip === null ? 'unknown' : inert(data.ip)],
        ],
      },
      paragraph(
        'Sign in again on that device. If you do not recognise this, change your password: that ends every other session too.',
      ),
    ],
  };
}

/** 22 November 2026, 01:48 UTC */
function inWords(at: Date): string {
  const day = at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}
