import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MinLength, ValidateBy } from 'class-validator';
import { NameField } from '../common/http/fields.js';
import { isAudience } from './audience.js';

export class ServiceResponse {
  /** The user-id of its Basic. @example 019a7f3e-0000-7000-8000-000000000000 */
  id!: string;

  /** @example Orders */
  name!: string;

  /** What stands in `aud` of the tokens made for it. @example https://orders.example.org */
  audience!: string;

  createdAt!: Date;
}

/** The one answer that holds the secret. */
export class RegisteredServiceResponse extends ServiceResponse {
  /** The password of its Basic. It is shown this once: only a hash of it is kept. */
  @ApiProperty({ example: 'lk_svc_…' })
  secret!: string;
}

export class RegisterService {
  /** For people. */
  @MinLength(1)
  @NameField(100, 'Orders')
  name!: string;

  /**
   * What access tokens for this service say in `aud`, exactly: an absolute URI without fragment (RFC
   * 8707), or a plain name of letters, digits, dots, hyphens and underscores. No two services share
   * one.
   */
  @AudienceField()
  audience!: string;
}

function AudienceField() {
  return applyDecorators(
    ApiProperty({ type: String, maxLength: 200, example: 'https://orders.example.org' }),
    IsString(),
    ValidateBy({
      name: 'isAudience',
      validator: {
        validate: (value) => typeof value === 'string' && isAudience(value),
        defaultMessage: () =>
          'audience must be an absolute URI without fragment, or a plain name, of at most 200 characters.',
      },
    }),
  );
}
