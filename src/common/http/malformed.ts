import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';

/** What Node lets through and RFC 9112 sections 3.2 and 3.2.2 do not, or have no use for here. */
export function malformedHttp(request: FastifyRequest): Problem | undefined {
  if (!request.raw.url?.startsWith('/')) {
    return new Problem('bad_request', { detail: 'The request target must be a path.' });
  }
  const { authorization, 'x-api-key': apiKey } = request.headers;
  if (authorization !== undefined && apiKey !== undefined) {
    return new Problem('bad_request', {
      detail: 'Send one credential: either Authorization or X-API-Key.',
    });
  }
  const twice = SINGLE_HEADERS.find((name) => standsTwice(request.raw.rawHeaders, name));
  if (twice === undefined) return undefined;
  return new Problem('bad_request', { detail: `There is more than one ${twice} header.` });
}

/** Of most of these Node takes the first; whoever stands in front may take the last. */
const SINGLE_HEADERS = ['Host', 'Authorization', 'Content-Type', 'X-API-Key'];

function standsTwice(rawHeaders: readonly string[], name: string): boolean {
  let found = false;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.length !== name.length) continue;
    if (rawHeaders[i]!.toLowerCase() !== name.toLowerCase()) continue;
    if (found) return true;
    found = true;
  }
  return false;
}

/** What is not even HTTP, comes too slowly or has too long a head gets a bare status. */
export function refuseUnparsed(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable) {
    const status = UNPARSED[error.code ?? ''] ?? '400 Bad Request';
    socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  }
  socket.destroy();
}

const UNPARSED: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
