import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page, Route } from 'playwright-core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/ports.js';
import { count, rows } from '../support/rows.js';
import { type Person, TestServer } from '../support/server.js';

const EXAMPLE = new URL('../../examples/browser-client.ts', import.meta.url);
const COOKIE = '__Host-latchkey-session';
const PAGE = `<!doctype html><title>app</title><script type="module">
  import { Latchkey } from '/client.js';
  window.latchkey = new Latchkey(SERVER);
  window.signedOut = 0;
  window.latchkey.onSignedOut = () => window.signedOut++;
  window.me = () => window.latchkey.fetch('/users/me').then((answer) => answer.json());
</script>`;

let browser: Browser;
let server: TestServer;
let ada: Person;
let context: BrowserContext;

beforeAll(async () => {
  browser = await Browser.launch();
});
afterAll(() => browser.close());

/** What an app at this origin is made of, by path. */
function files(api: string): Record<string, { contentType: string; body: string }> {
  const script = ts.transpileModule(readFileSync(EXAMPLE, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  }).outputText;
  return {
    '/app': { contentType: 'text/html', body: PAGE.replace('SERVER', JSON.stringify(api)) },
    '/client.js': { contentType: 'text/javascript', body: script },
  };
}

/** A profile of the browser in which the server's own origin has the app, too. */
async function profile(origin: string): Promise<BrowserContext> {
  const { page } = await browser.open('about:blank');
  for (const [path, file] of Object.entries(files(''))) {
    await page.context().route(origin + path, (route) => route.fulfill(file));
  }
  return page.context();
}

async function openTab(origin: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/app`);
  await page.waitForFunction('window.latchkey');
  return page;
}

function signIn(page: Page, { email, password } = ada): Promise<void> {
  return page.evaluate(`latchkey.signIn(${JSON.stringify({ email, password })})`);
}

/** Who the tab is signed in as; fails when it is not. */
async function who(page: Page): Promise<string> {
  return ((await page.evaluate('me()')) as { email: string }).email;
}

function refusal(page: Page): Promise<string> {
  return page.evaluate(`me().then(() => 'none', (error) => error.problem.code)`);
}

/** As if it had all been read anew: nothing in memory. */
async function reload(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    await page.reload();
    await page.waitForFunction('window.latchkey');
  }
}

/** Lets the server handle so many refreshes whose answers nobody gets. Gives how many went through. */
async function loseAnswers(lost: number): Promise<() => number> {
  let seen = 0;
  await context.route('**/auth/refresh', async (route: Route) => {
    if (seen++ >= lost) return route.continue();
    const request = route.request();
    const all = await request.allHeaders();
    const names = ['cookie', 'origin', 'content-type', 'x-requested-with', 'sec-fetch-site'];
    const headers = Object.fromEntries(
      names.filter((name) => all[name] !== undefined).map((name) => [name, all[name]!]),
    );
    const answer = await fetch(request.url(), { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(200);
    await route.abort();
  });
  return () => seen;
}

function sessions(): { generation: number; endReason: string | null }[] {
  return rows(server.dataDir, 'SELECT generation, endReason FROM Session WHERE userId = ?', ada.id);
}

/** How often anybody was thrown out for using a token twice. */
function reuses(): number {
  return count(server.dataDir, 'AuditEvent', `type = 'refresh.reused'`);
}

describe.each(['of the own origin', 'of another port of the same site, listed in CORS_ORIGINS'])(
  'the browser client, in an app %s',
  (place) => {
    let origin: string;
    let app: Server;

    beforeAll(async () => {
      const port = String(await freePort());
      const url = `http://localhost:${port}`;
      app = createServer(({ url: path }, response) => {
        const { contentType, body } = files(url)[path!] ?? { contentType: 'text/plain', body: '' };
        response.setHeader('content-type', contentType).end(body);
      });
      await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
      const elsewhere = `http://localhost:${(app.address() as AddressInfo).port}`;
      server = await TestServer.start({ PORT: port, CORS_ORIGINS: elsewhere });
      ada = await server.person();
      origin = place === 'of the own origin' ? url : elsewhere;
      context = await profile(url);
    });
    afterAll(async () => {
      await context.close();
      await server.stop();
      app.close();
    });

    it('[10.1.1] signs in, and no script can see the refresh token', async () => {
      const tab = await openTab(origin);
      await signIn(tab);
      expect(await who(tab)).toBe(ada.email);
      expect(await tab.evaluate('document.cookie')).toBe('');
      expect(
        await tab.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])'),
      ).toBe('[{},{}]');
      const [cookie] = (await context.cookies()).filter(({ name }) => name === COOKIE);
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
      expect(cookie!.value).toContain('lk_rt_');
      await tab.close();
    });

    it('two tabs that refresh at once never sign each other out', async () => {
      const [one, two] = [await openTab(origin), await openTab(origin)];
      await signIn(one);
      for (let round = 0; round < 10; round++) {
        await reload(one, two);
        expect(await Promise.all([who(one), who(two), who(one), who(two)])).toEqual(
          Array(4).fill(ada.email),
        );
      }
      expect(reuses()).toBe(0);
      expect(await Promise.all([one, two].map((tab) => tab.evaluate('signedOut')))).toEqual([0, 0]);
      await one.close();
      await two.close();
    });

    it('one of two tabs refreshes, and the other takes what it got', async () => {
      const [one, two] = [await openTab(origin), await openTab(origin)];
      await signIn(one);
      expect(await who(two)).toBe(ada.email);
      server.clock.advance(16 * 60_000); // both hold an access token that has expired
      const before = sessions().at(-1)!.generation;
      expect(await Promise.all([who(one), who(two)])).toEqual([ada.email, ada.email]);
      expect(sessions().at(-1)!.generation - before).toBeLessThanOrEqual(2);
      expect(reuses()).toBe(0);
      await one.close();
      await two.close();
    });

    it('an answer that is lost, once and twice, signs nobody out', async () => {
      const [one, two] = [await openTab(origin), await openTab(origin)];
      await signIn(one);
      for (const lost of [1, 2]) {
        await reload(one, two);
        const seen = await loseAnswers(lost);
        expect(await Promise.all([who(one), who(two)])).toEqual([ada.email, ada.email]);
        expect(seen()).toBeGreaterThan(lost);
        await context.unroute('**/auth/refresh');
      }
      await reload(one, two);
      expect(await Promise.all([who(one), who(two)])).toEqual([ada.email, ada.email]);
      expect(reuses()).toBe(0);
      await one.close();
      await two.close();
    });

    it('without a network it stays signed in, and goes on when the network is back', async () => {
      const tab = await openTab(origin);
      await signIn(tab);
      await reload(tab);
      await context.route('**/auth/refresh', (route) => route.abort());
      expect(await tab.evaluate(`me().catch((error) => error.constructor.name)`)).toBe('TypeError');
      await context.unroute('**/auth/refresh');
      expect(await who(tab)).toBe(ada.email);
      expect(await tab.evaluate('signedOut')).toBe(0);
      await tab.close();
    });

    it('[7.4.4] signing out in one tab signs out the others', async () => {
      const [one, two] = [await openTab(origin), await openTab(origin)];
      await signIn(one);
      expect([await who(one), await who(two)]).toEqual([ada.email, ada.email]);
      await two.evaluate('latchkey.signOut()');
      await one.waitForFunction('signedOut > 0');
      expect([await refusal(one), await refusal(two)]).toEqual(['token_missing', 'token_missing']);
      expect((await context.cookies()).filter(({ name }) => name === COOKIE)).toEqual([]);
      expect(sessions().at(-1)).toMatchObject({ endReason: 'logout' });
      await one.close();
      await two.close();
    });

    it('[14.3.1] signing out clears what pages of the server have kept, but not the known device', async () => {
      const tab = await openTab(origin);
      await signIn(tab);
      await tab.evaluate(`localStorage.setItem('draft', 'x')`);
      const devices = async () =>
        (await context.cookies()).filter(({ name }) => name === '__Host-latchkey-device').length;
      expect(await devices()).toBe(1);
      await tab.evaluate('latchkey.signOut()');
      const kept = place === 'of the own origin' ? null : 'x'; // an app elsewhere clears its own
      expect(await tab.evaluate(`localStorage.getItem('draft')`)).toBe(kept);
      expect(await devices()).toBe(1);
      await tab.close();
    });

    it('a session that was ended elsewhere ends in every tab', async () => {
      const [one, two] = [await openTab(origin), await openTab(origin)];
      await signIn(one);
      expect(await who(two)).toBe(ada.email);
      await server.delete('/auth/sessions', { basic: [ada.email, ada.password] });
      expect(await refusal(one)).toBe('session_ended');
      await two.waitForFunction('signedOut > 0');
      expect(await refusal(two)).toBe('token_missing');
      await one.close();
      await two.close();
    });
  },
);

describe('Chromium', () => {
  it('takes a Secure cookie from http on this machine, by name and by address', async () => {
    server = await TestServer.start();
    ada = await server.person();
    for (const host of ['localhost', '127.0.0.1']) {
      const origin = server.url.replace('127.0.0.1', host);
      context = await profile(origin);
      const tab = await openTab(origin);
      await signIn(tab);
      await reload(tab);
      expect(await who(tab)).toBe(ada.email);
      await context.close();
    }
    await server.stop();
  });
});
