import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, Equals, IsArray, IsString, ValidateIf } from 'class-validator';
import { EmailField, MayBeAbsent, NameField } from '../../common/http/fields.js';

/** A person to invite, or a service account. */
export class InviteUser {
  /** Where the invitation goes. A service account has none. */
  @ValidateIf(({ email, service }: InviteUser) => email !== undefined || service !== true)
  @EmailField('grace@example.org')
  @ApiProperty({ required: false })
  email?: string;

  /** A service account must have one. */
  @MayBeAbsent()
  @NameField()
  name?: string;

  /** true: an account without address and password, whose only way in is the keys made for it. */
  @MayBeAbsent()
  @Equals(true, { message: 'service must be true, or left out.' })
  @ApiProperty({ type: Boolean, enum: [true], required: false })
  service?: true;

  /**
   * Names of the roles the account shall have. Left out: `user`.
   * @example ["user"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  roles?: string[];
}
