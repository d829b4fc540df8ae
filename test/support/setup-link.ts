import type { ServerProcess } from './process.js';
import { soon } from './soon.js';

/** The link for the first administrator, as the server logs it while there is none. */
export function setupLink(server: ServerProcess): Promise<string> {
  return soon(() => {
    const link = server.lines.map((line) => /"setupLink":"([^"]+)"/.exec(line)?.[1]).find(Boolean);
    if (!link) throw new Error('The server has logged no setup link.');
    return link;
  });
}
