import { ApiProperty } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { EmailField, MayBeAbsent } from '../../common/http/fields.js';
import { ListQuery } from '../../common/http/pagination.js';
import type { KeptMail } from './captured-mails.js';

/** Longest time to wait for a mail, in seconds. */
const MAX_WAIT = 30;

/** A mail as it would have been sent, and what it offers once more by itself. */
export class LatestMail {
  /**
   * The address it would have gone to.
   * @example ada@example.org
   */
  to!: string;

  /**
   * The subject line.
   * @example Confirm your e-mail address
   */
  subject!: string;

  /** The mail as plain text. */
  text!: string;

  /** The mail as HTML. */
  html!: string;

  /** The link to follow; null when the mail holds none. */
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'http://localhost:3000/auth/verify-email#token=lk_ot_N2Q5YzQ0',
  })
  link!: string | null;

  /** The one-time token in the link; null when the mail holds none. */
  @ApiProperty({ type: String, nullable: true, example: 'lk_ot_N2Q5YzQ0' })
  token!: string | null;

  /** The six-digit code; null when the mail holds none. */
  @ApiProperty({ type: String, nullable: true, example: '042137' })
  code!: string | null;

  /** When it would have been sent. */
  sentAt!: Date;
}

export class CapturedMailResponse extends LatestMail {
  /**
   * UUIDv7.
   * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
   */
  id!: string;
}

export class ListMailQuery extends ListQuery {
  /** Only mail to this address. */
  @MayBeAbsent()
  @EmailField()
  @ApiProperty({ required: false })
  to?: string;
}

export class LatestMailQuery {
  /** Only mail to this address. Left out: the newest mail of all. */
  @MayBeAbsent()
  @EmailField()
  @ApiProperty({ required: false })
  to?: string;

  /** How many seconds to wait for a mail that is not there or still under way. */
  @MayBeAbsent()
  @ApiProperty({
    type: 'integer',
    required: false,
    minimum: 0,
    maximum: MAX_WAIT,
    default: 0,
    example: 5,
  })
  @Transform(wholeNumber)
  @IsInt({ message: `wait must be a whole number from 0 to ${MAX_WAIT}.` })
  @Min(0)
  @Max(MAX_WAIT)
  wait?: number;
}

export function toLatestMail(mail: KeptMail): LatestMail {
  const { to, subject, text, html, link, token, code, sentAt } = mail;
  return { to, subject, text, html, link, token, code, sentAt };
}

export function toCapturedMailResponse(mail: KeptMail): CapturedMailResponse {
  return { id: mail.id, ...toLatestMail(mail) };
}

function wholeNumber({ value }: TransformFnParams): unknown {
  return typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value;
}
