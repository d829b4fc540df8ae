import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Clock } from '../clock.js';
import type { MasterKey } from '../common/crypto/master-key.js';
import type { Config } from '../config/config.js';
import { type Environment, environmentBySource } from '../config/environment.js';
import { type ConfigFault, ConfigError, loadConfig } from '../config/load-config.js';
import { unlockDatabase } from '../database/key-ring.js';
import { checkDatabase } from '../doctor/database.checks.js';
import { checkFiles } from '../doctor/files.checks.js';
import { fault, type Finding, ok } from '../doctor/finding.js';
import { checkMail, type MailServerLook } from '../doctor/mail.check.js';
import { checkServer } from '../doctor/server.checks.js';
import { listSettings, type Setting } from '../doctor/settings.js';
import { MailFailure } from '../mail/transports/transport.js';
import { printReport } from './doctor-report.js';

const USAGE = `Usage: npm run doctor -- [--url <address>] [--json]

Looks at the settings, the files, the database and the mail server, changes nothing and prints no
secret. Run it in the environment of the server.
--url   looks also at the running server, as it is reached at this address: proxy, TLS, CORS, clock.
--json  the same for programs.

Exits with 0 when nothing is wrong, with 1 when something is, with 64 for wrong usage.`;

const EX_USAGE = 64;

export interface Report {
  settings: Setting[];
  findings: Finding[];
}

/** npm run doctor */
async function doctor(args: string[]): Promise<void> {
  const options = parsed(args);
  if (!options) {
    console.error(USAGE);
    process.exitCode = EX_USAGE;
    return;
  }
  const report = await examine(options.url);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  if (report.findings.some(({ severity }) => severity === 'fault')) process.exitCode = 1;
}

async function examine(url: string | undefined): Promise<Report> {
  const { given, dotenv } = environmentBySource();
  let config: Config;
  try {
    config = loadConfig(withMode({ ...dotenv, ...given }), process.cwd());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      settings: listSettings(given, dotenv, undefined),
      findings: error.faults.map(settingFault),
    };
  }
  const settings = listSettings(given, dotenv, config);
  const clock = new Clock();
  const key = keyOf(config);
  return {
    settings,
    findings: [
      ok('settings', `All of them are sound. Mode: ${config.mode}.`),
      ...checkFiles(config, clock.now()),
      ...('findings' in key ? key.findings : []),
      ...checkDatabase(config, clock.now()),
      await checkMail(config, () => lookAtMailServer(config, clock)),
      ...(url === undefined
        ? []
        : await checkServer(url, config, 'key' in key ? key.key : undefined, () => clock.now())),
    ],
  };
}

/**
 * With MODE unset, `npm start` takes development and `node dist/main.js` production. Which of them was
 * started shows by PUBLIC_URL, which production wants with https.
 */
function withMode(env: Environment): Environment {
  if (env.MODE) return env;
  return { ...env, MODE: env.PUBLIC_URL?.startsWith('https:') ? 'production' : 'development' };
}

/** Only where there is a database: the key is made by the first start, not by a look. */
function keyOf(config: Config): { key: MasterKey } | { findings: Finding[] } {
  if (!existsSync(config.databaseFile)) return { findings: [] };
  try {
    const { keys, release } = unlockDatabase(config);
    release();
    return { key: keys };
  } catch (error) {
    // What is wrong with the database itself is said by the look at it.
    if ((error as { code?: string }).code?.startsWith('SQLITE_')) return { findings: [] };
    if (!(error instanceof ConfigError)) throw error;
    return { findings: error.faults.map(settingFault) };
  }
}

async function lookAtMailServer(config: Config, clock: Clock): Promise<MailServerLook> {
  // Loaded when it is needed: nodemailer takes a quarter of a second.
  const { SmtpTransport } = await import('../mail/transports/smtp.transport.js');
  try {
    await new SmtpTransport(config, clock).greet();
    return { reached: true };
  } catch (error) {
    if (error instanceof MailFailure) return { reason: error.reason };
    throw error;
  }
}

function settingFault({ variable, problem, example }: ConfigFault): Finding {
  return fault(
    'settings',
    `${variable} ${problem}.`,
    'The server does not start with it.',
    `Example: ${example}`,
  );
}

function parsed(args: string[]): { url: string | undefined; json: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { url: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    if (values.url !== undefined && !/^https?:\/\/[^/]/.test(values.url)) return undefined;
    return { url: values.url, json: values.json };
  } catch {
    return undefined;
  }
}

await doctor(process.argv.slice(2));
