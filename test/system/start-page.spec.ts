import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, picture, type Tab } from '../support/browser.js';
import { ServerProcess } from '../support/process.js';
import { setupLink } from '../support/setup-link.js';
import { Shell } from '../support/shell.js';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

describe('the start page', () => {
  let server: ServerProcess;
  let browser: Browser;

  besideBrowser(
    () => ServerProcess.start(),
    (both) => ({ server, browser } = both),
  );

  it('ticks each step as its lines are run, exactly as its copy buttons give them', async () => {
    const tab = await browser.open(publicUrl(server));
    await tab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    expect(await done(tab)).toEqual([]);
    await picture(tab.page, 'start-none-done');

    const operator = new Shell(REPOSITORY, { DATA_DIR: server.dataDir, BCRYPT_COST: '4' });
    const create = await copied(tab, 'administrator', 0);
    await operator.paste(`echo 'correct horse battery staple' | ${create}`);
    operator.end();
    await ticked(tab, ['administrator']);
    expect(await tab.page.textContent('[data-part=administrator] dd')).toBe('There is one');

    const newcomer = new Shell(server.dataDir);
    expect(await newcomer.paste(await copied(tab, 'registered'))).toContain('"message"');
    await ticked(tab, ['administrator', 'registered']);

    expect(await newcomer.paste(await copied(tab, 'mailRead'))).toBe('{"status":"verified"}');
    await ticked(tab, ['administrator', 'registered', 'mailRead']);
    await picture(tab.page, 'start-three-done');

    expect(await newcomer.paste(await copied(tab, 'signedIn'))).toMatch(
      /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/,
    );
    await ticked(tab, ['administrator', 'registered', 'mailRead', 'signedIn']);

    const me = await newcomer.paste(await copied(tab, 'closedRoute'));
    expect(JSON.parse(me)).toMatchObject({ email: 'ada@example.org', emailVerified: true });
    await ticked(tab, ['administrator', 'registered', 'mailRead', 'signedIn', 'closedRoute']);
    expect(await tab.page.isVisible('#all')).toBe(true);
    await picture(tab.page, 'start-all-done');

    const byBasic = await newcomer.paste(await copied(tab, 'closedRoute', 1));
    expect(JSON.parse(byBasic)).toEqual(JSON.parse(me));
    newcomer.end();
    expect(tab.faults).toEqual([]);
  });

  it('shows the state it was loaded with, with scripts switched off', async () => {
    const tab = await browser.open(publicUrl(server), { javaScriptEnabled: false });
    expect(await done(tab)).toHaveLength(5);
    expect(await tab.page.textContent('.progress')).toContain('5 of 5 done');
  });

  it('holds no secret, since anyone who reaches the server may read it', async () => {
    const fresh = await ServerProcess.start();
    try {
      const token = (await setupLink(fresh)).split('#token=')[1]!;
      const page = await fresh.get('/');
      const state = await fresh.get('/start/state');
      expect(page.text + state.text).not.toContain(token);
      expect(page.text + state.text).not.toContain(fresh.dataDir);
    } finally {
      await fresh.dispose();
    }
  });

  it('says so when the server goes away', async () => {
    const fleeting = await ServerProcess.start();
    const tab = await browser.open(publicUrl(fleeting));
    expect(await tab.page.isHidden('#lost')).toBe(true);
    await fleeting.dispose();
    await tab.page.waitForSelector('#lost:visible');
  });

  it('does not fill the log with its own questions', () => {
    expect(server.lines.filter((line) => line.includes('/start/state'))).toEqual([]);
  });
});

describe('[13.4.2] production', () => {
  it('shows a neutral page, and no state', async () => {
    const server = await ServerProcess.start({
      MODE: 'production',
      PUBLIC_URL: 'https://accounts.example.org',
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'no-reply@example.org',
      BCRYPT_COST: '10',
      RATE_LIMITS: 'on',
    });
    try {
      const page = await server.get('/');
      expect(page.status).toBe(200);
      expect(page.text.replaceAll(/<(style|title)>.*?<\/\1>|<[^>]*>/gs, '').trim()).toBe(
        'Latchkey',
      );
      expect((await server.get('/start/state')).status).toBe(404);
    } finally {
      await server.dispose();
    }
  });
});

/** Where people reach the server, as its links say. */
function publicUrl(server: ServerProcess): string {
  return `http://localhost:${new URL(server.url).port}`;
}

/** What the step's copy button puts on the clipboard. */
async function copied({ page }: Tab, step: string, way = 0): Promise<string> {
  await page.locator(`[data-step=${step}] .copy`).nth(way).click();
  return page.evaluate('navigator.clipboard.readText()');
}

function done({ page }: Tab): Promise<string[]> {
  return page
    .locator('.step.done')
    .evaluateAll((steps) => steps.map((step: any) => step.dataset.step));
}

/** Waits until the last of the steps is ticked; then no other is. */
async function ticked(tab: Tab, steps: string[]): Promise<void> {
  await tab.page.waitForSelector(`[data-step=${steps.at(-1)}].done`, { timeout: 60_000 });
  expect(await done(tab)).toEqual(steps);
  expect(await tab.page.textContent('#done')).toBe(String(steps.length));
}
