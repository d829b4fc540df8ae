import { join } from 'node:path';
import {
  type Browser as Chromium,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** Without these, Chromium looks for its maker's servers when it starts. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page, and what went wrong on it. */
export interface Tab {
  page: Page;
  /**
   * Errors on the console, thrown errors, breaches of the content security policy, and requests to
   * any other server. A refusal (4xx) that the page asked for is none of these.
   */
  faults: string[];
}

/** The Chromium of the operating system, without a window. */
export class Browser {
  private constructor(private readonly chromium: Chromium) {}

  static async launch(): Promise<Browser> {
    return new Browser(
      await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS }),
    );
  }

  /** Opens the address in a profile of its own. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Tab> {
    const context = await this.chromium.newContext({
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    const { origin } = new URL(url);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/with a status of 4\d\d/.test(message.text())) {
        faults.push(`console: ${message.text()}`);
      }
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`) && !/^(?:data|blob):/.test(request.url())) {
        faults.push(`outside: ${request.url()}`);
      }
    });
    await page.exposeFunction('reportBreach', (directive: string) =>
      faults.push(`policy: ${directive}`),
    );
    await page.addInitScript(
      `document.addEventListener('securitypolicyviolation', (breach) =>
        reportBreach(breach.violatedDirective + ' ' + breach.blockedURI));`,
    );
    await page.goto(url);
    return { page, faults };
  }

  close(): Promise<void> {
    return this.chromium.close();
  }
}

/** Presses the button with this name, the one a screen reader says. */
export function press({ page }: Tab, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click();
}

/** Keeps a picture of the page in the folder that SCREENSHOTS names, if it names one. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
