import { ArrayMaxSize, ArrayUnique, IsArray, IsString } from 'class-validator';
import { EmailField, MayBeAbsent, NameField } from '../../common/http/fields.js';

export class InviteUser {
  @EmailField('grace@example.org')
  email!: string;

  @MayBeAbsent()
  @NameField()
  name?: string;

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
