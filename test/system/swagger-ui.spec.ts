import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, type Tab } from '../support/browser.js';
import { ServerProcess } from '../support/process.js';
import { setupLink } from '../support/setup-link.js';

/** What the examples in the OpenAPI document register and sign in with. */
const ADA = ['ada@example.org', 'correct horse battery staple'] as const;

describe('Swagger UI', () => {
  let server: ServerProcess;
  let browser: Browser;

  besideBrowser(
    () => ServerProcess.start(),
    (both) => ({ server, browser } = both),
  );

  it('runs the whole story by hand, and the start page ticks along', async () => {
    const start = await browser.open(`${server.url}/`);
    const { page, faults } = await browser.open(`${server.url}/docs`);

    const token = (await setupLink(server)).split('#token=')[1]!;
    await setBody(page, 'setUp', { token, email: 'root@example.org', password: ADA[1] });
    expect(await execute(page, 'setUp')).toMatchObject({
      status: 201,
      body: { roles: ['admin', 'user'] },
    });
    await ticked(start, 'administrator');

    expect(await execute(page, 'register')).toMatchObject({ status: 202 }); // its example, unedited
    await ticked(start, 'registered');

    await setParameter(page, 'getLatestCapturedMail', 'to', ADA[0]);
    await setParameter(page, 'getLatestCapturedMail', 'wait', '10');
    const mail = await execute(page, 'getLatestCapturedMail');
    await setBody(page, 'verifyEmail', { token: mail.body.token });
    expect(await execute(page, 'verifyEmail')).toEqual({
      status: 200,
      body: { status: 'verified' },
    });
    await ticked(start, 'mailRead');

    const login = await execute(page, 'login');
    expect(login).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    await ticked(start, 'signedIn');

    expect(await execute(page, 'getMe')).toMatchObject({
      status: 401,
      body: { code: 'token_missing' },
    });
    await authorize(page, { '#auth-basic-username': ADA[0], '#auth-basic-password': ADA[1] });
    expect(await execute(page, 'getMe')).toMatchObject({ status: 200, body: { email: ADA[0] } });
    await ticked(start, 'closedRoute');

    await forget(page);
    expect(await execute(page, 'getMe')).toMatchObject({ status: 401 });
    await authorize(page, { '#auth-bearer-value': login.body.access_token });
    expect(await execute(page, 'getMe')).toMatchObject({ status: 200, body: { email: ADA[0] } });
    expect(await execute(page, 'listSessions')).toMatchObject({
      status: 200,
      body: { items: [{ current: true }] },
    });

    await page.reload();
    expect(await execute(page, 'getMe')).toMatchObject({ status: 200 }); // authorisation is kept
    expect(faults).toEqual([]);
    expect(start.faults).toEqual([]);
  }, 240_000);

  it('asks for no password in a box of the browser when a script is refused', async () => {
    const { page } = await browser.open(`${server.url}/docs`);
    const challenge = await page.evaluate(
      `fetch('/users/me').then((answer) => answer.headers.get('www-authenticate'))`,
    );
    expect(challenge).toBe('Bearer realm="latchkey"');
  });
});

/** The block of an operation, opened. */
async function operation(page: Page, id: string) {
  const block = page.locator(`.opblock[id$="-${id}"]`);
  if (!(await block.getAttribute('class'))!.includes('is-open')) {
    await block.locator('.opblock-summary-control').click();
  }
  return block;
}

async function setBody(page: Page, id: string, body: object): Promise<void> {
  await (await operation(page, id)).locator('textarea').fill(JSON.stringify(body));
}

async function setParameter(page: Page, id: string, name: string, value: string): Promise<void> {
  await (await operation(page, id)).locator(`tr[data-param-name=${name}] input`).fill(value);
}

/** Presses Execute and gives the answer as the page shows it. */
async function execute(page: Page, id: string): Promise<{ status: number; body: any }> {
  const block = await operation(page, id);
  const clear = block.locator('.btn-clear');
  if (await clear.isVisible()) await clear.click();
  await block.locator('.execute').click();
  const row = block.locator('.live-responses-table tbody tr').first();
  const status = await row.locator('.response-col_status').textContent();
  const body = await row.locator('.highlight-code code').first().textContent();
  await block.locator('.opblock-summary-control').click(); // closed again: the page stays quick
  return { status: Number.parseInt(status!, 10), body: JSON.parse(body!) };
}

/** Gives credentials in the dialog behind Authorize. */
async function authorize(page: Page, fields: Record<string, string>): Promise<void> {
  await page.locator('.auth-wrapper .authorize').click();
  const dialog = page.locator('.modal-ux-content');
  // People's scheme stands before that of services, whose fields have the same ids.
  const [first] = Object.keys(fields);
  const form = dialog.locator('form', { has: page.locator(first!) }).first();
  for (const [field, value] of Object.entries(fields)) await form.locator(field).fill(value);
  await form.locator('.authorize').click();
  await page.locator('.modal-ux .close-modal').click();
}

/** Takes back whatever was given. */
async function forget(page: Page): Promise<void> {
  await page.locator('.auth-wrapper .authorize').click();
  await page.locator('.modal-ux-content button[aria-label="Remove authorization"]').click();
  await page.locator('.modal-ux .close-modal').click();
}

async function ticked({ page }: Tab, step: string): Promise<void> {
  await page.waitForSelector(`[data-step=${step}].done`, { timeout: 60_000 });
}
