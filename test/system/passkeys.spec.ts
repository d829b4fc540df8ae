import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, picture, press, type Tab } from '../support/browser.js';
import { rows } from '../support/rows.js';
import { PASSWORD, type Person, TestServer } from '../support/server.js';

describe('passkeys in Chromium', () => {
  let server: TestServer;
  let browser: Browser;

  besideBrowser(
    () => TestServer.start(),
    (both) => ({ server, browser } = both),
  );

  /** The page to try passkeys with, in a browser with an authenticator that knows its person. */
  async function opened(dark = false): Promise<Tab & { devTools: CDPSession; key: string }> {
    const tab = await browser.open(`${server.publicUrl}/docs/passkeys`, {
      colorScheme: dark ? 'dark' : 'light',
    });
    const devTools = await tab.page.context().newCDPSession(tab.page);
    await devTools.send('WebAuthn.enable');
    const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return { ...tab, devTools, key: authenticatorId };
  }

  async function byPassword({ page }: Tab, { email }: Person): Promise<void> {
    await page.fill('#email', email);
    await page.fill('#password', PASSWORD);
    await page.getByRole('button', { name: 'Sign in with the password' }).click();
  }

  function shown({ page }: Tab, text: string): Promise<unknown> {
    return page.waitForSelector(`text=${text}`);
  }

  function signedInBy({ page }: Tab): Promise<string | null> {
    return page.textContent('#how');
  }

  /** Signed in by password, with a passkey just added. */
  async function withPasskey(person: Person, dark = false) {
    const tab = await opened(dark);
    await byPassword(tab, person);
    await shown(tab, person.email);
    await press(tab, 'Add a passkey');
    await shown(tab, 'Passkey added.');
    return tab;
  }

  it('are made, and sign in without a name and without a code', async () => {
    const person = await server.person();
    const tab = await opened();
    await shown(tab, 'Sign in with a passkey');
    await picture(tab.page, 'passkeys-first');
    await byPassword(tab, person);
    await shown(tab, 'None yet.');
    expect(await signedInBy(tab)).toBe('pwd');
    await press(tab, 'Add a passkey');
    await shown(tab, 'Keep these recovery codes');
    await shown(tab, 'not used yet');
    await picture(tab.page, 'passkeys-added');
    expect(await tab.page.locator('.notice li').count()).toBe(10);

    await press(tab, 'Sign out');
    await press(tab, 'Sign in with a passkey');
    await shown(tab, person.email);
    expect(await signedInBy(tab)).toMatch(/^[hs]wk user mfa$/);
    await shown(tab, 'last used');
    await picture(tab.page, 'passkeys-signed-in');
    expect(tab.faults).toEqual([]);

    const [session] = rows(
      server.dataDir,
      'SELECT amr FROM Session WHERE userId = ? ORDER BY id DESC',
      person.id,
    );
    expect(session.amr).toBe(await signedInBy(tab));
  });

  it('are the second factor after a password', async () => {
    const person = await server.person();
    const tab = await withPasskey(person, true);
    await press(tab, 'Sign out');
    await byPassword(tab, person);
    await shown(tab, 'Now the second factor.');
    await picture(tab.page, 'passkeys-second-dark');
    await press(tab, 'Use a passkey');
    await shown(tab, person.email);
    expect(await signedInBy(tab)).toMatch(/^pwd [hs]wk user mfa$/);
    await picture(tab.page, 'passkeys-account-dark');
    expect(tab.faults).toEqual([]);
  });

  it('are made once in each place', async () => {
    const tab = await withPasskey(await server.person());
    await press(tab, 'Add a passkey');
    await shown(tab, 'There is a passkey of this account here already.');
    expect(await tab.page.locator('#passkeys li').count()).toBe(1);
  });

  it('sign nobody in once they were removed', async () => {
    const tab = await withPasskey(await server.person());
    await tab.page.getByRole('button', { name: /^Remove / }).click();
    await shown(tab, 'Passkey removed.');
    await shown(tab, 'None yet.');
    await press(tab, 'Sign out');
    await press(tab, 'Sign in with a passkey');
    await shown(tab, 'Ask for new options');
    expect(await tab.page.isVisible('#account')).toBe(false);
    expect(tab.faults).toEqual([]);
  });

  it('do nothing for whoever cannot prove to be their person', async () => {
    const tab = await withPasskey(await server.person());
    await press(tab, 'Sign out');
    await tab.devTools.send('WebAuthn.setUserVerified', {
      authenticatorId: tab.key,
      isUserVerified: false,
    });
    await press(tab, 'Sign in with a passkey');
    await shown(tab, 'No passkey was used.');
    expect(await tab.page.isVisible('#account')).toBe(false);
  });
});
