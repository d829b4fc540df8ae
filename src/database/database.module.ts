import { Global, Module } from '@nestjs/common';
import { Database } from './database.js';
import { OtherServers } from './other-servers.js';

/**
 * The database file: one Prisma client behind a writer gate, the migration runner, and whether other
 * servers use the file.
 */
@Global()
@Module({ providers: [Database, OtherServers], exports: [Database, OtherServers] })
export class DatabaseModule {}
