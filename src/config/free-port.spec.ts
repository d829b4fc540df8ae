import { expect, it } from 'vitest';
import { withFreePort } from './free-port.js';
import { loadConfig } from './load-config.js';

it('a port that was left open is picked before anything names it', async () => {
  const config = await withFreePort(
    loadConfig({ MODE: 'development', PORT: '0', DATA_DIR: '/nowhere' }, '/'),
  );
  expect(config.port).toBeGreaterThan(0);
  expect(config.publicUrl).toBe(`http://localhost:${config.port}`);
  expect(config.accessTokenAudience).toBe(config.publicUrl);
});
