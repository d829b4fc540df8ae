import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsOptional, IsString, MaxLength, ValidateBy, ValidateIf } from 'class-validator';
import { canonicalEmail, MAX_EMAIL_LENGTH } from '../email-address.js';

/** An e-mail address as typed; `canonicalEmail` accepts it. */
export function EmailField(example = 'ada@example.org') {
  return applyDecorators(
    ApiProperty({ type: String, format: 'email', maxLength: MAX_EMAIL_LENGTH, example }),
    ValidateBy({
      name: 'isEmailAddress',
      validator: {
        validate: (value) => typeof value === 'string' && canonicalEmail(value) !== undefined,
        defaultMessage: (args) => `${args?.property} must be an e-mail address.`,
      },
    }),
  );
}

/** A password as typed. Only its type and size are checked here; the policy says the rest. */
export function PasswordField(example = 'correct horse battery staple') {
  return applyDecorators(
    ApiProperty({ type: String, format: 'password', minLength: 1, maxLength: 128, example }),
    IsString(),
    MaxLength(1024),
  );
}

/** A secret such as a token or a code: a string of bounded length. */
export function SecretField(maxLength = 512, example?: string) {
  return applyDecorators(
    ApiProperty({ type: String, maxLength, ...(example ? { example } : {}) }),
    IsString(),
    MaxLength(maxLength),
  );
}

/** The name of a person or thing: one line, trimmed, without control characters. */
export function NameField(maxLength = 100, example = 'Ada Lovelace') {
  return applyDecorators(
    ApiProperty({ type: String, maxLength, example }),
    Transform(trimmed),
    ValidateBy({
      name: 'isName',
      validator: {
        validate: (value) =>
          typeof value === 'string' &&
          value.isWellFormed() &&
          [...value].length <= maxLength &&
          !/[\p{Cc}\u2028\u2029]/u.test(value),
        defaultMessage: (args) =>
          `${args?.property} must be text of at most ${maxLength} characters on one line.`,
      },
    }),
  );
}

/** May be left out, but not be null. */
export function MayBeAbsent() {
  return ValidateIf((_, value) => value !== undefined);
}

/**
 * May be left out only when all other fields are, too, but for these: a body without them means
 * something of its own.
 */
export function RequiredUnlessEmpty(...apartFrom: string[]) {
  return ValidateIf((body: object) =>
    Object.entries(body).some(([name, value]) => value !== undefined && !apartFrom.includes(name)),
  );
}

/** May be left out or null. */
export function MayBeNull() {
  return IsOptional();
}

function trimmed({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? value.trim() : value;
}
