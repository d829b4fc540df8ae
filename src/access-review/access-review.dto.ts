import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent, MayBeNull, NameField } from '../common/http/fields.js';
import { ListQuery } from '../common/http/pagination.js';
import { AccessReviewDecision } from '../generated/prisma/client.js';
import { UserResponse } from '../users/user.dto.js';
import { ACCESS_FLAGS, type AccessFlag } from './access-review.policy.js';

const DECISIONS = Object.values(AccessReviewDecision);
const MAX_NOTE = 500;
const MAX_ID = 64;

export class AccessReviewQuery extends ListQuery {
  /** `csv`: everybody in one file; `limit`, `cursor` and `count` do not matter then. */
  @MayBeAbsent()
  @IsIn(['json', 'csv'])
  @ApiProperty({ enum: ['json', 'csv'], required: false, default: 'json' })
  format?: 'json' | 'csv';
}

export class ReviewedRole {
  /** @example admin */
  name!: string;
  /** Id of the administrator who gave it; null: the server did. */
  grantedBy!: string | null;
  grantedAt!: Date;
}

export class ReviewedPermission {
  /** @example users:write */
  name!: string;
  /** When it last let the person in, to about a minute; null: never. */
  lastUsedAt!: Date | null;
}

export class ReviewedApiKey {
  /** @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11 */
  id!: string;
  /** @example nightly report */
  name!: string;
  /**
   * What it was made for; only what the person still holds counts.
   * @example ["users:read"]
   */
  permissions!: string[];
  createdAt!: Date;
  /** Null: never. */
  expiresAt!: Date | null;
  /** To about a minute; null: never. */
  lastUsedAt!: Date | null;
}

/** One person, what they may do, and whether they do it. */
export class AccessReviewItem {
  user!: UserResponse;

  /** Roles held, by name, with who gave them. */
  roles!: ReviewedRole[];

  /**
   * Names of every permission the roles grant together, sorted.
   * @example ["users:read"]
   */
  permissions!: string[];

  /** Those of the permissions that are about others, with their last use. */
  sensitivePermissions!: ReviewedPermission[];

  /** When the person last signed in; null: never. */
  lastLoginAt!: Date | null;

  /** Whether the person has a second factor. */
  secondFactor!: boolean;

  /** API keys that stand, oldest first. */
  apiKeys!: ReviewedApiKey[];

  /** When somebody last reviewed this person or everybody; null: never. */
  lastReviewAt!: Date | null;

  /**
   * `dormant`: an administrator who has not signed in for 90 days. `unused`: holds a role for 90
   * days none of whose sensitive permissions was used in that time. `stale`: holds a role that was
   * neither given nor reviewed within a year. `never_reviewed`: holds a role that nobody has
   * reviewed since it was given. Roles that grant nothing do not count. `unused_key`: has an API key
   * that was made, and last used, 90 days ago or earlier.
   */
  @ApiProperty({ enum: ACCESS_FLAGS, isArray: true, example: ['dormant'] })
  flags!: AccessFlag[];
}

/** One page of the list, and when it has to be looked at. */
export class AccessReviewPage {
  items!: AccessReviewItem[];

  /** Send it as `cursor` to get the next page; null at the end. */
  nextCursor!: string | null;

  /** How many items the whole list has; only with `count=true`. */
  @ApiProperty({ type: 'integer', minimum: 0, required: false })
  total?: number;

  /** When everybody was last reviewed; null: never. */
  lastReviewAt!: Date | null;

  /** When everybody is to be reviewed next; null while there is nobody. */
  nextReviewDue!: Date | null;
}

export class RecordAccessReview {
  /** `confirmed`: access is as it should be. `changes_needed`: some of it has to go. */
  @IsIn(DECISIONS)
  @ApiProperty({ enum: DECISIONS, example: 'confirmed' })
  decision!: AccessReviewDecision;

  /** What was found, on one line. */
  @ApiProperty({ nullable: true, required: false })
  @MayBeNull()
  @NameField(MAX_NOTE, 'Everybody still works here.')
  note?: string | null;

  /** Whose access was reviewed; left out: everybody's. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_ID)
  userId?: string;
}

/** A review that was recorded. */
export class AccessReviewResponse {
  /** @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11 */
  id!: string;
  at!: Date;
  /** Id of who reviewed. */
  reviewer!: string;
  /** Whose access was reviewed; null: everybody's. */
  userId!: string | null;
  @ApiProperty({ enum: DECISIONS, example: 'confirmed' })
  decision!: AccessReviewDecision;
  note!: string | null;
}
