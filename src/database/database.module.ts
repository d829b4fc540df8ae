import { Global, Module } from '@nestjs/common';
import { Database } from './database.js';

/** The database file: one Prisma client behind a writer gate, and the migration runner. */
@Global()
@Module({ providers: [Database], exports: [Database] })
export class DatabaseModule {}
