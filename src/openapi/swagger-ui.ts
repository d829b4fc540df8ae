import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ICON } from '../common/http/page.js';

/**
 * Only files from here, and requests only to here. Swagger UI puts style attributes into what it
 * renders from Markdown.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="${ICON}">
<title>Latchkey API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js" type="module"></script>
</body>
</html>
`;

const START = `\
const answer = await fetch('/openapi.json');
const api = await answer.json();
delete api.servers; // "Execute" asks the server this page came from, whatever it was opened as
window.ui = SwaggerUIBundle({
  spec: api,
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  validatorUrl: null, // it would send the document to somebody else's server
});
`;

/** Where routes beside Nest's are put. */
export interface Routes {
  get(
    path: string,
    handler: (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>,
  ): void;
}

/**
 * Swagger UI at GET /docs. Its files come with @nestjs/swagger and are read when they are first
 * asked for, so that they cost nothing at the start; the rest of their package is not served.
 */
export function serveSwaggerUi(server: Routes): void {
  for (const path of ['/docs', '/docs/']) {
    server.get(path, (_: FastifyRequest, reply: FastifyReply) => {
      void reply
        .header('content-security-policy', POLICY)
        .type('text/html; charset=utf-8')
        .send(PAGE);
    });
  }
  server.get('/docs/start.js', (_: FastifyRequest, reply: FastifyReply) => {
    void asset(reply, 'text/javascript; charset=utf-8').send(START);
  });
  for (const [name, type] of [
    ['swagger-ui.css', 'text/css; charset=utf-8'],
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ] as const) {
    let content: Buffer | undefined;
    server.get(`/docs/${name}`, async (_: FastifyRequest, reply: FastifyReply) => {
      content ??= await readFile(join(packageFolder(), name));
      await asset(reply, type).send(content);
    });
  }
}

/** Nothing personal, and changed only by an update. */
function asset(reply: FastifyReply, type: string): FastifyReply {
  return reply.header('cache-control', 'public, max-age=3600').type(type);
}

function packageFolder(): string {
  const swagger = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return dirname(createRequire(swagger).resolve('swagger-ui-dist/package.json'));
}
