import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';
import { parseForm } from './form.js';
import { parseStrictJson } from './strict-json.js';
import { invalid } from './validation.js';

/** The largest body that is taken, in bytes. */
export const MAX_BODY = 64 * 1024;

/**
 * Takes JSON objects, and forms on the routes that say so (`form` in the route's config); any other
 * body is refused with unsupported_media_type.
 */
export function readBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers(); // Fastify would also take text/plain
  takeAs(fastify, 'application/json', 'json', parseObject);
  takeAs(fastify, 'application/x-www-form-urlencoded', 'form', parseForm);
}

function takeAs(
  fastify: FastifyInstance,
  type: string,
  kind: 'json' | 'form',
  parse: (body: Buffer) => unknown,
): void {
  const options = { parseAs: 'buffer', bodyLimit: MAX_BODY } as const;
  fastify.addContentTypeParser(type, options, (request, body: Buffer, done) => {
    try {
      mustBeTakenAs(kind, request);
      done(null, parse(body));
    } catch (error) {
      done(error as Error);
    }
  });
}

function parseObject(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const value = parseStrictJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid([{ pointer: '', code: 'wrong_type', detail: 'The body must be a JSON object.' }]);
  }
  return value;
}

/** In UTF-8, without content encoding, at a route that takes bodies of this kind. */
function mustBeTakenAs(kind: 'json' | 'form', request: FastifyRequest): void {
  if ((kind === 'form') !== (request.routeOptions.config.form === true))
    throw new Problem('unsupported_media_type');
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(
    request.headers['content-type'] ?? '',
  )?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw new Problem('unsupported_media_type');
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new Problem('unsupported_media_type');
}
