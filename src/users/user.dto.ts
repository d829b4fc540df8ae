import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsString, MaxLength } from 'class-validator';
import { MAX_EMAIL_LENGTH } from '../common/email-address.js';
import { MayBeAbsent, MayBeNull, NameField } from '../common/http/fields.js';
import { ListQuery } from '../common/http/pagination.js';
import { ACCOUNT_STATUSES, type AccountStatus, accountStatus } from './account-filter.js';
import type { Account } from './accounts.js';
import { LocaleField } from './locale.js';

const MAX_ROLES = 50;

/** An account as others see it. */
export class UserResponse {
  /**
   * UUIDv7.
   * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
   */
  id!: string;

  /**
   * The address as it was typed. A service account has one that no mail reaches.
   * @example ada@example.org
   */
  email!: string;

  /** True once the address is confirmed. */
  emailVerified!: boolean;

  /**
   * What the person is called, if they said.
   * @example Ada Lovelace
   */
  name!: string | null;

  /**
   * Names of the roles held, sorted.
   * @example ["user"]
   */
  roles!: string[];

  /**
   * Every permission the roles grant together, sorted.
   * @example []
   */
  permissions!: string[];

  /** `disabled`: cannot sign in. `unverified`: the address is not confirmed yet. */
  @ApiProperty({ enum: ACCOUNT_STATUSES, example: 'active' })
  status!: AccountStatus;

  /** When the account was made. */
  createdAt!: Date;

  /** When the account's own data was last changed; roles and sign-ins do not count. */
  updatedAt!: Date;

  /** When the person last signed in; null before the first time. */
  lastLoginAt!: Date | null;

  /** Only there for a service account: nobody signs in to it, and its API keys are its only way in. */
  @ApiProperty({ type: Boolean, enum: [true], required: false })
  service?: true;
}

/** The only way an account leaves the server: what is not named here stays inside. */
export function toUserResponse(account: Account): UserResponse {
  return {
    id: account.id,
    email: account.email,
    emailVerified: account.emailVerifiedAt !== null,
    name: account.name,
    roles: [...account.roles],
    permissions: [...account.permissions].sort(),
    status: accountStatus(account),
    createdAt: account.createdAt,
    updatedAt: account.updatedAt,
    lastLoginAt: account.lastLoginAt,
    ...(account.serviceAccount ? { service: true } : {}),
  };
}

/** What a person may change about their own account. What is left out stays as it is. */
export class UpdateMe {
  /** One line of text; null or empty takes the name away. */
  @ApiProperty({ nullable: true, required: false })
  @MayBeNull()
  @NameField()
  name?: string | null;

  /** The language the person wants to be written to in (BCP 47); null takes it away. */
  @MayBeNull()
  @LocaleField()
  locale?: string | null;
}

/** What an administrator may change about an account. What is left out stays as it is. */
export class UpdateUser {
  /** One line of text; null or empty takes the name away. */
  @ApiProperty({ nullable: true, required: false })
  @MayBeNull()
  @NameField()
  name?: string | null;

  /** `disabled` ends every session at once and lets nobody sign in; `active` lifts it. */
  @MayBeAbsent()
  @IsIn(['active', 'disabled'])
  @ApiProperty({ enum: ['active', 'disabled'], required: false, example: 'active' })
  status?: 'active' | 'disabled';
}

export class AssignRoles {
  /**
   * Names of all roles the account shall have. Those it has and that are not named are taken away.
   * @example ["user"]
   */
  @IsArray()
  @ArrayMaxSize(MAX_ROLES)
  @ArrayUnique()
  @IsString({ each: true })
  roles!: string[];
}

export class ListUsersQuery extends ListQuery {
  /**
   * Text that stands somewhere in the address or the name. Case does not matter.
   * @example ada
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  q?: string;

  /**
   * Only accounts that hold the role of this name.
   * @example user
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(40)
  role?: string;

  /** Only accounts of this status. */
  @MayBeAbsent()
  @IsIn(ACCOUNT_STATUSES)
  @ApiProperty({ enum: ACCOUNT_STATUSES, required: false })
  status?: AccountStatus;
}
