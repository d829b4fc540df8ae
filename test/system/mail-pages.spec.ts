import { describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, picture, press } from '../support/browser.js';
import { ServerProcess } from '../support/process.js';
import type { CapturedMail } from '../support/server.js';

const PASSWORD = 'correct horse battery staple';

describe('the pages that mails link to', () => {
  let server: ServerProcess;
  let browser: Browser;

  besideBrowser(
    () => ServerProcess.start(),
    (both) => ({ server, browser } = both),
  );

  describe('confirming an address', () => {
    it('spends nothing when the link is opened, as mail scanners do', async () => {
      const { link } = await registered('scanned@example.org');
      const tab = await browser.open(link!);
      await tab.page.waitForSelector('text=Confirm my address');
      await tab.page.reload();
      expect(await signIn('scanned@example.org')).toBe(403);
      expect(tab.faults).toEqual([]);
    });

    it('takes the token out of the address bar at once', async () => {
      const { link, token } = await registered('bar@example.org');
      const tab = await browser.open(link!);
      expect(link).toContain(token!);
      expect(tab.page.url()).toBe(link!.split('#')[0]);
      expect(await tab.page.content()).not.toContain(token!);
    });

    it('confirms by one press, and says so when it is pressed again', async () => {
      const { link } = await registered('press@example.org');
      const tab = await browser.open(link!);
      await picture(tab.page, 'verify-ready');
      await press(tab, 'Confirm my address');
      await tab.page.waitForSelector('text=Your address is confirmed.');
      await picture(tab.page, 'verify-done');
      expect(await signIn('press@example.org')).toBe(200);

      await tab.page.goto(link!); // only the fragment differs: the same tab, the same page
      await press(tab, 'Confirm my address');
      await tab.page.waitForSelector('text=This address was confirmed already.');
      expect(tab.faults).toEqual([]);
    });

    it('offers a new mail for a link that is no longer valid, and takes its code', async () => {
      const { link } = await registered('late@example.org');
      const newer = await registered('late@example.org', link!);
      const tab = await browser.open(link!);
      await press(tab, 'Confirm my address');
      await tab.page.waitForSelector('text=This link is no longer valid');
      await picture(tab.page, 'verify-too-late');

      await tab.page.fill('#email', 'late@example.org');
      await press(tab, 'Send a new mail');
      await tab.page.waitForSelector('text=a new mail is on its way');
      const { code } = await mailAfter('late@example.org', newer.link!);
      await tab.page.fill('#code', `${code!.slice(0, 3)} ${code!.slice(3)}`);
      await press(tab, 'Confirm');
      await tab.page.waitForSelector('text=Your address is confirmed.');
      expect(await signIn('late@example.org')).toBe(200);
      expect(tab.faults).toEqual([]);
    });

    it('says what is wrong with a code', async () => {
      const { code } = await registered('code@example.org');
      const tab = await browser.open(`${server.url}/auth/verify-email`);
      await tab.page.fill('#email', 'code@example.org');
      await tab.page.fill('#code', '12345');
      await press(tab, 'Confirm');
      await tab.page.waitForSelector('text=The code is the six digits in the mail.');
      await tab.page.fill('#code', code === '000000' ? '000001' : '000000');
      await press(tab, 'Confirm');
      await tab.page.waitForSelector('text=This code is not right');
      expect(await tab.page.evaluate('document.activeElement.id')).toBe('code');
      expect(tab.faults).toEqual([]);
    });

    it('says what to do with scripts switched off', async () => {
      const tab = await browser.open(`${server.url}/auth/verify-email`, {
        javaScriptEnabled: false,
      });
      expect(await tab.page.isVisible('noscript p')).toBe(true);
      expect(await tab.page.isVisible('button')).toBe(false);
    });
  });

  describe('setting a password', () => {
    it('lists the reasons against a weak one, keeps the link, and takes a good one', async () => {
      const link = await resetLink('weak@example.org');
      const tab = await browser.open(link);
      expect(tab.page.url()).toBe(link.split('#')[0]);
      await tab.page.fill('#password', 'weak');
      await press(tab, 'Set password');
      await tab.page.waitForSelector('.notice.bad li');
      expect(await tab.page.getAttribute('#password', 'aria-invalid')).toBe('true');
      expect(await tab.page.evaluate('document.activeElement.id')).toBe('password');
      await picture(tab.page, 'password-reasons');

      await tab.page.fill('#password', 'a quiet harbour at dusk');
      await press(tab, 'Set password');
      await tab.page.waitForSelector('text=Your password is set.');
      await picture(tab.page, 'password-done');
      expect(await signIn('weak@example.org', 'a quiet harbour at dusk')).toBe(200);
      expect(await signIn('weak@example.org')).toBe(401);
      expect(tab.faults).toEqual([]);

      await tab.page.goto(link);
      await tab.page.fill('#password', 'another quiet harbour');
      await press(tab, 'Set password');
      await tab.page.waitForSelector('text=This link is no longer valid');
      await tab.page.fill('#email', 'weak@example.org');
      await press(tab, 'Send a new link');
      await tab.page.waitForSelector('text=a mail with a new link is on its way');
      await mailAfter('weak@example.org', link);
    });

    it('shows what was typed only while asked to', async () => {
      const tab = await browser.open(`${server.url}/auth/password/reset#token=any`);
      const type = () => tab.page.getAttribute('#password', 'type');
      expect(await type()).toBe('password');
      await press(tab, 'Show password');
      expect(await type()).toBe('text');
      await press(tab, 'Show password');
      expect(await type()).toBe('password');
      expect(await tab.page.getAttribute('#password', 'autocomplete')).toBe('new-password');
    });
  });

  describe('in German', () => {
    it('a password is chosen, with every reason against it in German', async () => {
      const link = await resetLink('deutsch@example.org');
      const tab = await browser.open(link, { locale: 'de-AT' });
      await tab.page.waitForSelector('text=Neues Passwort');
      await tab.page.fill('#password', 'passwort');
      await press(tab, 'Passwort anzeigen');
      await press(tab, 'Passwort setzen');
      await tab.page.waitForSelector('text=Dieses Passwort kann nicht benutzt werden.');
      const reasons = await tab.page.locator('.notice.bad li').allTextContents();
      expect(reasons).toEqual([expect.stringMatching(/^Dieses Passwort /)]);
      await picture(tab.page, 'password-reasons-german');

      await tab.page.fill('#password', 'ein stiller Hafen im Abendlicht');
      await press(tab, 'Passwort setzen');
      await tab.page.waitForSelector('text=Ihr Passwort ist gesetzt.');
      expect(await signIn('deutsch@example.org', 'ein stiller Hafen im Abendlicht')).toBe(200);
      expect(tab.faults).toEqual([]);
    });

    it('a wrong code is refused, and a new mail sent', async () => {
      await registered('code@example.org');
      const tab = await browser.open(`${server.url}/auth/verify-email`, { locale: 'de' });
      await tab.page.fill('#email', 'code@example.org');
      await tab.page.fill('#code', '12345');
      await press(tab, 'Bestätigen');
      await tab.page.waitForSelector('text=Der Code sind die sechs Ziffern in der Mail.');
      await press(tab, 'Neue Mail senden');
      await tab.page.waitForSelector('text=ist eine neue Mail an sie unterwegs');
      await tab.page.fill('#email', 'niemand');
      await tab.page.evaluate(`document.querySelector('#by-code').noValidate = true`);
      await press(tab, 'Neue Mail senden');
      await tab.page.waitForSelector('text=Das ist keine E-Mail-Adresse.');
      expect(tab.faults).toEqual([]);
    });
  });

  describe('[6.2.7] a password that is pasted', () => {
    it('is taken as if it were typed', async () => {
      const tab = await browser.open(await resetLink('paste@example.org'));
      const { page } = tab;
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.evaluate(`navigator.clipboard.writeText('a quiet harbour at dusk')`);
      await page.focus('#password');
      await page.keyboard.press('Control+V');
      expect(await page.inputValue('#password')).toBe('a quiet harbour at dusk');
      await press(tab, 'Set password');
      await page.waitForSelector('text=Your password is set.');
      expect(await signIn('paste@example.org', 'a quiet harbour at dusk')).toBe(200);
    });
  });

  /** Registers, and gives the mail that comes of it: another one than that with the link `before`. */
  async function registered(email: string, before?: string): Promise<CapturedMail> {
    await server.post('/auth/register', { email, password: PASSWORD });
    return mailAfter(email, before);
  }

  async function resetLink(email: string): Promise<string> {
    const { token, link } = await registered(email);
    await server.post('/auth/verify-email', { token });
    await server.post('/auth/password/forgot', { email });
    return (await mailAfter(email, link!)).link!;
  }

  async function mailAfter(email: string, before: string | undefined): Promise<CapturedMail> {
    for (;;) {
      const { body } = await server.get(`/dev/mail/latest?wait=10&to=${encodeURIComponent(email)}`);
      if (body.link !== before) return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function signIn(email: string, password = PASSWORD): Promise<number> {
    return (await server.post('/auth/login', { email, password })).status;
  }
});
