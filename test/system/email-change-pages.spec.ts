import { describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, picture, press } from '../support/browser.js';
import { as } from '../support/people.js';
import { PASSWORD, TestServer } from '../support/server.js';

let server: TestServer;
let browser: Browser;
let addresses = 0;

besideBrowser(
  () => TestServer.start(),
  (both) => ({ server, browser } = both),
);

/** Someone who has asked for another address, and the links that were mailed. */
async function asked() {
  const person = await server.person();
  const to = `moved${++addresses}@example.org`;
  const json = { newEmail: to, currentPassword: PASSWORD };
  await server.post('/auth/email/change', json, as(person));
  const confirmation = (await server.newestMail(to)).link!;
  const cancellation = (await server.newestMail(person.email)).link!;
  return { person, to, confirmation, cancellation };
}

async function signsIn(email: string): Promise<boolean> {
  return (await server.post('/auth/login', { email, password: PASSWORD })).status === 200;
}

describe('confirming a new address', () => {
  it('takes one press; opening the page spends nothing', async () => {
    const { to, confirmation } = await asked();
    const tab = await browser.open(confirmation);
    await tab.page.waitForSelector('text=Use the new address');
    expect(tab.page.url()).toBe(confirmation.split('#')[0]);
    await picture(tab.page, 'email-change-ready');
    expect(await signsIn(to)).toBe(false);

    await tab.page.goto(confirmation);
    await press(tab, 'Use the new address');
    await tab.page.waitForSelector('text=Your address is changed.');
    await picture(tab.page, 'email-change-done');
    expect(await signsIn(to)).toBe(true);
    expect(tab.faults).toEqual([]);
  });

  it('says that a link is no longer valid', async () => {
    const { confirmation, cancellation } = await asked();
    const { hash } = new URL(cancellation);
    await server.post('/auth/email/cancel', { token: hash.slice('#token='.length) });
    const tab = await browser.open(confirmation);
    await press(tab, 'Use the new address');
    await tab.page.waitForSelector('text=This link is no longer valid');
    expect(tab.faults).toEqual([]);
  });
});

describe('cancelling a change of address', () => {
  it('takes one press, and the address stays', async () => {
    const { person, to, confirmation, cancellation } = await asked();
    const tab = await browser.open(cancellation, { colorScheme: 'dark' });
    await tab.page.waitForSelector('text=Cancel the change');
    await picture(tab.page, 'email-cancel-ready');
    await press(tab, 'Cancel the change');
    await tab.page.waitForSelector('text=The change is cancelled.');
    await picture(tab.page, 'email-cancel-done');
    const { hash } = new URL(confirmation);
    const token = hash.slice('#token='.length);
    expect((await server.post('/auth/email/confirm', { token })).status).toBe(400);
    expect([await signsIn(person.email), await signsIn(to)]).toEqual([true, false]);

    await tab.page.goto(cancellation);
    await press(tab, 'Cancel the change');
    await tab.page.waitForSelector('text=There is nothing to cancel any more');
    expect(tab.faults).toEqual([]);
  });
});

describe.each(['/auth/email/confirm', '/auth/email/cancel'])('%s', (path) => {
  it('says what to do without a token, and without scripts', async () => {
    const tab = await browser.open(`${server.publicUrl}${path}`);
    await tab.page.waitForSelector('text=Open the link from the mail');
    const bare = await browser.open(`${server.publicUrl}${path}`, { javaScriptEnabled: false });
    expect(await bare.page.textContent('main')).toContain('JavaScript, which is switched off');
    expect([...tab.faults, ...bare.faults]).toEqual([]);
  });
});
