import { durationInWords, greeting, type Letter, paragraph } from './letter.js';
import type { MailTemplates } from './mail-templates.js';

export function resetPassword(data: MailTemplates['reset-password']): Letter {
  return {
    subject: 'Choose a new password',
    parts: [
      greeting(data.name),
      paragraph(
        'Somebody asked for a new password for your account. If it was you, follow the link.',
      ),
      { kind: 'action', label: 'Choose a new password', link: data.link },
      paragraph(
        `The link works for ${durationInWords(data.expiresInMinutes)}, and once. A newer mail replaces it.`,
      ),
      paragraph('If it was not you, do nothing: your password stays as it is.'),
    ],
  };
}
