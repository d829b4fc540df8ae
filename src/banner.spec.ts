import { describe, expect, it } from 'vitest';
import { mailboxWarning } from './banner.js';

describe('that everyone can read the mail', () => {
  it.each(['0.0.0.0', '::', '192.168.1.5', 'accounts.example.org', '127.example.org'])(
    'is said of a server without mail server at %s',
    (host) => {
      const warning = mailboxWarning({ host, smtpUrl: undefined });
      expect(warning).toContain(`everyone who reaches ${host} reads all mail`);
      expect(warning).toMatch(/SMTP_URL.*HOST=127\.0\.0\.1/);
    },
  );

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('is not said at %s', (host) => {
    expect(mailboxWarning({ host, smtpUrl: undefined })).toBeUndefined();
  });

  it('is not said when a mail server sends it', () => {
    const smtpUrl = 'smtp://mail.example.org';
    expect(mailboxWarning({ host: '0.0.0.0', smtpUrl })).toBeUndefined();
  });
});
