import { IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '../../common/http/fields.js';

/** What whoever is let in must hold, beside standing. */
export class GatewayQuery {
  /** @example admin */
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  role?: string;

  /** @example users:read */
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  permission?: string;
}
