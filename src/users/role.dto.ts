import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Matches } from 'class-validator';
import { MayBeAbsent, NameField } from '../common/http/fields.js';

/** What the name of a role looks like. */
export const ROLE_NAME = /^[a-z0-9_-]{2,40}$/;

const MAX_DESCRIPTION = 200;
const MAX_PERMISSIONS = 100;

export class RoleResponse {
  /** @example support */
  name!: string;

  /** What the role is for; may be empty. */
  @ApiProperty({ example: 'Answers questions about accounts.' })
  description!: string;

  /**
   * Names of the permissions it grants, sorted.
   * @example ["users:read"]
   */
  permissions!: string[];

  /** True: part of the server, can be neither changed nor deleted. */
  builtIn!: boolean;
}

export class PermissionResponse {
  /** @example users:read */
  name!: string;

  /** What it allows. */
  @ApiProperty({ example: 'See all accounts.' })
  description!: string;
}

export class CreateRole {
  /**
   * 2 to 40 lower-case letters, digits, hyphens and underscores. It cannot be changed later.
   * @example support
   */
  @IsString()
  @Matches(ROLE_NAME, {
    message: 'name must be 2 to 40 lower-case letters, digits, hyphens and underscores.',
  })
  name!: string;

  /** What the role is for. */
  @MayBeAbsent()
  @DescriptionField()
  description?: string;

  /** Names of the permissions it shall grant: GET /permissions lists them. */
  @PermissionsField()
  permissions!: string[];
}

/** What is left out stays as it is. */
export class UpdateRole {
  /** What the role is for. */
  @MayBeAbsent()
  @DescriptionField()
  description?: string;

  /** Names of all permissions it shall grant. Those that are not named are taken away. */
  @MayBeAbsent()
  @PermissionsField()
  permissions?: string[];
}

function DescriptionField() {
  return NameField(MAX_DESCRIPTION, 'Answers questions about accounts.');
}

function PermissionsField() {
  return applyDecorators(
    ApiProperty({ type: [String], uniqueItems: true, example: ['users:read'] }),
    IsArray(),
    ArrayMaxSize(MAX_PERMISSIONS),
    ArrayUnique(),
    IsString({ each: true }),
  );
}
