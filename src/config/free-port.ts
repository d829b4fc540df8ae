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
  const here = 'http://localhost:0';
  const moved = `http://localhost:${port}`;
  return {
    ...config,
    port,
    publicUrl: config.publicUrl === here ? moved : config.publicUrl,
    accessTokenAudience: config.accessTokenAudience === here ? moved : config.accessTokenAudience,
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
