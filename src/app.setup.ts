import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { Clock } from './clock.js';
import { isUuid } from './common/crypto/uuid.js';
import { Problem } from './common/errors/problem.js';
import { ProblemFilter } from './common/errors/problem.filter.js';
import { withRequest } from './common/http/request-context.js';
import { RouteTable } from './common/http/routes.js';
import { securityHeaders } from './common/http/security-headers.js';
import { parseStrictJson } from './common/http/strict-json.js';
import { invalid, validationPipe } from './common/http/validation.js';
import { NestLog } from './common/log.js';
import { Config } from './config/config.js';
import { loadMasterKey } from './config/master-key-file.js';
import { Database } from './database/database.js';
import { migrate } from './database/migrate.js';
import { setUpOpenApi } from './openapi/openapi.js';

const MAX_BODY = 64 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Makes everything the server needs and wires it, up to but not including `listen`. main.ts and
 * the tests both start here.
 */
export async function createApp(
  config: Config,
  log: Logger,
  clock: Clock = new Clock(),
): Promise<NestFastifyApplication> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const masterKey = loadMasterKey(config);
  const applied = migrate(config.databaseFile, join(config.dataDir, 'backups'));
  if (applied.length > 0) log.info({ applied }, 'database migrated');

  const adapter = fastifyAdapter(config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, masterKey, clock),
    adapter,
    { logger: new NestLog(log), bodyParser: false, abortOnError: false },
  );
  await app.get(Database).open();
  setUpHttp(app, config, log);
  setUpOpenApi(app, config);
  return app;
}

function fastifyAdapter(config: Config): FastifyAdapter {
  const hops = config.trustProxy;
  return new FastifyAdapter({
    bodyLimit: MAX_BODY,
    logger: false,
    // A number makes Fastify trust nobody; this is the meaning other servers give it.
    trustProxy: typeof hops === 'number' ? (_address: string, hop: number) => hop < hops : hops,
    genReqId: (request: IncomingMessage) => {
      const sent = request.headers['x-request-id'];
      return isUuid(sent) ? sent : randomUUID();
    },
    // Slow clients: the head within 10 s, all of it within 30 s, looked at every 2 s.
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2000, maxHeaderSize: 16_384 },
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
}

function setUpHttp(app: NestFastifyApplication, config: Config, log: Logger): void {
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new RouteTable(fastify);
  const filter = new ProblemFilter(config.publicUrl, routes);
  const headers = securityHeaders(config.publicUrl);

  fastify.decorateRequest('principal', undefined);
  fastify.decorateRequest('refusal', undefined);
  fastify.decorateRequest('problemCode', undefined);

  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    const problem = malformedHttp(request);
    if (problem) done(problem);
    else withRequest(request, done);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const twice = Object.entries(request.query as object).find(([, value]) => Array.isArray(value));
    if (!twice) return done();
    done(
      invalid([
        { pointer: `/${twice[0]}`, code: 'duplicate', detail: `${twice[0]} stands in the query twice.` },
      ]),
    );
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    accessLine(log, request, reply);
    done();
  });

  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY },
    (request, body: Buffer, done) => {
      try {
        done(null, parseBody(request, body));
      } catch (error) {
        done(error as Error);
      }
    },
  );

  app.useGlobalFilters(filter);
  app.useGlobalPipes(validationPipe());
  if (config.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...config.corsOrigins],
      methods: METHODS,
      allowedHeaders: ['authorization', 'content-type', 'x-request-id', 'x-requested-with'],
      exposedHeaders: [
        'link', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after', 'www-authenticate', 'x-request-id',
      ],
      credentials: true,
      maxAge: 600,
      strictPreflight: false,
    });
  }
}

/** What Node lets through and RFC 9112 sections 3.2 and 3.2.2 do not, or have no use for here. */
function malformedHttp(request: FastifyRequest): Problem | undefined {
  if (!request.raw.url?.startsWith('/')) {
    return new Problem('bad_request', { detail: 'The request target must be a path.' });
  }
  let hosts = 0;
  let authorizations = 0;
  for (let i = 0; i < request.raw.rawHeaders.length; i += 2) {
    const name = request.raw.rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations++;
  }
  if (hosts > 1) return new Problem('bad_request', { detail: 'There is more than one Host header.' });
  if (authorizations > 1) {
    return new Problem('bad_request', { detail: 'There is more than one Authorization header.' });
  }
  return undefined;
}

function parseBody(request: FastifyRequest, body: Buffer): unknown {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw new Problem('unsupported_media_type');
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new Problem('unsupported_media_type');
  if (body.length === 0) return undefined;
  const value = parseStrictJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid([{ pointer: '', code: 'wrong_type', detail: 'The body must be a JSON object.' }]);
  }
  return value;
}

function accessLine(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  log[request.routeOptions.config.quiet ? 'debug' : 'info']({
    requestId: request.id,
    method: request.method,
    // The pattern, not the path: ids and whatever else a stranger puts there stay out of the log.
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    ip: request.ip,
    ...(request.principal ? { userId: request.principal.userId, scheme: request.principal.scheme } : {}),
    ...(request.problemCode ? { code: request.problemCode } : {}),
  });
}
