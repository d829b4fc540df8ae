import { IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../../common/http/fields.js';

/**
 * What the access token of an answer shall be good for. It holds for that token alone: the next
 * refresh says again what it wants.
 */
export class TokenChoice {
  /**
   * The audience of a registered service, for a token that this service alone takes. Left out: a
   * token for this server.
   * @example https://orders.example.org
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  audience?: string;

  /**
   * The same under the name of RFC 8707.
   * @example https://orders.example.org
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  resource?: string;

  /**
   * Permissions, space-separated, for a token that grants no others. Those the person lacks are left
   * out (RFC 6749 section 3.3); `scope` of the answer says what is granted. A narrowed token names no
   * roles.
   * @example users:read
   */
  @MayBeAbsent()
  @IsString()
  @MaxLength(2000)
  scope?: string;
}
