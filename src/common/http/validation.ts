import { type ArgumentMetadata, type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldError, Problem } from '../errors/problem.js';

/** Most entries in one answer: enough to mend a form by, too few to make a small request a large answer. */
const MAX_ERRORS = 20;

/** Lets through what a DTO lists, and refuses the rest with one entry per fault. */
export function validationPipe(): ValidationPipe {
  return new StrictValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    validationError: { target: false }, // the value tells missing from wrong; it goes no further
    exceptionFactory: (errors) => invalid(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

/** A member that is left out on the way to the DTO without a word, so that no DTO can forbid it. */
function isLeftOut(name: string): boolean {
  return name === 'prototype' || name in Object.prototype;
}

class StrictValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const unknown = Object.getOwnPropertyNames(Object(value)).filter(isLeftOut);
    if (unknown.length === 0) return super.transform(value, metadata);
    const others = await super.transform(value, metadata).then(() => [], errorsOf);
    throw invalid([...unknown.map((name) => unknownField(pointerTo(name), name)), ...others]);
  }
}

/** What else is wrong; what is no refusal of a field goes on. */
function errorsOf(error: unknown): FieldError[] {
  if (error instanceof Problem && error.errors) return error.errors;
  throw error;
}

export function missing(name: string): FieldError {
  return { pointer: pointerTo(name), code: 'required', detail: `${name} is missing.` };
}

function unknownField(pointer: string, name: string): FieldError {
  return { pointer, code: 'unknown_field', detail: `There is no field ${name} here.` };
}

/** The JSON pointer to a member of that name (RFC 6901 section 3). */
export function pointerTo(name: string, parent = ''): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** 400 validation_failed with the first of these entries. */
export function invalid(found: FieldError[]): Problem {
  const errors = found.slice(0, MAX_ERRORS);
  return new Problem('validation_failed', {
    errors,
    detail: errors.map((error) => error.detail).join(' '),
  });
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const pointer = pointerTo(error.property, parent);
  return [
    ...ownErrors(error, pointer),
    ...(error.children ?? []).flatMap((child) => fieldErrors(child, pointer)),
  ];
}

/** One entry for a field that is missing or of the wrong type: what else fails follows from that. */
function ownErrors(
  { constraints, property, value }: ValidationError,
  pointer: string,
): FieldError[] {
  if (!constraints) return [];
  if ('whitelistValidation' in constraints) return [unknownField(pointer, property)];
  if (value === undefined) {
    return [{ ...missing(property), pointer }];
  }
  const errors = Object.entries(constraints).map(([constraint, message]) => ({
    pointer,
    code:
      CONSTRAINT_CODES[constraint] ?? constraint.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
    detail: /[.!?]$/.test(message) ? message : `${message}.`,
  }));
  const wrongType = errors.find((error) => error.code === 'wrong_type');
  return wrongType ? [wrongType] : errors;
}

/** class-validator's names of constraints in the words of the API. */
const CONSTRAINT_CODES: Record<string, string> = {
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
  isAudience: 'invalid_audience',
  matches: 'invalid_format',
  min: 'too_small',
  max: 'too_large',
};
