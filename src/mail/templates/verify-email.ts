import { durationInWords, greeting, type Letter, paragraph } from './letter.js';
import type { MailTemplates } from './mail-templates.js';

export function verifyEmail(data: MailTemplates['verify-email']): Letter {
  return {
    subject: 'Confirm your e-mail address',
    parts: [
      greeting(data.name),
      paragraph(
        'An account is being opened with this address. To confirm that it is yours, follow the link.',
      ),
      { kind: 'action', label: 'Confirm address', link: data.link },
      { kind: 'code', label: 'Or type this code where you are asked for it:', code: data.code },
      paragraph(
        `Link and code work for ${durationInWords(data.expiresInMinutes)}. A newer mail replaces them.`,
      ),
      paragraph(
        'If you did not ask for an account, do nothing: without your confirmation there is none.',
      ),
    ],
  };
}
