import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { AccessReview } from '../generated/prisma/client.js';

/** Owner of the table AccessReview: who looked at whose access, when, and what they decided. */
@Injectable()
export class Reviews {
  constructor(private readonly database: Database) {}

  async record(review: AccessReview): Promise<void> {
    await this.database.client.accessReview.create({ data: review });
  }

  /** When everybody was last reviewed; undefined: never. */
  async lastOfEverybody(): Promise<Date | undefined> {
    const last = await this.database.client.accessReview.findFirst({
      where: { subjectId: null },
      select: { at: true },
      orderBy: { at: 'desc' },
    });
    return last?.at;
  }

  /** When each of these people was last reviewed alone; who never was is left out. */
  async lastOf(userIds: readonly string[]): Promise<Map<string, Date>> {
    const rows = await this.database.client.accessReview.groupBy({
      by: ['subjectId'],
      where: { subjectId: { in: [...userIds] } },
      _max: { at: true },
    });
    return new Map(rows.map(({ subjectId, _max }) => [subjectId!, _max.at!]));
  }

  /** Every review of this person alone, oldest first. */
  about(userId: string): Promise<AccessReview[]> {
    return this.database.client.accessReview.findMany({
      where: { subjectId: userId },
      orderBy: { id: 'asc' },
    });
  }
}
