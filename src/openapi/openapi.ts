import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../common/http/page.js';
import type { Config } from '../config/config.js';
import { createOpenApiDocument } from './document.js';
import { errorCodesPage } from './error-codes.page.js';

/** Swagger UI writes style attributes; everything else it needs are files of its own, from here. */
const UI_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The files of Swagger UI change only with its version. */
const UI_FILE = /^\/docs\/[\w.-]+\.(?:css|js|png)$/;
const UI_FILE_WITH_DOCUMENT = '/docs/swagger-ui-init.js';

/**
 * GET /openapi.json, Swagger UI at GET /docs, and the error codes at GET /docs/errors. The
 * document is made at its first request: it costs nothing at the start.
 */
export function setUpOpenApi(app: NestFastifyApplication, config: Config): void {
  const adapter = app.getHttpAdapter();
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?')[0]!;
    if (path === '/docs' || path.startsWith('/docs/')) {
      void reply.header('content-security-policy', UI_POLICY);
    }
    done();
  });
  adapter.getInstance().addHook('onSend', (request, reply, _payload, done) => {
    const path = request.url.split('?')[0]!;
    if (reply.statusCode === 200 && UI_FILE.test(path) && path !== UI_FILE_WITH_DOCUMENT) {
      void reply.header('cache-control', 'public, max-age=3600');
    }
    done();
  });

  adapter.get('/docs/errors', (_request: FastifyRequest, reply: FastifyReply) =>
    sendPage(reply, errorCodesPage()),
  );

  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= createOpenApiDocument(app, config)), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Latchkey API',
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      docExpansion: 'list',
      // It would send the document to a public service.
      validatorUrl: null,
    },
    patchDocumentOnRequest: (request, _reply, whole) =>
      // Wherever the page was opened from, "Try it out" asks the server it came from.
      (request as FastifyRequest).url.startsWith(UI_FILE_WITH_DOCUMENT)
        ? { ...whole, servers: [{ url: '/' }] }
        : whole,
  });
}
