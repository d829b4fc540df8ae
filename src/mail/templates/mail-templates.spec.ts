import { describe, expect, it } from 'vitest';
import { toHtml, toText } from './layout.js';
import { durationInWords, inert } from './letter.js';
import { type FilledTemplate, writeLetter } from './mail-templates.js';

const LINK = 'http://localhost:3000/auth/verify-email#token=lk_ot_abc';

function everyMail(name: string | null): FilledTemplate[] {
  const withToken = { name, link: LINK, token: 'lk_ot_abc', expiresInMinutes: 30 };
  return [
    { template: 'verify-email', data: { ...withToken, code: '042137' } },
    { template: 'already-registered', data: { name } },
    { template: 'invitation', data: withToken },
    { template: 'reset-password', data: withToken },
    {
      template: 'session-reused',
      data: { name, at: '2026-11-22T01:48:00.000Z', device: name, ip: name ?? '192.0.2.7' },
    },
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
  ])('that is HTML is shown and not obeyed: %s', (name) => {
    for (const filled of everyMail(name)) {
      const { html } = write(filled);
      expect(html).not.toMatch(/<img|<script|onerror=1>/);
      expect(html.match(/<a\s/g)?.length ?? 0).toBe('link' in filled.data ? 1 : 0);
    }
  });

  it.each(["{{constructor.constructor('x')()}}", '<%= 7*7 %>', '${7*7}', '%s %d', '$& $1'])(
    'that is a template stays as typed: %s',
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
      const facts = rest.filter((line) => /^(?:Session|Second use from): /.test(line));
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
    const started = performance.now();
    for (const hostile of ['a.'.repeat(25_000), '@'.repeat(50_000), 'www.'.repeat(12_500)]) {
      inert(hostile);
    }
    expect(performance.now() - started).toBeLessThan(500);
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
