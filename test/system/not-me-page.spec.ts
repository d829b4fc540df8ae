import { describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, picture, press, type Tab } from '../support/browser.js';
import { PASSWORD, type Person, TestServer } from '../support/server.js';

describe('the page "this was not me"', () => {
  let server: TestServer;
  let browser: Browser;

  besideBrowser(
    () => TestServer.start(),
    (both) => ({ server, browser } = both),
  );

  /** Someone whose account was used from a new device, and the link they got. */
  async function noticed(): Promise<{ person: Person; link: string }> {
    const person = await server.person();
    const { email } = person;
    const headers = { 'user-agent': 'curl/8.5.0' };
    await server.post('/auth/login', { email, password: PASSWORD }, { headers });
    return { person, link: (await server.newestMail(email)).link! };
  }

  async function isSignedIn({ accessToken }: Person): Promise<boolean> {
    return (await server.get('/users/me', { bearer: accessToken })).status === 200;
  }

  function shown({ page }: Tab, text: string): Promise<unknown> {
    return page.waitForSelector(`text=${text}`);
  }

  it('spends nothing when the link is opened, and takes the token out of the address bar', async () => {
    const { person, link } = await noticed();
    const tab = await browser.open(link);
    await shown(tab, 'Was it somebody else?');
    await picture(tab.page, 'not-me-ready');
    expect(tab.page.url()).toBe(link.split('#')[0]);
    expect(await isSignedIn(person)).toBe(true);
    expect(tab.faults).toEqual([]);
  });

  it('ends every sign-in by one press, and says what comes next', async () => {
    const { person, link } = await noticed();
    const tab = await browser.open(link);
    await press(tab, 'This was not me');
    await shown(tab, 'Every sign-in has ended.');
    await picture(tab.page, 'not-me-done');
    expect(await isSignedIn(person)).toBe(false);
    expect((await server.newestMail(person.email)).subject).toBe('Choose a new password');

    await tab.page.goto(link);
    await press(tab, 'This was not me');
    await shown(tab, 'This link is no longer valid');
    expect(await tab.page.getByRole('link').getAttribute('href')).toBe('/auth/password/reset');
    expect(tab.faults).toEqual([]);
  });

  it('without a token says where to find one', async () => {
    const tab = await browser.open(`${server.publicUrl}/auth/not-me`, { colorScheme: 'dark' });
    await shown(tab, 'Open the link from your mail.');
    expect(await tab.page.getByRole('button').count()).toBe(0);
    await picture(tab.page, 'not-me-empty-dark');
    expect(tab.faults).toEqual([]);
  });
});
