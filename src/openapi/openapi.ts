import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import { createOpenApiDocument } from './document.js';
import { serveSwaggerUi } from './swagger-ui.js';

/**
 * GET /openapi.json, and Swagger UI at GET /docs. The document is made at its first request: it
 * costs nothing at the start.
 */
export function setUpOpenApi(app: NestFastifyApplication, config: Config): void {
  const server = app.getHttpAdapter();
  let document: Buffer | undefined; // one for all answers, which else hold a copy each
  server.get('/openapi.json', (_: FastifyRequest, reply: FastifyReply) => {
    document ??= Buffer.from(JSON.stringify(createOpenApiDocument(app, config)));
    void reply.type('application/json; charset=utf-8').send(document);
  });
  serveSwaggerUi(server);
}
