import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { type SecureContextOptions, Server } from 'node:tls';
import type { Logger } from 'pino';
import type { Config } from '../../config/config.js';
import {
  parseCertificate,
  readTlsFiles,
  type TlsFiles,
  type TlsFilesError,
  type TlsIdentity,
} from '../../config/tls-files.js';

/** How often to look whether the files have changed, in milliseconds. */
const LOOK = 1000;
/** Anybody but owner and group. */
const OTHERS = 0o007;

/** TLS 1.2 and 1.3, of 1.2 only what is forward secret and authenticated (RFC 9325 section 4.2). */
export function tlsOptions(identity: TlsIdentity): SecureContextOptions {
  return {
    ...identity,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    honorCipherOrder: true,
    ciphers: [
      'TLS_AES_256_GCM_SHA384',
      'TLS_CHACHA20_POLY1305_SHA256',
      'TLS_AES_128_GCM_SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-RSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-RSA-CHACHA20-POLY1305',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-RSA-AES128-GCM-SHA256',
    ].join(':'),
  };
}

/**
 * Takes a certificate and key that are put in place of the old ones, for connections made from then
 * on; those that are open go on. Looks at the files instead of waiting for events, which do not tell
 * of a mounted folder whose target is exchanged. While one of the two is still old, or they are no
 * good, the old ones stay, and the log says why.
 */
export function reloadTls(server: unknown, config: Config, log: Logger): void {
  const files = config.tls;
  if (!files || !(server instanceof Server)) return;
  describe(readTlsFiles(files), config, log);
  let [taken, seen] = [stampOf(files), stampOf(files)];
  const look = setInterval(() => {
    const now = stampOf(files);
    const settled = now === seen;
    seen = now;
    if (now === taken || !settled) return;
    taken = now;
    try {
      const identity = readTlsFiles(files);
      server.setSecureContext(tlsOptions(identity));
      describe(identity, config, log);
    } catch (error) {
      const { variable, message } = error as TlsFilesError;
      log.error({ variable }, `${variable} ${message}: the certificate from before stays in use`);
    }
  }, LOOK).unref();
  server.once('close', () => clearInterval(look));
}

/** Says until when the certificate is good, and what about it will trouble somebody. */
function describe({ cert }: TlsIdentity, { tls, publicUrl }: Config, log: Logger): void {
  const certificate = parseCertificate(cert);
  const facts = { fingerprint: certificate.fingerprint256, validTo: certificate.validTo };
  log.info(facts, 'TLS certificate in use');
  if (Date.parse(certificate.validTo) < Date.now()) log.error(facts, 'TLS_CERT_FILE has expired');
  const { hostname } = new URL(publicUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!(isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host))) {
    log.warn({ host }, 'TLS_CERT_FILE is not for the host of PUBLIC_URL: clients will refuse it');
  }
  if (statSync(tls!.keyFile).mode & OTHERS) {
    log.warn('Everybody on this machine can read TLS_KEY_FILE: chmod o= takes that away');
  }
}

/** Differs when either file has been written or exchanged. */
function stampOf({ certFile, keyFile }: TlsFiles): string {
  return [certFile, keyFile]
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : 'gone';
    })
    .join(', ');
}
