import { durationInWords, greeting, type Letter, paragraph } from './letter.js';
import type { MailTemplates } from './mail-templates.js';

export function invitation(data: MailTemplates['invitation']): Letter {
  return {
    subject: 'You are invited',
    parts: [
      greeting(data.name),
      paragraph('An account has been made for you. Choose a password, and it is yours.'),
      { kind: 'action', label: 'Choose a password', link: data.link },
      paragraph(`The link works for ${durationInWords(data.expiresInMinutes)}, and once.`),
      paragraph(
        'If you did not expect this, do nothing: without a password nobody can use the account.',
      ),
    ],
  };
}
