import { afterAll, beforeAll } from 'vitest';
import { Browser } from './browser.js';
import type { ServerProcess } from './process.js';
import type { TestServer } from './server.js';

/**
 * Starts a server and a browser before the tests of the present `describe`, or file, and ends both
 * after them.
 *
 * @param made called with both once they run
 */
export function besideBrowser<Server extends TestServer | ServerProcess>(
  start: () => Promise<Server>,
  made: (both: { server: Server; browser: Browser }) => void,
): void {
  let server: Server | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    server = await start();
    browser = await Browser.launch();
    made({ server, browser });
  });
  afterAll(async () => {
    await browser?.close();
    if (server) await ('stop' in server ? server.stop() : server.dispose());
  });
}
