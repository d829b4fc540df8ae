import type { INestApplication, Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { DECORATORS, type OpenAPIObject } from '@nestjs/swagger';
import { ACCESS_DECISION, type AccessDecision } from '../common/access/access-decision.js';
import { isOpenDuringEnrolment } from '../common/access/access.decorators.js';
import type { Code } from '../common/errors/codes.js';
import { problemsOf } from './api-problems.decorator.js';
import { problemResponses } from './problems.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Exclude<Operation['responses'][string], undefined>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };

/** Ways to sign in, which all closed routes take alike. */
const SIGNED_IN: Record<string, string[]>[] = [{ Bearer: [] }, { Basic: [] }, { ApiKey: [] }];

/** Operations that are named by nobody get a name that says so, and stop the generation. */
export const UNNAMED = 'unnamed:';

/**
 * Completes each operation with what follows from its route: who may call it, the problems all
 * routes of its kind answer with, and the headers every answer has.
 *
 * @throws Error naming each operation without an id, a summary, a description or a known tag
 */
export function completeOperations(document: OpenAPIObject, app: INestApplication): void {
  const handlers = handlersByOperationId(app);
  const tags = new Set(document.tags?.map((tag) => tag.name));
  const faults: string[] = [];

  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const handler = handlers.get(operation.operationId ?? '');
      const fault =
        faultOf(operation, tags) ?? (handler ? undefined : 'has an id that is not unique');
      if (fault !== undefined) faults.push(`${method.toUpperCase()} ${path} ${fault}.`);
      else complete(operation, handler!, method, path);
    }
  }
  if (faults.length > 0)
    throw new Error(`The OpenAPI document is not complete:\n${faults.join('\n')}`);
}

function faultOf(operation: Operation, tags: Set<string>): string | undefined {
  if (operation.operationId === undefined || operation.operationId.startsWith(UNNAMED)) {
    return 'has no operationId: add @ApiOperation({ operationId, summary })';
  }
  if (!operation.summary) return 'has no summary';
  if (!operation.description) return 'has no description: write a comment above its handler';
  if (!operation.tags?.length || !operation.tags.every((tag) => tags.has(tag))) {
    return 'has no tag, or one that src/openapi/description.ts does not describe';
  }
  return undefined;
}

interface Handler {
  access: AccessDecision;
  duringEnrolment: boolean;
  problems: readonly Code[];
}

/** An id two handlers share leads to nothing. */
function handlersByOperationId(app: INestApplication): Map<string, Handler | undefined> {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  const found = new Map<string, Handler | undefined>();
  for (const { instance, metatype } of app.get(DiscoveryService).getControllers()) {
    if (!instance || !metatype) continue;
    const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const method = prototype[name]!;
      const operation = Reflect.getMetadata(DECORATORS.API_OPERATION, method) as
        { operationId?: string } | undefined;
      if (operation?.operationId === undefined) continue;
      const handler = {
        access: reflector.getAllAndOverride<AccessDecision>(ACCESS_DECISION, [method, metatype]),
        duringEnrolment: isOpenDuringEnrolment(reflector, method, metatype as Type),
        problems: problemsOf(method),
      };
      found.set(operation.operationId, found.has(operation.operationId) ? undefined : handler);
    }
  }
  return found;
}

function complete(operation: Operation, handler: Handler, method: string, path: string): void {
  const { access } = handler;
  const accepted = operation.security ?? []; // what decorators say beside the decision
  if (access.kind === 'signed-in') operation.security = [...SIGNED_IN];
  else if (access.kind === 'optional') operation.security = [{}, ...SIGNED_IN];
  else if (access.kind === 'service') operation.security = [{ Service: [] }];
  else operation.security = accepted.length > 0 ? [{}, ...accepted] : [];

  if (access.kind === 'signed-in' && access.permissions.length > 0) {
    operation.description += `\n\nNeeds the permission ${list(access.permissions, 'and')}.`;
  }
  if (access.kind === 'signed-in' && access.roles.length > 0) {
    operation.description += `\n\nNeeds the role ${list(access.roles, 'or')}.`;
  }

  // "If in is header and the name is Authorization, the parameter definition SHALL be ignored"
  // (OpenAPI 3.1): `security` says it.
  operation.parameters = operation.parameters?.filter(
    (parameter) =>
      !('in' in parameter && parameter.in === 'header' && isAuthorization(parameter.name)),
  );

  for (const parameter of operation.parameters ?? []) {
    if ('in' in parameter && parameter.in === 'path' && /^(?:id|keyId)$/.test(parameter.name)) {
      parameter.schema = { type: 'string', format: 'uuid' };
    }
  }

  for (const [status, response] of Object.entries(operation.responses)) {
    describe(status, response as Response);
  }
  const codes = [...handler.problems, ...impliedProblems(handler, method, path)];
  Object.assign(operation.responses, problemResponses(codes));
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}

/** What a route may answer because of what it is, whatever it does. */
function impliedProblems(
  { access, duringEnrolment }: Handler,
  method: string,
  path: string,
): Code[] {
  const codes: Code[] = ['bad_request', 'validation_failed', 'rate_limited'];
  codes.push('internal_error', 'overloaded', 'database_busy');
  if (method !== 'get') {
    codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type');
  }
  if (path.includes('{')) codes.push('not_found');
  if (access.kind === 'signed-in' && access.permissions.length > 0)
    codes.push('permission_required');
  if (access.kind === 'signed-in' && !duringEnrolment) codes.push('mfa_enrolment_required');
  if (access.kind === 'signed-in' && access.roles.length > 0) codes.push('role_required');
  return codes;
}

/** The description and headers of an answer that is no problem. */
function describe(status: string, response: Response): void {
  if ('$ref' in response) return;
  response.description ||= DESCRIPTIONS[status] ?? 'Done.';
  response.headers = {
    ...REQUEST_ID,
    ...(status === '201' ? { Location: { $ref: '#/components/headers/Location' } } : {}),
    ...response.headers,
  };
}

const DESCRIPTIONS: Record<string, string> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Accepted. The answer says nothing about whether the address is known.',
  204: 'Done; there is nothing to say.',
};

function list(names: readonly string[], word: string): string {
  return names.map((name) => `\`${name}\``).join(` ${word} `);
}
