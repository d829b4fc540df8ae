import { createServer } from 'node:net';

/**
 * Below those the system gives to whoever names none: nobody else gets such a port between the look
 * at it and its use. Each process of tests begins elsewhere.
 */
const FIRST = 10_000;
const LAST = 31_999;
const EACH = 20;

let next = FIRST + ((process.pid * EACH) % (LAST + 1 - FIRST));

/** A port nothing listens at, and that no other test gets. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port === LAST ? FIRST : port + 1;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
