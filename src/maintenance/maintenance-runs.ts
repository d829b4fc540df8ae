import { Injectable } from '@nestjs/common';
import { Clock, later } from '../clock.js';
import { Database } from '../database/database.js';

/** Owner of the table MaintenanceRun: work that one process at a time does for all of them. */
@Injectable()
export class MaintenanceRuns {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes on the work of this name, unless it was begun less than `everyMs` ago. One guarded
   * statement: of any number of processes, one gets it. Whoever dies at it has simply had a turn.
   * One that was begun far ahead of now was begun before the clock was set back.
   *
   * @returns when it begins; undefined: it is not due
   */
  async claim(name: string, everyMs: number): Promise<Date | undefined> {
    const now = this.clock.now();
    const claimed = await this.database.execute`
      INSERT INTO "MaintenanceRun" ("name", "startedAt") VALUES (${name}, ${now})
      ON CONFLICT ("name") DO UPDATE SET "startedAt" = excluded."startedAt", "finishedAt" = NULL
        WHERE "startedAt" <= ${later(now, -everyMs)} OR "startedAt" > ${later(now, everyMs)}`;
    return claimed === 1 ? now : undefined;
  }

  /** @param startedAt what {@link claim} gave */
  async finish(name: string, startedAt: Date): Promise<void> {
    await this.database.execute`
      UPDATE "MaintenanceRun" SET "finishedAt" = ${this.clock.now()}
      WHERE "name" = ${name} AND "startedAt" = ${startedAt}`;
  }
}
