import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { MAX_HASH_LENGTH } from '../auth/password/formats/formats.js';
import { EmailField, MayBeAbsent, MayBeNull, NameField } from '../common/http/fields.js';
import { LocaleField } from '../users/locale.js';
import { ROLE_NAME } from '../users/role.dto.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_ROLES = 50;

/** One line of an import or export file. See docs/bring-your-users.md. */
export class UserRow {
  /** A UUID of any version. */
  @MayBeAbsent()
  @Matches(UUID, { message: 'id must be a UUID.' })
  id?: string;

  @EmailField()
  email!: string;

  @MayBeNull()
  @NameField()
  name?: string | null;

  @MayBeNull()
  @LocaleField()
  locale?: string | null;

  @IsBoolean()
  emailVerified!: boolean;

  @MayBeAbsent()
  @IsIn(['active', 'disabled'])
  status?: 'active' | 'disabled';

  /** Names of exactly the roles to hold; absent: `user`. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_ROLES)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(ROLE_NAME, { each: true, message: 'roles must hold names of roles.' })
  roles?: string[];

  /** Null: the account has no password until a mail has led to one. */
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @MaxLength(MAX_HASH_LENGTH, { message: 'passwordHash is too long.' })
  passwordHash!: string | null;
}
