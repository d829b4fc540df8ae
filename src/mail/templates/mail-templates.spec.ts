import { describe, expect, it } from 'vitest';
import { toHtml, toText } from './layout.js';
import { durationInWords, inert } from './letter.js';
import { type FilledTemplate, type NoticeTemplate, writeLetter } from './mail-templates.js';

const LINK = 'http://localhost:3000/auth/verify-email#token=lk_ot_abc';

const NOTICES: NoticeTemplate[] = [
  'password-changed',
  'email-changed',
  'new-device',
  'session-reused',
  'sign-in-slowed-down',
  'sign-in-after-failures',
  'device-trusted',
  'passkey-copied',
];

function everyMail(name: string | null, locale: string | null = null): FilledTemplate[] {
  const greeted = { name, locale };
  const withToken = { ...greeted, link: LINK, token: 'lk_ot_abc', expiresInMinutes: 30 };
  const at = '2026-11-22T01:48:00.000Z';
  const notice = { ...withToken, at, device: name, ip: name ?? '192.0.2.7' };
  return [
    { template: 'verify-email', data: { ...withToken, code: '042137' } },
    {
      template: 'registered-again',
      data: {
        ...withToken,
        code: '042137',
        passwordLink: `${LINK}2`,
        passwordExpiresInMinutes: 15,
      },
    },
    { template: 'already-registered', data: greeted },
    { template: 'invitation', data: withToken },
    { template: 'reset-password', data: withToken },
    {
      template: 'sign-in-code',
      data: { ...greeted, at, device: name, ip: '192.0.2.7', code: '042137', expiresInMinutes: 10 },
    },
    { template: 'change-email', data: withToken },
    {
      template: 'email-change-asked',
      data: { ...notice, newEmail: name ?? 'new@example.org', notMeLink: `${LINK}2` },
    },
    { template: 'email-restored', data: { ...greeted, at } },
    { template: 'account-deleted', data: { ...greeted, at } },
    ...(['stuffing', 'registrations', 'permission-raised'] as const).map(
      (kind): FilledTemplate => ({
        template: 'suspicious-activity',
        data: { ...greeted, at, kind, count: 12, network: '192.0.2.7', subject: 'id' },
      }),
    ),
    ...NOTICES.map((template) => ({ template, data: notice }) as FilledTemplate),
  ];
}

function write({ template, data }: FilledTemplate) {
  const letter = writeLetter(template, data);
  return {
    template,
    subject: letter.subject,
    text: toText(letter, 'localhost:3000'),
    html: toHtml(letter, 'localhost:3000'),
  };
}

/** What is written for a mail program to show, without tags and with entities read. */
function shown(html: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => entities[name]!);
}

describe('a mail', () => {
  it('says the same in text and in HTML', () => {
    const words = (text: string) => text.replaceAll(/[\s:]+/g, ' ').trim();
    for (const filled of everyMail('Ada Lovelace')) {
      const { text, html } = write(filled);
      for (const line of text.split('\n').filter((line) => !line.startsWith('--'))) {
        expect(words(shown(html))).toContain(words(line));
      }
    }
  });

  it('holds link, code and how long they work', () => {
    const { text, html } = write(everyMail(null)[0]!);
    for (const part of [text, html]) {
      expect(part).toContain(LINK);
      expect(part).toContain('042137');
      expect(part).toContain('30 minutes');
    }
  });

  it('holds no address of an outside file', () => {
    for (const filled of everyMail('Ada')) {
      expect(write(filled).html).not.toMatch(/<(?:img|link|script|iframe)|src=|url\(/i);
    }
  });

  it('greets nobody by name when there is none', () => {
    expect(write(everyMail(null)[0]!).text).toMatch(/^Hello,\n/);
    expect(write(everyMail(' \u202e\u200b ')[0]!).text).toMatch(/^Hello,\n/);
  });
});

describe('a name in a mail', () => {
  it.each([
    '<img src=x onerror=1>"',
    "</p><a href='https://evil.example'>win</a>",
    '"><script>alert(1)</script>',
  ])('[1.2.1] that is HTML is shown and not obeyed: %s', (name) => {
    for (const filled of everyMail(name)) {
      const { html } = write(filled);
      expect(html).not.toMatch(/<img|<script|onerror=1>/);
      const links = Object.keys(filled.data).filter((key) => /link$/i.test(key));
      expect(html.match(/<a\s/g)?.length ?? 0).toBe(links.length);
    }
  });

  it.each(["{{constructor.constructor('x')()}}", '<%= 7*7 %>', '${7*7}', '%s %d', '$& $1'])(
    '[1.3.7] that is a template stays as typed: %s',
    (name) => {
      const { text, html } = write(everyMail(name)[0]!);
      expect(text).toContain(`Hello ${name},`);
      expect(shown(html)).toContain(`Hello ${name},`);
    },
  );

  it('cannot add lines to the text or headers to the mail', () => {
    for (const filled of everyMail('Ada\r\nBcc: eve@evil.example\r\n\r\nClick\u2028here')) {
      const { text, subject } = write(filled);
      expect(text).toContain('Hello Ada Bcc: eve');
      expect(text).toContain('Click here');
      expect(subject).not.toMatch(/[\r\n]/);
    }
  });

  it.each([
    'https://evil.example/login',
    'HTTP://EVIL.EXAMPLE',
    'www.evil.example',
    'evil.com',
    'pay at evil.co.uk/now',
    'mail eve@evil.com',
    'bücher.de',
    'xn--bcher-kva.example',
    'evil。com',
    '[win](https://evil.example)',
    'evil.\u200bcom',
  ])('becomes no link by itself: %s', (name) => {
    // What common mail programs look for, broadly: a scheme, www., or a word with a dot inside.
    const linkLike =
      /:\/\/|www[.。．｡]|[\p{L}\p{N}-][.。．｡](?:\p{L}{2,10}(?!\p{L})|xn--)|[^\s\u200c]@[^\s\u200c]/iu;
    expect(inert(name)).not.toMatch(linkLike);
    for (const filled of everyMail(name)) {
      const [hello, ...rest] = write(filled).text.split('\n');
      expect(hello).not.toMatch(linkLike);
      const facts = rest.filter((line) => /^(?:Session|Second use from|Device|From): /.test(line));
      expect(facts.join('\n')).not.toMatch(linkLike);
    }
  });

  it.each(['J. R. R. Tolkien', "Conan O'Brien", 'Łukasz Żółć', '山田 太郎', 'Ada 😀 Lovelace'])(
    'is otherwise left alone: %s',
    (name) => {
      expect(inert(name)).toBe(name);
    },
  );

  it('is broken in no more than linear time', () => {
    for (const hostile of ['a.'.repeat(25_000), '@'.repeat(50_000), 'www.'.repeat(12_500)]) {
      let fastest = Infinity;
      for (let i = 0; i < 5; i++) {
        const begun = performance.now();
        inert(hostile);
        fastest = Math.min(fastest, performance.now() - begun);
      }
      expect(fastest).toBeLessThan(150);
    }
  });
});

describe('a duration', () => {
  it.each([
    [1440, '24 hours'],
    [2880, '2 days'],
    [30, '30 minutes'],
    [1, '1 minute'],
    [60, '1 hour'],
    [90, '1 hour and 30 minutes'],
    [0.5, '30 seconds'],
    [1 / 60, '1 second'],
  ])('of %d minutes reads "%s"', (minutes, words) => {
    expect(durationInWords(minutes)).toBe(words);
  });
});

describe('a mail to somebody who reads German', () => {
  const letterOf = ({ template, data }: FilledTemplate, language?: string) =>
    writeLetter(template, data, language);

  it.each(everyMail('Ada', 'de').map((filled) => [filled.template, filled] as const))(
    'is German from greeting to footer: %s',
    (_, filled) => {
      const letter = letterOf(filled);
      const english = letterOf({
        ...filled,
        data: { ...filled.data, locale: 'en' },
      } as FilledTemplate);
      expect(letter.subject).not.toBe(english.subject);
      const text = toText(letter, 'localhost:3000');
      expect(text).toMatch(/^Guten Tag Ada,\n/);
      expect(text).toContain('Gesendet von localhost:3000.');
      expect(toHtml(letter, 'localhost:3000')).toContain('<html lang="de">');
      const shared = toText(english, 'localhost:3000').split('\n');
      const same = text.split('\n').filter((line) => line !== '' && shared.includes(line));
      expect(same.filter((line) => !/^(?:http|-- |\d{6}$)/.test(line))).toEqual([]);
    },
  );

  it('says how long in German', () => {
    expect(toText(letterOf(everyMail(null, 'de')[0]!), 'x')).toContain(
      'Link und Code gelten 30 Minuten.',
    );
  });

  it.each([
    ['de', '22. November 2026 um 01:48 UTC'],
    ['de-AT', '22. November 2026 um 01:48 UTC'],
    ['en', '22 November 2026 at 01:48 UTC'],
    ['en-US', 'November 22, 2026 at 01:48 UTC'],
    ['fr', '22 November 2026 at 01:48 UTC'],
    ['de-u-ca-buddhist-nu-arab', '22. November 2026 um 01:48 UTC'],
    ['en_GB', '22 November 2026 at 01:48 UTC'],
    ['__proto__', '22 November 2026 at 01:48 UTC'],
  ])('writes a time as %s has it', (locale, time) => {
    const told = everyMail(null, locale).find(({ template }) => template === 'new-device')!;
    expect(toText(letterOf(told), 'x')).toContain(time);
  });

  it('says who asked first: the account, then the request, then nobody', () => {
    const hello = (locale: string | null, language?: string) =>
      letterOf(everyMail(null, locale)[0]!, language).language;
    expect(hello('de-CH', 'en')).toBe('de-CH');
    expect(hello('en', 'de')).toBe('en-GB');
    expect(hello('fr', 'de')).toBe('de');
    expect(hello(null, 'de')).toBe('de');
    expect(hello(null)).toBe('en-GB');
  });
});
