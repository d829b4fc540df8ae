import type { FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';

const BEARER = 'Bearer realm="latchkey"';
const BASIC = 'Basic realm="latchkey", charset="UTF-8"'; // RFC 7617 section 2.1

/**
 * The values of `WWW-Authenticate` for an answer (RFC 9110 section 11.6.1), none when it needs
 * none. Descriptions are fixed text: what a client sent must never reach a header.
 */
export function challenges(problem: Problem, request: FastifyRequest): string[] {
  if (problem.statusCode === 403) {
    // RFC 6750 section 3.1
    if (problem.code === 'permission_required' || problem.code === 'role_required') {
      return [`${BEARER}, error="insufficient_scope", error_description="${problem.code}"`];
    }
    return [];
  }
  if (problem.statusCode !== 401) return [];
  const bearer = sentBearer(request)
    ? `${BEARER}, error="invalid_token", error_description="${problem.code}"`
    : BEARER;
  return isBrowserScript(request) ? [bearer] : [bearer, BASIC];
}

function sentBearer(request: FastifyRequest): boolean {
  return /^bearer(?: |$)/i.test(request.headers.authorization ?? '');
}

/** A Basic challenge to a script would open the browser's password box. */
function isBrowserScript(request: FastifyRequest): boolean {
  const mode = request.headers['sec-fetch-mode'];
  return mode !== undefined && mode !== 'navigate';
}
