import { expect, it } from 'vitest';
import type { Config } from '../../config/config.js';
import { unreachableWarning } from './encrypted-only.js';

const PROXIED = { mode: 'production', host: '0.0.0.0', trustProxy: 0, tls: undefined };

it.each([
  ['is said of production without TLS and without a proxy', {}, true],
  ['is not said with TLS', { tls: { certFile: '/a', keyFile: '/b' } }, false],
  ['is not said with a trusted proxy', { trustProxy: ['10.0.0.0/8'] }, false],
  ['is not said with a number of hops', { trustProxy: 1 }, false],
  ['is not said when nobody else could ask', { host: '127.0.0.1' }, false],
  ['is not said on localhost', { host: 'localhost' }, false],
  ['is not said in development', { mode: 'development' }, false],
])('that only this machine is answered %s', (_, changes, said) => {
  const warning = unreachableWarning({ ...PROXIED, ...changes } as Config);
  expect(warning !== undefined).toBe(said);
  if (said) expect(warning).toMatch(/TRUST_PROXY.*TLS_CERT_FILE/);
});
