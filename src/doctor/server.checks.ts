import type { MasterKey } from '../common/crypto/master-key.js';
import type { Config } from '../config/config.js';
import { checkAsSeen } from './as-seen.check.js';
import { ask, reasonOf } from './ask.js';
import { checkCors } from './cors.check.js';
import { fault, type Finding, ok, warning } from './finding.js';
import { checkCertificate } from './tls.check.js';

const CLOCKS_APART = 5000;

/**
 * How a running server is reached at `url`, through whatever stands in front of it.
 *
 * @param key the master key of that server; undefined: what needs it is left out
 */
export async function checkServer(
  url: string,
  config: Config,
  key: MasterKey | undefined,
  now: () => Date,
): Promise<Finding[]> {
  let health: Response;
  try {
    health = await ask(url, '/health');
  } catch (error) {
    return [
      fault(
        'server',
        `${url} does not answer: ${reasonOf(error)}.`,
        'Nobody else reaches it by this address either.',
        'PUBLIC_URL, HOST and PORT, or what stands in front of the server.',
      ),
    ];
  }
  if (health.status !== 200) {
    return [
      fault(
        'server',
        `${url}/health answers ${health.status}.`,
        'Something else answers at this address, or the server is ill.',
        'Let the proxy pass every path on to the server, unchanged.',
      ),
    ];
  }
  return [
    ok('server', `${url} answers.`),
    checkServerClock(health, now()),
    ...(await checkAddress(url, config)),
    ...(await checkCertificate(url, now())),
    ...checkTransportSecurity(url, health),
    ...(await checkCors(url, config)),
    ...(key ? await checkAsSeen(url, config, key, now()) : []),
  ];
}

/** RFC 9110 section 6.6.1: the Date field is in whole seconds. */
function checkServerClock(health: Response, now: Date): Finding {
  const there = Date.parse(health.headers.get('date') ?? '');
  const apart = Math.abs(there - now.getTime());
  if (Number.isNaN(there) || apart <= CLOCKS_APART) {
    return ok('clock', 'The clock of the server and the one here agree.');
  }
  return warning(
    'clock',
    `The clock of the server and the one here are ${Math.round(apart / 1000)} s apart.`,
    'Services that verify tokens by themselves refuse those from a time to come.',
    'Let both be set by NTP: timedatectl set-ntp true',
  );
}

async function checkAddress(url: string, { publicUrl }: Config): Promise<Finding[]> {
  const document = (await (await ask(url, '/openapi.json')).json().catch(() => ({}))) as {
    servers?: { url?: string }[];
  };
  const theirs = document.servers?.[0]?.url;
  if (theirs === undefined) return [];
  if (theirs !== publicUrl) {
    return [
      fault(
        'server',
        `The server's PUBLIC_URL is ${theirs}, and here it is ${publicUrl}.`,
        'This tool was given other settings than the server: the rest of what it says may be about another one.',
        'Run it in the environment of the server.',
      ),
    ];
  }
  if (new URL(url).origin === publicUrl) return [ok('server', 'It is reached at PUBLIC_URL.')];
  return [
    warning(
      'server',
      `It was asked at ${new URL(url).origin}, and PUBLIC_URL is ${publicUrl}.`,
      'Links in mails, iss in tokens and cookies are for PUBLIC_URL.',
      `npm run doctor -- --url ${publicUrl}`,
    ),
  ];
}

function checkTransportSecurity(url: string, health: Response): Finding[] {
  if (!url.startsWith('https:')) return [];
  const policy = health.headers.get('strict-transport-security') ?? '';
  if (Number(/max-age=(\d+)/.exec(policy)?.[1]) >= 31_536_000) {
    return [ok('tls', 'HSTS is for a year or longer.')];
  }
  return [
    warning(
      'tls',
      'Strict-Transport-Security is missing or short.',
      'A first visit over plain HTTP could be read and redirected.',
      'PUBLIC_URL must begin with https:, and the proxy must pass the header on.',
    ),
  ];
}
