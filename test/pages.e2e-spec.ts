import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestOptions } from './support/client.js';
import { TestServer } from './support/server.js';

/** The pages that people are sent to, each with a heading of its in English and in German. */
const PAGES: [path: string, english: string, german: string][] = [
  ['/auth/verify-email', 'Confirm your address', 'Adresse bestätigen'],
  ['/auth/password/reset', 'Choose a password', 'Passwort wählen'],
  ['/auth/email/confirm', 'Confirm your new address', 'Neue Adresse bestätigen'],
  ['/auth/email/cancel', 'Keep your address', 'Adresse behalten'],
  ['/auth/not-me', 'Was it somebody else?', 'War das jemand anderes?'],
  ['/setup', 'First administrator', 'Verwaltung einrichten'],
];
const WITH_PASSWORD = ['/auth/password/reset', '/setup'];

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ CORS_ORIGINS: 'https://app.example.org' });
});
afterAll(() => server.stop());

function reading(acceptLanguage: string): RequestOptions {
  return { headers: { 'accept-language': acceptLanguage } };
}

function headingOf(page: string): string | undefined {
  return /<h1>([^<]*)<\/h1>/.exec(page)?.[1];
}

/** Tags and attributes, without texts, styles and scripts. */
function markupOf(page: string): string[] {
  const markup = page.replaceAll(/<(style|script|title)\b.*?<\/\1>/gs, '');
  return [...markup.matchAll(/<\/?[a-z][^>]*>/g)].map(([tag]) =>
    tag.replaceAll(/\s+/g, ' ').replaceAll(/ (?:lang|aria-label)="[^"]*"/g, ''),
  );
}

describe.each(PAGES)('the page %s', (path, english, german) => {
  it.each(['de', 'de-AT,de;q=0.9,en;q=0.5', 'fr, de;q=0.3'])('is German for %s', async (wanted) => {
    const page = await server.get(path, reading(wanted));
    expect(page.headers.get('content-language')).toBe('de');
    expect(page.text).toContain('<html lang="de">');
    expect(headingOf(page.text)).toBe(german);
  });

  it.each(['en', 'en-US,de;q=0.5', 'fr', '*', 'de;q=0', '', '<script>', '__proto__'])(
    'is English for %j',
    async (wanted) => {
      const page = await server.get(path, reading(wanted));
      expect(page.headers.get('content-language')).toBe('en');
      expect(page.text).toContain('<html lang="en">');
      expect(headingOf(page.text)).toBe(english);
    },
  );

  it('says that it depends on the language, beside whatever else it depends on', async () => {
    const { headers } = await server.get(path, reading('de'));
    const varying = headers.get('vary')!.split(/,\s*/);
    expect(varying).toContain('Accept-Language');
    expect(varying).toContain('Origin');
  });

  it('is the same page in each language, but for its words', async () => {
    const pages = [await server.get(path, reading('en')), await server.get(path, reading('de'))];
    const [first, second] = pages.map(({ text }) => markupOf(text));
    expect(first!.length).toBeGreaterThan(10);
    expect(second).toEqual(first);
  });
});

describe('a page on which a password is chosen', () => {
  it.each(WITH_PASSWORD)(
    '[6.2.6] [6.2.7] hides it, and takes what a password manager fills in or somebody pastes: %s',
    async (path) => {
      const { text } = await server.get(path);
      const inputs = [...text.matchAll(/<input\b[^>]*>/g)].map(([input]) => input);
      const passwords = inputs.filter((input) => input.includes('password'));
      expect(passwords).toHaveLength(1);
      expect(passwords[0]).toContain('type="password"');
      expect(passwords[0]).toContain('autocomplete="new-password"');
      expect(passwords[0]).not.toMatch(/maxlength|readonly|pattern/i);
      expect(text).not.toMatch(/autocomplete="off"|paste|oncopy|oninput|onkey|beforeinput/i);
    },
  );
});
