import { Transform, type TransformFnParams } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import { MayBeAbsent } from '../../common/http/fields.js';

export class SessionResponse {
  /** @example 019a7f3e-0000-7000-8000-000000000000 */
  id!: string;
  /** Whether this request belongs to it. */
  current!: boolean;
  createdAt!: Date;
  /** When it began or was last refreshed. */
  lastUsedAt!: Date;
  /** When it ends unless it is refreshed before. */
  expiresAt!: Date;
  userAgent!: string | null;
  ip!: string | null;
  /** What a person may know the device by. @example Firefox on Windows */
  label!: string | null;
  /** How the person proved who they are (RFC 8176). @example ["pwd"] */
  amr!: string[];
}

export class EndSessionsQuery {
  /** true: the session of this request goes on. */
  @MayBeAbsent()
  @Transform(trueOrFalse)
  @IsBoolean({ message: 'keepCurrent must be true or false.' })
  keepCurrent?: boolean;
}

function trueOrFalse({ value }: TransformFnParams): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}
