import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { isIP } from 'node:net';

/**
 * `node dist/cli/health-check.js`: exits with 0 when the server on this machine can serve requests,
 * for images without curl. Loads nothing else of ours, because it is run every few seconds.
 */
const PATIENCE = 4000;

const { HOST = '127.0.0.1', PORT = '3000', TLS_CERT_FILE } = process.env;
const everywhere: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const address = everywhere[HOST] ?? HOST;
const host = isIP(address) === 6 ? `[${address}]` : address;
const scheme = TLS_CERT_FILE ? 'https' : 'http';
const get = TLS_CERT_FILE ? getSecure : getPlain;

// The certificate is for the public name, and the way to this machine itself needs none.
get(
  `${scheme}://${host}:${PORT}/health/ready`,
  { timeout: PATIENCE, rejectUnauthorized: false, headers: { connection: 'close' } },
  (answer) => {
    answer.resume();
    end(answer.statusCode === 200 ? undefined : `answered ${answer.statusCode}`);
  },
)
  .on('timeout', () => end(`no answer within ${PATIENCE / 1000} s`))
  .on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));

function end(reason: string | undefined): never {
  if (reason !== undefined) console.error(`Not ready: ${reason}`);
  process.exit(reason === undefined ? 0 : 1);
}
