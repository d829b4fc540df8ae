import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OlderLines } from '../audit/older-lines.js';
import { Problem } from '../common/errors/problem.js';
import { ConfigError, loadConfig } from '../config/load-config.js';
import { OWNER_ONLY } from '../config/owner-only.js';
import { loadMasterKey } from '../config/master-key-file.js';
import { Database } from '../database/database.js';
import { migrate } from '../database/migrate.js';
import { ToolModule } from './tool.module.js';

/** Whoever called the tool can do better: `message` says how. */
export class UsageError extends Error {}

/** sysexits.h */
const EX_USAGE = 64;
const EX_CONFIG = 78;

/**
 * Runs one command-line tool on the same database a server may be using, and exits: 0 done, 1
 * refused, 64 wrong usage, 78 wrong configuration.
 */
export async function runTool(
  work: (tools: INestApplicationContext) => Promise<void>,
): Promise<void> {
  process.umask(OWNER_ONLY);
  try {
    const dotenv = join(process.cwd(), '.env');
    if (existsSync(dotenv)) process.loadEnvFile(dotenv);
    const config = loadConfig(process.env, process.cwd());
    const masterKey = loadMasterKey(config);
    migrate(config.databaseFile, join(config.dataDir, 'backups'));
    const tools = await NestFactory.createApplicationContext(ToolModule.with(config, masterKey), {
      logger: ['error'],
      abortOnError: false,
    });
    await tools.get(Database).open();
    await tools.get(OlderLines).bind();
    try {
      await work(tools);
    } finally {
      await tools.close();
    }
  } catch (error) {
    process.exitCode = report(error);
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
  if (error instanceof Problem) {
    console.error(error.detail);
    return 1;
  }
  console.error(error);
  return 1;
}
