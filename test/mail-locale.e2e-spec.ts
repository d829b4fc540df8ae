import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notices } from '../src/auth/notices/notices.js';
import { Database } from '../src/database/database.js';
import { Accounts } from '../src/users/accounts.js';
import type { RequestOptions } from './support/client.js';
import { as, pointers } from './support/people.js';
import { rows } from './support/rows.js';
import { type CapturedMail, PASSWORD, type Person, TestServer } from './support/server.js';

const GERMAN = 'de-AT,de;q=0.9,en;q=0.5';

let server: TestServer;
let people = 0;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

function reading(acceptLanguage: string): RequestOptions {
  return { headers: { 'accept-language': acceptLanguage } };
}

/** Someone who asks for an account with this header; gives the mail they get. */
async function register(acceptLanguage?: string): Promise<CapturedMail> {
  const email = `reader${++people}@example.org`;
  const options = acceptLanguage === undefined ? {} : reading(acceptLanguage);
  await server.post('/auth/register', { email, password: PASSWORD }, options);
  return server.newestMail(email);
}

function localeOf(email: string): string | null {
  return rows(server.dataDir, 'SELECT locale FROM User WHERE emailKey = ?', email)[0].locale;
}

/** The reset mail that a person gets who asks for it with this header. */
async function forgot(email: string, acceptLanguage?: string): Promise<CapturedMail> {
  const options = acceptLanguage === undefined ? {} : reading(acceptLanguage);
  await server.post('/auth/password/forgot', { email }, options);
  return server.newestMail(email);
}

function languageOf({ html }: CapturedMail): string | undefined {
  return /<html lang="([^"]+)">/.exec(html)?.[1];
}

async function speaks(person: Person, locale: string | null): Promise<void> {
  const { status } = await server.patch('/users/me', { locale }, as(person));
  expect(status).toBe(200);
}

describe('a mail is written in', () => {
  it('the language of the account, whatever the request says', async () => {
    const person = await server.person();
    await speaks(person, 'de');
    const mail = await forgot(person.email, 'en');
    expect(mail.subject).toBe('Wählen Sie ein neues Passwort');
    expect(mail.text).toMatch(/^Guten Tag,\n/);
    expect(mail.text).toContain('Der Link gilt 30 Minuten');
    expect(languageOf(mail)).toBe('de');
    await speaks(person, 'en-GB');
    expect(languageOf(await forgot(person.email, GERMAN))).toBe('en-GB');
  });

  it('the language of the request when the account has none', async () => {
    const person = await server.person();
    await speaks(person, null);
    expect(languageOf(await forgot(person.email, GERMAN))).toBe('de-AT');
    expect(languageOf(await forgot(person.email, 'fr, de;q=0.3, en;q=0.2'))).toBe('de');
    expect(localeOf(person.email)).toBeNull();
  });

  it('the language of the request when the account has one that nobody writes here', async () => {
    const person = await server.person();
    await speaks(person, 'fr-CA');
    expect(languageOf(await forgot(person.email, 'fr, de;q=0.3'))).toBe('de');
    expect(languageOf(await forgot(person.email, 'fr'))).toBe('en-GB');
  });

  it('English when something happened to an account that has none: who did it may be a thief', async () => {
    const person = await server.person();
    await speaks(person, null);
    const change = { currentPassword: PASSWORD, newPassword: 'wholly different words here' };
    await server.post('/auth/password/change', change, { ...as(person), ...reading(GERMAN) });
    const mail = await server.newestMail(person.email);
    expect([mail.subject, languageOf(mail)]).toEqual(['Your password was changed', 'en-GB']);
  });

  it('English when nobody has said anything', async () => {
    const person = await server.person();
    await speaks(person, null);
    const mail = await forgot(person.email);
    expect(languageOf(mail)).toBe('en-GB');
    expect(mail.subject).toBe('Choose a new password');
  });

  it('English for languages that are unknown or not wanted', async () => {
    for (const header of ['fr', 'xx-YY', '*', 'de;q=0, en']) {
      const mail = await register(header);
      expect([header, mail.subject]).toEqual([header, 'Confirm your e-mail address']);
    }
  });

  it('the language of the account also for what happened to it, with its dates', async () => {
    const person = await server.person();
    await speaks(person, 'de-AT');
    await server.app.get(Database).transaction(async () => {
      const account = (await server.app.get(Accounts).fresh(person.id))!;
      await server.app.get(Notices).passwordChanged(account);
    });
    const mail = await server.newestMail(person.email);
    expect(mail.subject).toBe('Ihr Passwort wurde geändert');
    expect(mail.text).toMatch(/Wann: \d+\. \p{L}+ \d{4} um \d\d:\d\d UTC/u);
    expect(mail.text).toContain('Das war ich nicht:');
    expect(mail.text).toContain('Der Link gilt 7 Tage');
  });
});

describe('at registration', () => {
  it('the account takes the language of the request, and keeps it', async () => {
    const mail = await register(GERMAN);
    expect(mail.subject).toBe('Bestätigen Sie Ihre E-Mail-Adresse');
    expect(mail.text).toContain('Link und Code gelten 24 Stunden.');
    expect(localeOf(mail.to)).toBe('de-AT');
    await server.post('/auth/verify-email', { token: mail.token });
    expect(languageOf(await forgot(mail.to, 'en'))).toBe('de-AT');
  });

  it('of a waiting address the later language counts', async () => {
    const { to } = await register(GERMAN);
    await server.post('/auth/register', { email: to, password: PASSWORD }, reading('en-US'));
    expect(localeOf(to)).toBe('en-US');
    expect(languageOf(await server.newestMail(to))).toBe('en-US');
  });

  it('of a confirmed address nothing is changed', async () => {
    const { email } = await server.person();
    const before = localeOf(email);
    await server.post('/auth/register', { email, password: PASSWORD }, reading(GERMAN));
    const mail = await server.newestMail(email);
    expect(mail.subject).toMatch(/^Sie haben schon ein Konto$|^You already have an account$/);
    expect(localeOf(email)).toBe(before);
  });

  it.each([
    'de'.repeat(3000),
    ','.repeat(5000),
    'de;q=0.'.repeat(800),
    '<script>alert(1)</script>',
    "de'; DROP TABLE User; --",
    '../../de',
    'de\u00e9',
    '__proto__, constructor, toString',
  ])('a header that is garbage does no harm: %#', async (garbage) => {
    const mail = await register(garbage);
    expect(languageOf(mail)).toBe('en-GB');
    expect(localeOf(mail.to)).toBeNull();
  });

  it('an extension that turns digits and calendar is left out', async () => {
    const mail = await register('de-u-ca-buddhist-nu-arab');
    expect(mail.text).toContain('24 Stunden');
  });
});

describe('PATCH /users/me', () => {
  it.each(['de_AT', '', 'x'.repeat(36), '../de'])('refuses %j as a language', async (locale) => {
    const person = await server.person();
    const answer = await server.patch('/users/me', { locale }, as(person));
    expect([answer.status, pointers(answer)]).toEqual([400, ['/locale']]);
  });
});
