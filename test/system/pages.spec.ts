import { beforeAll, describe, expect, it } from 'vitest';
import { besideBrowser } from '../support/beside-browser.js';
import { type Browser, picture } from '../support/browser.js';
import { ServerProcess } from '../support/process.js';

/** Address of each page, by a name for its pictures. */
const PAGES = {
  start: '/',
  mailbox: '/dev/mail',
  errors: '/docs/errors#invalid_credentials',
  'verify-by-link': '/auth/verify-email#token=any',
  'verify-by-code': '/auth/verify-email',
  'set-password': '/auth/password/reset#token=any',
  'ask-for-link': '/auth/password/reset',
  'confirm-change': '/auth/email/confirm#token=any',
  'cancel-change': '/auth/email/cancel#token=any',
  'not-me': '/auth/not-me#token=any',
  setup: '/setup#token=any',
};

/** Those that people are sent to by mail, or for the first administrator. */
const GERMAN = [
  'verify-by-link',
  'verify-by-code',
  'set-password',
  'ask-for-link',
  'confirm-change',
  'cancel-change',
  'not-me',
  'setup',
] as const;

const SCHEMES = ['light', 'dark'] as const;

/** WCAG 2.2, 1.4.3: text that is neither large nor bold. */
const CONTRAST = 4.5;

describe('every page', () => {
  let server: ServerProcess;
  let browser: Browser;

  besideBrowser(
    () => ServerProcess.start(),
    (both) => ({ server, browser } = both),
  );
  beforeAll(async () => {
    await server.post('/auth/register', {
      email: 'ada@example.org',
      password: 'correct horse battery staple',
    });
    await server.get('/dev/mail/latest?to=ada@example.org&wait=10');
  });

  it.each(Object.entries(PAGES))(
    '%s fits, reads well and breaks no policy, in light and dark',
    async (name, path) => {
      for (const colorScheme of SCHEMES) {
        for (const width of [1280, 390]) {
          const viewport = { width, height: 844 };
          const { page, faults } = await browser.open(server.url + path, { colorScheme, viewport });
          await picture(page, `${name}-${colorScheme}-${width}`);
          expect(await page.evaluate<number>(WIDTH_TOO_MUCH)).toBeLessThanOrEqual(0);
          expect(await page.evaluate(PALE_TEXT)).toEqual([]);
          expect(faults).toEqual([]);
          await page.context().close();
        }
      }
    },
  );

  it.each(GERMAN)('%s fits and reads well in German, too', async (name) => {
    for (const width of [1280, 390]) {
      const viewport = { width, height: 844 };
      const url = server.url + PAGES[name];
      const { page, faults } = await browser.open(url, { locale: 'de-DE', viewport });
      expect(await page.getAttribute('html', 'lang')).toBe('de');
      await picture(page, `${name}-german-${width}`);
      expect(await page.evaluate<number>(WIDTH_TOO_MUCH)).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });

  it.each(Object.entries(PAGES))(
    '%s has a title, a language, one heading and a name for each field',
    async (_, path) => {
      const { page } = await browser.open(server.url + path);
      expect(await page.title()).not.toBe('');
      expect(await page.getAttribute('html', 'lang')).toBe('en');
      expect(await page.locator('h1').count()).toBe(1);
      for (const field of await page.locator('input').all()) {
        expect(await field.evaluate((input: any) => input.labels.length)).toBe(1);
      }
      for (const button of await page.locator('button').all()) {
        expect((await button.textContent())!.trim()).not.toBe('');
      }
      await page.context().close();
    },
  );

  it.each(Object.entries(PAGES))(
    '%s names its own style and script to the browser, and no others',
    async (_, path) => {
      const { headers } = await server.get(path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );

  it('can be used by keyboard alone: what is in focus shows it', async () => {
    const { page } = await browser.open(`${server.url}/`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    for (let i = 0; i < 50; i++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(FOCUS_IS_SHOWN)).toBe(true);
      if (await page.evaluate('document.activeElement.matches("[data-step=registered] .copy")'))
        break;
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('/auth/register');
  });

  it('leads from the type of a problem to its meaning', async () => {
    const { body } = await server.get('/users/me');
    const { page } = await browser.open(body.type.replace(/^http:\/\/localhost:\d+/, server.url));
    const target = page.locator(':target');
    expect(await target.getAttribute('id')).toBe('token_missing');
    expect(await target.textContent()).toContain(body.title);
  });
});

const WIDTH_TOO_MUCH = 'document.documentElement.scrollWidth - innerWidth';

const FOCUS_IS_SHOWN = `getComputedStyle(document.activeElement).outlineStyle !== 'none'`;

/** Text whose colour is too near to what lies behind it (WCAG 2.2, 1.4.3). */
const PALE_TEXT = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      const [, , , alpha = 1] = channels(color);
      if (alpha === 1) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pale = [];
  while (texts.nextNode()) {
    const { parentElement: element, textContent } = texts.currentNode;
    if (textContent.trim() === '' || !element.checkVisibility() || element.matches('script, style')) continue;
    const shades = [getComputedStyle(element).color, behind(element)].map(luminance);
    const contrast = (Math.max(...shades) + 0.05) / (Math.min(...shades) + 0.05);
    if (contrast < ${CONTRAST}) pale.push(textContent.trim() + ': ' + contrast.toFixed(2));
  }
  return pale;
})()`;
