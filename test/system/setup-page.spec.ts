import { describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, picture, press } from '../support/browser.js';
import { ServerProcess } from '../support/process.js';
import { setupLink } from '../support/setup-link.js';

const PASSWORD = 'correct horse battery staple';

describe('the setup page', () => {
  let server: ServerProcess;
  let browser: Browser;

  besideBrowser(
    () => ServerProcess.start(),
    (both) => ({ server, browser } = both),
  );

  it('makes the first administrator, by keyboard alone', async () => {
    const { page, faults } = await browser.open(await setupLink(server));
    await page.keyboard.press('Tab');
    await page.keyboard.type('root@example.org');
    await page.keyboard.press('Tab');
    await page.keyboard.type('password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.notice.bad li');
    await picture(page, 'setup-reasons');

    // The password is in focus again, to be typed anew.
    await page.keyboard.press('Control+A');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=The administrator is made.');
    await picture(page, 'setup-done');

    const me = await server.get('/users/me', { basic: ['root@example.org', PASSWORD] });
    expect(me.body).toMatchObject({ roles: ['admin', 'user'], emailVerified: true });
    expect(faults).toEqual([]);
  });

  it('makes no second one', async () => {
    const tab = await browser.open(await setupLink(server));
    const { page } = tab;
    await page.fill('#email', 'second@example.org');
    await page.fill('#password', PASSWORD);
    await press(tab, 'Make administrator');
    await page.waitForSelector('text=This setup link is no longer valid.');
    const login = await server.post('/auth/login', {
      email: 'second@example.org',
      password: PASSWORD,
    });
    expect(login.status).toBe(401);
  });

  it('names the link it needs when it is opened without one', async () => {
    const { page } = await browser.open(`${server.url}/setup`);
    await page.waitForSelector(
      'text=While there is no administrator, the server writes a setup link',
    );
    expect(await page.isVisible('form')).toBe(false);
  });
});
