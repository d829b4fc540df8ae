import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.js';

/**
 * Picks the port when PORT is 0, before anything is made: links and the issuer of tokens hold the
 * port when PUBLIC_URL is not set.
 */
export async function withFreePort(config: Config): Promise<Config> {
  if (config.port !== 0) return config;
  const port = await freePort(config.host);
  const here = `${config.tls ? 'https' : 'http'}://localhost:`;
  const moved = (url: string): string => (url === `${here}0` ? here + port : url);
  return {
    ...config,
    port,
    publicUrl: moved(config.publicUrl),
    accessTokenAudience: moved(config.accessTokenAudience),
  };
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
