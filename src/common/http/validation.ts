import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldError, Problem } from '../errors/problem.js';

/** Lets through what a DTO lists, and refuses the rest with one entry per fault. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => invalid(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

/** 400 validation_failed with these entries. */
export function invalid(errors: FieldError[]): Problem {
  return new Problem('validation_failed', {
    errors,
    detail: errors.map((error) => error.detail).join(' '),
  });
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    pointer,
    code: CONSTRAINT_CODES[constraint] ?? constraint.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
    detail: sentence(message),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, pointer))];
}

/** class-validator's names of constraints in the words of the API. */
const CONSTRAINT_CODES: Record<string, string> = {
  whitelistValidation: 'unknown_field',
  unknownValue: 'wrong_type',
  nestedValidation: 'wrong_type',
  isString: 'wrong_type',
  isArray: 'wrong_type',
  isBoolean: 'wrong_type',
  isInt: 'wrong_type',
  isDefined: 'required',
  isNotEmpty: 'required',
  isIn: 'not_allowed',
  maxLength: 'too_long',
  minLength: 'too_short',
  arrayMaxSize: 'too_many',
  arrayUnique: 'duplicate',
  isEmailAddress: 'invalid_email',
  isName: 'invalid_name',
  isLocale: 'invalid_locale',
  matches: 'invalid_format',
  min: 'too_small',
  max: 'too_large',
};

function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
