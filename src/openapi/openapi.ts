import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UnroutedLimit } from '../common/http/limits/unrouted-limit.js';
import type { Config } from '../config/config.js';
import { createOpenApiDocument } from './document.js';
import { type Routes, serveSwaggerUi } from './swagger-ui.js';

/**
 * GET /openapi.json, and Swagger UI at GET /docs. The document is made at its first request: it
 * costs nothing at the start.
 */
export function setUpOpenApi(app: NestFastifyApplication, config: Config): void {
  const server = limited(app, config);
  let document: Buffer | undefined; // one for all answers, which else hold a copy each
  server.get('/openapi.json', (_: FastifyRequest, reply: FastifyReply) => {
    document ??= Buffer.from(JSON.stringify(createOpenApiDocument(app, config)));
    void reply.type('application/json; charset=utf-8').send(document);
  });
  serveSwaggerUi(server);
}

/** Routes beside Nest's, which its guards do not see: the general limit counts them, too. */
function limited(app: NestFastifyApplication, config: Config): Routes {
  const server = app.getHttpAdapter();
  if (!config.rateLimits) return server;
  const limit = app.get(UnroutedLimit);
  return {
    get: (path, handler) => {
      server.get(path, (request: FastifyRequest, reply: FastifyReply) => {
        const refused = limit.count(request, reply);
        if (refused) throw refused;
        return handler(request, reply);
      });
    },
  };
}
