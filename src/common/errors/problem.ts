import { HttpException } from '@nestjs/common';
import { CODES, type Code } from './codes.js';

/** One thing wrong with one field. `pointer` is a JSON pointer (RFC 6901): `/email`. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

interface ProblemOptions {
  /** What is wrong this time, for the person who reads it. Never holds a secret or a path. */
  detail?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Further members of the answer (RFC 9457 section 3.2). */
  members?: Record<string, unknown>;
  /** Kept for the log, never sent. */
  cause?: unknown;
}

/** An error that is an answer: one of {@link CODES}, sent as application/problem+json. */
export class Problem extends HttpException {
  readonly detail: string;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;
  readonly members: Record<string, unknown>;

  constructor(
    readonly code: Code,
    options: ProblemOptions = {},
  ) {
    super(code, CODES[code].status, { cause: options.cause });
    this.detail = options.detail ?? CODES[code].cure;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }

  get statusCode(): number {
    return CODES[this.code].status;
  }
}

/** The body of a problem answer. `instance` is the request's id, which is a UUID. */
export function problemBody(
  problem: Problem,
  publicUrl: string,
  requestId: string,
): Record<string, unknown> {
  return {
    type: `${publicUrl}/docs/errors#${problem.code}`,
    title: CODES[problem.code].title,
    status: problem.statusCode,
    detail: problem.detail,
    instance: `urn:uuid:${requestId}`,
    code: problem.code,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...problem.members,
  };
}
