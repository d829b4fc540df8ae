import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsString,
  Matches,
  MaxLength,
  ValidateBy,
} from 'class-validator';
import { MayBeAbsent, MayBeNull, NameField } from '../../common/http/fields.js';
import { canonicalNetwork } from './networks.js';

const MOST_PERMISSIONS = 50;
const MOST_NETWORKS = 20;
/** `2001:0db8:0000:0000:0000:0000:0000:0000/128`, and some room. */
const LONGEST_NETWORK = 50;
/** RFC 3339 section 5.6, with seconds: one spelling that everybody reads alike. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** What a key shall be good for. Its owner is the caller, or the service account of the path. */
export class CreateApiKey {
  /** What the key is for, on one line. */
  @NameField(100, 'nightly report')
  @Matches(/\S/, { message: 'name must not be empty.' })
  name!: string;

  /**
   * What the key may do beyond its owner's own account: names out of `GET /permissions` that its
   * owner holds. At each request only those count that the owner still holds. Left out: nothing.
   * @example []
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_PERMISSIONS)
  @ArrayUnique()
  @IsString({ each: true })
  @ApiProperty({ type: [String], maxItems: MOST_PERMISSIONS, required: false })
  permissions?: string[];

  /** When the key ends by itself, in the future (RFC 3339); left out or null: never. */
  @MayBeNull()
  @IsString()
  @Matches(TIME, { message: 'expiresAt must be a time such as 2030-01-31T12:00:00Z.' })
  @ApiProperty({ type: String, format: 'date-time', nullable: true, required: false })
  expiresAt?: string | null;

  /**
   * Where the key may be used from: addresses and CIDR blocks, IPv4 or IPv6. Left out or empty:
   * anywhere.
   * @example ["127.0.0.0/8", "::1"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_NETWORKS)
  @IsNetworks()
  @ApiProperty({ type: [String], maxItems: MOST_NETWORKS, required: false })
  networks?: string[];
}

/** A key, without its secret. */
export class ApiKeyResponse {
  /**
   * Also stands in the key, behind `lk_key_`.
   * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
   */
  id!: string;

  /** @example nightly report */
  name!: string;

  /**
   * What it was made for; its owner may hold less by now.
   * @example ["users:read"]
   */
  permissions!: string[];

  /**
   * Empty: it may be used from anywhere.
   * @example ["192.0.2.0/24"]
   */
  networks!: string[];

  createdAt!: Date;

  /** Null: never. */
  expiresAt!: Date | null;

  /** To about a minute; null: never. */
  lastUsedAt!: Date | null;

  /** The address it was last used from. */
  lastUsedIp!: string | null;
}

/** A new key. */
export class CreatedApiKey extends ApiKeyResponse {
  /**
   * The key, shown this once.
   * @example lk_key_019a7f3e5d2c7c419a530f6f3f0b8a11…
   */
  key!: string;
}

function IsNetworks(): PropertyDecorator {
  return applyDecorators(
    IsString({ each: true }),
    MaxLength(LONGEST_NETWORK, { each: true }),
    ValidateBy({
      name: 'isNetworks',
      validator: {
        validate: (value) =>
          Array.isArray(value) &&
          value.every((item) => typeof item === 'string' && canonicalNetwork(item) !== undefined),
        defaultMessage: () =>
          'networks must be addresses or CIDR blocks without bits behind their prefix, such as 192.0.2.0/24 or 2001:db8::/32.',
      },
    }),
  );
}
