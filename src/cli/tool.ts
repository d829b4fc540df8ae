import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MasterKey } from '../common/crypto/master-key.js';
import type { Config } from '../config/config.js';
import { OlderLines } from '../audit/older-lines.js';
import { loadMasterKey } from '../config/master-key-file.js';
import { Database } from '../database/database.js';
import { unlockDatabase } from '../database/key-ring.js';
import { migrate } from '../database/migrate.js';
import { chooseDatabase } from './chosen-database.js';
import { runCommand } from './command.js';
import { ToolModule } from './tool.module.js';

export { UsageError } from './command.js';

type Work = (tools: INestApplicationContext, args: string[]) => Promise<void>;

/**
 * Runs one command-line tool on the same database a server may be using, and exits as
 * {@link runCommand} does.
 */
export function runTool(work: Work): Promise<void> {
  return runCommand(async (config) => {
    const args = chooseDatabase(config, process.argv.slice(2));
    loadMasterKey(config); // makes it, before there is a database
    migrate(config.databaseFile, join(config.dataDir, 'backups'));
    const { keys, release } = unlockDatabase(config);
    try {
      await withTools(config, keys, (tools) => work(tools, args));
    } finally {
      release();
    }
  });
}

/** Opens the database, which must be up to date, for as long as `work` takes. */
export async function withTools(
  config: Config,
  masterKey: MasterKey,
  work: (tools: INestApplicationContext) => Promise<void>,
): Promise<void> {
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
}
