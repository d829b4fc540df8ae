import { greeting, type Letter, paragraph } from './letter.js';
import type { MailTemplates } from './mail-templates.js';

export function alreadyRegistered(data: MailTemplates['already-registered']): Letter {
  return {
    subject: 'You already have an account',
    parts: [
      greeting(data.name),
      paragraph(
        'Somebody has just tried to open an account with this address. It has one already, and nothing about it was changed.',
      ),
      paragraph('If it was you, sign in with the password you have, or ask for a new one.'),
      paragraph('If it was not you, there is nothing to do.'),
    ],
  };
}
