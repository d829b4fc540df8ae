import { Logger } from '@nestjs/common';
import { createApp } from './app.setup.js';
import { stopGracefully } from './app.stop.js';
import { announce } from './banner.js';
import { createLog } from './common/log.js';
import type { Config } from './config/config.js';
import { loadEnvironment } from './config/environment.js';
import { withFreePort } from './config/free-port.js';
import { OWNER_ONLY } from './config/owner-only.js';
import { ConfigError, loadConfig } from './config/load-config.js';
import { logFindings } from './doctor/log-findings.js';

/** sysexits.h: the environment is wrong. */
const EX_CONFIG = 78;
/**
 * Connections that may wait to be accepted while the event loop is busy: as many as there can be
 * requests at work. Past it the system resets them (Node's own 511 are two seconds of a flood).
 */
const MOST_AT_THE_DOOR = 4000;

/** Starts the server as the environment says; ends the process when it cannot. */
export async function startServer(): Promise<void> {
  try {
    await start();
  } catch (error) {
    explain(error);
  }
}

async function start(): Promise<void> {
  process.umask(OWNER_ONLY);
  const config: Config = await withFreePort(loadConfig(loadEnvironment(), process.cwd()));
  const log = await createLog(config.logLevel);
  process.on('uncaughtException', (error) => die(log, error));
  process.on('unhandledRejection', (error) => die(log, error));

  const app = await createApp(config, log);
  await app.listen({ port: config.port, host: config.host, backlog: MOST_AT_THE_DOOR });
  stopGracefully(app, new Logger('Stop'));
  await announce(app, config, log);
  if (config.mode === 'production') logFindings(config, log);
}

function die(log: { fatal: (facts: object) => void }, error: unknown): never {
  log.fatal({ err: error });
  process.exit(1);
}

function explain(error: unknown): never {
  if (error instanceof ConfigError) {
    console.error('Latchkey cannot start with this configuration:\n');
    for (const { variable, problem, example } of error.faults) {
      console.error(`  ${variable} ${problem}.\n      Example: ${example}`);
    }
    process.exit(EX_CONFIG);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    console.error(
      `Latchkey cannot start: ${message}. Set PORT (or METRICS_PORT, if that is the one) to another port; 0 picks a free one.`,
    );
  } else {
    console.error('Latchkey cannot start:', error);
  }
  process.exit(1);
}
