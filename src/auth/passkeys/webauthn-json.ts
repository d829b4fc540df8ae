import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/**
 * What a browser's `PublicKeyCredential.toJSON()` gives (WebAuthn Level 3 section 5.1), as far as it
 * is looked at. Every text is base64url. Browsers add members as the standard grows, so those that
 * are not named here are let through and not looked at.
 */
interface PublicKeyCredentialJson<Response> {
  /** Credential id; `rawId` is the same. */
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: Response;
}

/** Of a passkey that was made. */
export type RegistrationResponse = PublicKeyCredentialJson<{
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports?: readonly string[];
}>;

/** Of a passkey that was used. */
export type AuthenticationResponse = PublicKeyCredentialJson<{
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** Which account it was made for; a browser leaves it out, or sends null, when it was told. */
  readonly userHandle?: string | null;
}>;

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const TRANSPORT = /^[a-z-]{1,20}$/;
const MOST_TRANSPORTS = 10;

/** Most characters of each member. A credential id has at most 1023 bytes (section 4). */
const LONGEST = {
  id: 1364,
  clientDataJSON: 8192,
  attestationObject: 49_152,
  authenticatorData: 8192,
  signature: 2048,
  userHandle: 86,
} as const;

/** The answer of `navigator.credentials.create()`. */
export function RegistrationResponseField() {
  return credentialField('isRegistrationResponse', isRegistration, {
    clientDataJSON: text('clientDataJSON'),
    attestationObject: text('attestationObject'),
    transports: { type: 'array', items: { type: 'string' }, maxItems: MOST_TRANSPORTS },
  });
}

/** The answer of `navigator.credentials.get()`. */
export function AuthenticationResponseField() {
  return credentialField('isAuthenticationResponse', isAuthentication, {
    clientDataJSON: text('clientDataJSON'),
    authenticatorData: text('authenticatorData'),
    signature: text('signature'),
    userHandle: { ...text('userHandle'), nullable: true },
  });
}

function isRegistration(value: unknown): boolean {
  if (!isCredential(value)) return false;
  const { clientDataJSON, attestationObject, transports } = value.response;
  return (
    isText('clientDataJSON', clientDataJSON) &&
    isText('attestationObject', attestationObject) &&
    (transports === undefined || isTransports(transports))
  );
}

function isAuthentication(value: unknown): boolean {
  if (!isCredential(value)) return false;
  const { clientDataJSON, authenticatorData, signature, userHandle } = value.response;
  return (
    isText('clientDataJSON', clientDataJSON) &&
    isText('authenticatorData', authenticatorData) &&
    isText('signature', signature) &&
    (userHandle === undefined || userHandle === null || isText('userHandle', userHandle))
  );
}

function isCredential(value: unknown): value is { response: Record<string, unknown> } {
  if (!isObject(value)) return false;
  const { id, rawId, type, response } = value;
  return isText('id', id) && rawId === id && type === 'public-key' && isObject(response);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(member: keyof typeof LONGEST, value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST[member] && BASE64URL.test(value);
}

function isTransports(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= MOST_TRANSPORTS &&
    value.every((transport) => typeof transport === 'string' && TRANSPORT.test(transport))
  );
}

type Schemas = NonNullable<Extract<ApiPropertyOptions, { type: 'object' }>['properties']>;

function credentialField(
  name: string,
  validate: (value: unknown) => boolean,
  properties: Schemas,
): PropertyDecorator {
  const optional = ['transports', 'userHandle'];
  return applyDecorators(
    ApiProperty({
      type: 'object',
      additionalProperties: true,
      properties: {
        id: text('id'),
        rawId: text('id'),
        type: { type: 'string', enum: ['public-key'] },
        response: {
          type: 'object',
          additionalProperties: true,
          required: Object.keys(properties).filter((member) => !optional.includes(member)),
          properties,
        },
      },
      selfRequired: true,
      required: ['id', 'rawId', 'type', 'response'],
    } as ApiPropertyOptions),
    ValidateBy({
      name,
      validator: {
        validate,
        defaultMessage: (args) =>
          `${args?.property} must be what PublicKeyCredential.toJSON() gave.`,
      },
    }),
  );
}

function text(member: keyof typeof LONGEST) {
  return { type: 'string' as const, maxLength: LONGEST[member], pattern: BASE64URL.source };
}
