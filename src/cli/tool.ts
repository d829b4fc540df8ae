import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MasterKey } from '../common/crypto/master-key.js';
import { Problem } from '../common/errors/problem.js';
import { Refusal } from '../common/errors/refusal.js';
import type { Config } from '../config/config.js';
import { ConfigError, loadConfig } from '../config/load-config.js';
import { OWNER_ONLY } from '../config/owner-only.js';
import { loadMasterKey } from '../config/master-key-file.js';
import { Database } from '../database/database.js';
import { migrate } from '../database/migrate.js';
import { ToolModule } from './tool.module.js';

/** Wrong usage: `message` says what would be right. */
export class UsageError extends Error {}

/** sysexits.h */
const EX_USAGE = 64;
const EX_CONFIG = 78;

type Work = (tools: INestApplicationContext) => Promise<void>;

/**
 * Runs one command-line tool on the same database a server may be using, and exits as
 * {@link runCommand} does.
 */
export function runTool(work: Work): Promise<void> {
  return runCommand(async (config) => {
    const masterKey = loadMasterKey(config);
    migrate(config.databaseFile, join(config.dataDir, 'backups'));
    await withTools(config, masterKey, work);
  });
}

/**
 * Runs one command with the configuration of the environment, and exits: 0 done, 1 refused, 64
 * wrong usage, 78 wrong configuration. Neither key nor database is made or opened.
 */
export async function runCommand(work: (config: Config) => Promise<void>): Promise<void> {
  process.umask(OWNER_ONLY);
  try {
    const dotenv = join(process.cwd(), '.env');
    if (existsSync(dotenv)) process.loadEnvFile(dotenv);
    await work(loadConfig(process.env, process.cwd()));
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Opens the database, which must be up to date, for as long as `work` takes. */
export async function withTools(config: Config, masterKey: MasterKey, work: Work): Promise<void> {
  const tools = await NestFactory.createApplicationContext(ToolModule.with(config, masterKey), {
    logger: ['error'],
    abortOnError: false,
  });
  await tools.get(Database).open();
  try {
    await work(tools);
  } finally {
    await tools.close();
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(error.message);
    return EX_USAGE;
  }
  if (error instanceof ConfigError) {
    console.error(error.message);
    return EX_CONFIG;
  }
  if (error instanceof Refusal) {
    console.error(error.message);
    return 1;
  }
  if ((error as NodeJS.ErrnoException).syscall) {
    console.error((error as Error).message); // it names the path
    return 1;
  }
  if (error instanceof Problem) {
    console.error(error.detail);
    return 1;
  }
  console.error(error);
  return 1;
}
