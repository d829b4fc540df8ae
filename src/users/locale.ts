import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** The longest tag an implementation must take (RFC 5646 section 4.4.1). */
const MAX_TAG_LENGTH = 35;

/**
 * The tag in its canonical spelling (`en-us` is `en-US`), as RFC 5646 section 4.5 has it.
 *
 * @returns undefined when `tag` is not a well-formed language tag of BCP 47
 */
export function canonicalLocale(tag: string): string | undefined {
  if (tag.length > MAX_TAG_LENGTH) return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** A language tag such as `de-AT`; may be null. */
export function LocaleField() {
  return applyDecorators(
    ApiProperty({
      type: String,
      nullable: true,
      required: false,
      maxLength: MAX_TAG_LENGTH,
      example: 'en-GB',
    }),
    ValidateBy({
      name: 'isLocale',
      validator: {
        validate: (value) => typeof value === 'string' && canonicalLocale(value) !== undefined,
        defaultMessage: (args) => `${args?.property} must be a language tag such as en or de-AT.`,
      },
    }),
  );
}
