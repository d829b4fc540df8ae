import type { OpenAPIObject } from '@nestjs/swagger';
import { type Code, CODES } from '../common/errors/codes.js';

type Components = NonNullable<OpenAPIObject['components']>;
type Responses = NonNullable<Components['responses']>;

const MEDIA_TYPE = 'application/problem+json';

/** Headers of problems beside X-Request-Id, by status. */
const HEADERS: Record<number, readonly string[]> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
};

/** Responses that many operations share, by name in the document. */
const SHARED: Record<string, Code[]> = {
  BadRequest: ['bad_request', 'validation_failed'],
  BadRequestBody: ['bad_request', 'malformed_json', 'validation_failed'],
  NotSignedIn: [
    'invalid_credentials',
    'token_expired',
    'token_malformed',
    'token_missing',
    'token_revoked',
    'token_signature_invalid',
    'token_wrong_audience',
  ],
  MayNotSignIn: ['account_disabled', 'email_not_verified', 'network_not_allowed'],
  MayNot: ['account_disabled', 'email_not_verified', 'network_not_allowed', 'permission_required'],
  NotFound: ['not_found'],
  Conflict: ['conflict'],
  PayloadTooLarge: ['payload_too_large'],
  UnsupportedMediaType: ['unsupported_media_type'],
  PasswordRejected: ['password_rejected'],
  RateLimited: ['rate_limited'],
  InternalError: ['internal_error'],
  Unavailable: ['database_busy', 'overloaded'],
};

const SHARED_BY_CODES = new Map(
  Object.entries(SHARED).map(([name, codes]) => [codes.join(), name]),
);

/** One response for each status the codes have, with an example for each code. */
export function problemResponses(codes: Iterable<Code>): Responses {
  const byStatus = new Map<number, Code[]>();
  for (const code of [...new Set(codes)].sort()) {
    const { status } = CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, sameStatus]) => {
      const shared = SHARED_BY_CODES.get(sameStatus.join());
      return [
        status,
        shared ? { $ref: `#/components/responses/${shared}` } : problemResponse(sameStatus),
      ];
    }),
  );
}

function problemResponse(codes: Code[]) {
  const { status } = CODES[codes[0]!];
  return {
    description: codes.map((code) => `\`${code}\`: ${CODES[code].title}`).join('\n\n'),
    headers: Object.fromEntries(
      ['X-Request-Id', ...(HEADERS[status] ?? [])].map((name) => [
        name,
        { $ref: `#/components/headers/${name}` },
      ]),
    ),
    content: {
      [MEDIA_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}

/** What {@link problemResponses} refers to. */
export function problemComponents(publicUrl: string): Components {
  return {
    schemas: { Problem: PROBLEM, FieldError: FIELD_ERROR },
    responses: Object.fromEntries(
      Object.entries(SHARED).map(([name, codes]) => [name, problemResponse(codes)]),
    ),
    examples: Object.fromEntries(
      (Object.keys(CODES) as Code[]).map((code) => [
        code,
        { summary: CODES[code].title, value: exampleOf(code, publicUrl) },
      ]),
    ),
    headers: {
      'X-Request-Id': header(
        'Id of this request, also in the log. A UUID that was sent in this header is kept.',
        '019a7f3e-0000-4000-8000-000000000000',
      ),
      Location: header('Path of what was made.', '/users/019a7f3e-0000-7000-8000-000000000000'),
      'WWW-Authenticate': header(
        'How to sign in (RFC 9110 section 11.6.1): Bearer, and Basic unless a script in a browser asks.',
        'Bearer realm="latchkey"',
      ),
      'Retry-After': {
        description: 'Seconds to wait before trying again.',
        schema: { type: 'integer', minimum: 1 },
        example: 30,
      },
      RateLimit: header('What is left of the limit, and seconds until it is whole again.'),
      'RateLimit-Policy': header('The limit: how many in how many seconds.'),
    },
  };
}

/**
 * Takes out the components nothing refers to: codes of routes that are not there (the mailbox, in
 * production), for one.
 */
export function withoutUnused(document: OpenAPIObject): void {
  for (const kind of ['responses', 'examples', 'headers', 'schemas'] as const) {
    const named = document.components?.[kind] ?? {};
    const text = JSON.stringify(document);
    for (const name of Object.keys(named)) {
      if (!text.includes(`"#/components/${kind}/${name}"`)) delete named[name];
    }
  }
}

function header(description: string, example?: string) {
  return { description, schema: { type: 'string' }, ...(example ? { example } : {}) };
}

const FIELD_ERROR = {
  type: 'object',
  description: 'One thing wrong with one field.',
  additionalProperties: false,
  required: ['pointer', 'code', 'detail'],
  properties: {
    pointer: {
      type: 'string',
      description:
        'The field of the body, or the parameter of the query, as a JSON pointer (RFC 6901); empty for the whole.',
      example: '/email',
    },
    code: { type: 'string', description: 'For programs; stable.', example: 'invalid_email' },
    detail: {
      type: 'string',
      description: 'For people.',
      example: 'email must be an e-mail address.',
    },
  },
};

const PROBLEM = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Where the code is explained.' },
    title: { type: 'string', description: 'What the code means; always the same.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What is wrong this time, for people.' },
    instance: {
      type: 'string',
      format: 'uri',
      description: '`urn:uuid:` and the id of the request.',
    },
    code: {
      type: 'string',
      description: 'For programs. Codes are never renamed; new ones are added.',
      enum: Object.keys(CODES).sort(),
    },
    errors: {
      type: 'array',
      description: 'One entry for each fault; with `validation_failed` and `password_rejected`.',
      items: { $ref: '#/components/schemas/FieldError' },
    },
    mfa_token: {
      type: 'string',
      description:
        'With `mfa_required` at a sign-in: what the second factor is sent with. Worthless anywhere else.',
      example: 'lk_mfa_…',
    },
    methods: {
      type: 'array',
      description: 'With `mfa_token`: what it can be answered by.',
      items: { type: 'string', enum: ['totp', 'passkey', 'recovery_code'] },
      example: ['totp', 'recovery_code'],
    },
    expires_in: {
      type: 'integer',
      description: 'With `mfa_token`: seconds until it expires.',
      example: 300,
    },
  },
};

function exampleOf(code: Code, publicUrl: string) {
  const errors = EXAMPLE_ERRORS[code];
  return {
    type: `${publicUrl}/docs/errors#${code}`,
    title: CODES[code].title,
    status: CODES[code].status,
    detail: errors?.[0]?.detail ?? CODES[code].cure,
    instance: 'urn:uuid:019a7f3e-0000-4000-8000-000000000000',
    code,
    ...(errors ? { errors } : {}),
    ...EXAMPLE_MEMBERS[code],
  };
}

const EXAMPLE_MEMBERS: Partial<Record<Code, Record<string, unknown>>> = {
  mfa_required: { mfa_token: 'lk_mfa_…', methods: ['totp', 'recovery_code'], expires_in: 300 },
};

const EXAMPLE_ERRORS: Partial<Record<Code, { pointer: string; code: string; detail: string }[]>> = {
  validation_failed: [
    { pointer: '/email', code: 'invalid_email', detail: 'email must be an e-mail address.' },
  ],
  password_rejected: [
    { pointer: '/password', code: 'too_short', detail: 'Use at least 8 characters.' },
  ],
};
