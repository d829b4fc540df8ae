import { isIPv4 } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { SetupService } from './auth/setup/setup.service.js';
import { unreachableWarning } from './common/http/encrypted-only.js';
import type { Config } from './config/config.js';

/** Says where everything is and, until there is an administrator, how to make the first one. */
export async function announce(
  app: NestFastifyApplication,
  config: Config,
  log: Logger,
): Promise<void> {
  const setupLink = await app.get(SetupService).openLink();
  const places = placesOf(config);
  for (const warning of [mailboxWarning(config), unreachableWarning(config)]) {
    if (warning !== undefined) log.warn(warning);
  }
  if (process.stdout.isTTY) {
    process.stdout.write(banner(config, places, setupLink));
    return;
  }
  log.info({ listening: `${config.host}:${config.port}`, ...places }, 'Latchkey is ready');
  if (setupLink !== undefined) {
    log.warn(
      { setupLink, command: ADMIN_COMMAND, environment: ADMIN_VARIABLES },
      'There is no administrator yet: open setupLink, or run command, or set environment',
    );
  }
}

const ADMIN_COMMAND = 'npm run admin -- create you@example.org';
const ADMIN_VARIABLES = 'ADMIN_EMAIL and ADMIN_PASSWORD_FILE';

/** Said when the captured mail, and every link in it, is there for the whole network. */
export function mailboxWarning(config: Pick<Config, 'smtpUrl' | 'host'>): string | undefined {
  if (config.smtpUrl !== undefined || isLoopback(config.host)) return undefined;
  return (
    `MAIL IS OPEN: everyone who reaches ${config.host} reads all mail at /dev/mail. ` +
    'Set SMTP_URL, or HOST=127.0.0.1.'
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function placesOf(config: Config): Record<string, string> {
  const url = config.publicUrl;
  const captured = config.smtpUrl === undefined;
  return {
    mode: config.mode,
    start: `${url}/`,
    docs: `${url}/docs`,
    openapi: `${url}/openapi.json`,
    health: `${url}/health`,
    keys: `${url}/.well-known/jwks.json`,
    mail: captured ? `${url}/dev/mail` : 'sent by SMTP_URL',
    data: config.dataDir,
  };
}

function banner(
  config: Config,
  places: Record<string, string>,
  setupLink: string | undefined,
): string {
  const rows: [string, string][] = [
    ['Start page', places.start!],
    ['Swagger UI', places.docs!],
    ['OpenAPI', places.openapi!],
    ['Health', places.health!],
    ['Public keys', places.keys!],
    [
      'Mail',
      config.smtpUrl === undefined ? `kept here, read it at ${places.mail}` : 'sent by SMTP_URL',
    ],
    ['Data', places.data!],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`);
  const setup =
    setupLink === undefined
      ? []
      : [
          '',
          '  There is no administrator yet. Make the first one in any of these ways:',
          `    open    ${setupLink}`,
          `    run     ${ADMIN_COMMAND}`,
          `    set     ${ADMIN_VARIABLES}, and start again`,
        ];
  return ['', `  Latchkey (${config.mode})`, '', ...lines, ...setup, '', ''].join('\n');
}
