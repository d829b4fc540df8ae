import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { OlderLines } from './audit/older-lines.js';
import { assertFirstAdministrator } from './auth/setup/first-administrator.js';
import { Clock } from './clock.js';
import { AccessLog } from './common/http/access-log.js';
import { MAX_BODY, readBodies } from './common/http/bodies.js';
import { isUuid } from './common/crypto/uuid.js';
import { ProblemFilter } from './common/errors/problem.filter.js';
import { allowOrigin, corsOptions } from './common/http/cors.js';
import { EncryptedOnly } from './common/http/encrypted-only.js';
import { UnroutedLimit } from './common/http/limits/unrouted-limit.js';
import { LoadBounds } from './common/http/load-bounds.js';
import { malformedHttp, refuseUnparsed } from './common/http/malformed.js';
import { malformedQuery } from './common/http/query.js';
import {
  answerBegins,
  withRequestAtOnce,
  withRequestUntilAnswered,
} from './common/http/request-context.js';
import { RouteTable } from './common/http/routes.js';
import { securityHeaders } from './common/http/security-headers.js';
import { closeSlowReaders } from './common/http/slow-readers.js';
import { reloadTls, tlsOptions } from './common/http/tls.js';
import { TurnEndAdapter } from './common/http/turn-end.adapter.js';
import { warnOfUnreadProxy } from './common/http/unread-proxy.js';
import { validationPipe } from './common/http/validation.js';
import { NestLog } from './common/log.js';
import { Config } from './config/config.js';
import { loadMasterKey } from './config/master-key-file.js';
import { readTlsFiles } from './config/tls-files.js';
import { Database } from './database/database.js';
import { unlockDatabase } from './database/key-ring.js';
import { migrate } from './database/migrate.js';
import { OtherServers } from './database/other-servers.js';
import { Presence } from './database/presence.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { setUpOpenApi } from './openapi/openapi.js';

/** How long a client has to agree on TLS, in milliseconds; less than a stop may take. */
const HANDSHAKE = 5000;
/** How long a start waits for the servers that use the same file to take note, in milliseconds. */
const MAKE_ROOM = 30_000;

/**
 * Makes everything the server needs and wires it, up to but not including `listen`. main.ts and
 * the tests both start here.
 */
export async function createApp(
  config: Config,
  log: Logger,
  clock: Clock = new Clock(),
): Promise<NestFastifyApplication> {
  // At a first start nothing is written before everything the environment says can be used.
  if (!existsSync(config.databaseFile)) await assertFirstAdministrator(config);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const presence = await enter(config);
  try {
    return await assemble(config, log, clock, presence);
  } catch (error) {
    presence.leave();
    throw error;
  }
}

/** First of all: a restore may be about to put key and database in place. */
async function enter(config: Config): Promise<Presence> {
  const presence = await Presence.enter(config.databaseFile, MAKE_ROOM);
  if (presence) return presence;
  throw new Error(
    `A server that uses ${config.databaseFile}, or a restore of it, has not made room for ${MAKE_ROOM / 1000} s. End it, or name another DATA_DIR.`,
  );
}

async function assemble(
  config: Config,
  log: Logger,
  clock: Clock,
  presence: Presence,
): Promise<NestFastifyApplication> {
  loadMasterKey(config); // makes it, before there is a database
  const applied = migrate(config.databaseFile, join(config.dataDir, 'backups'));
  if (applied.length > 0) log.info({ applied }, 'database migrated');
  const { keys: masterKey, release } = unlockDatabase(config);
  release();

  const routes = new RouteTable();
  const edge: Edge = {
    headers: securityHeaders(config.publicUrl),
    filter: new ProblemFilter(config.publicUrl, routes),
    access: new AccessLog(log),
    encryptedOnly: new EncryptedOnly(config, log),
    bounds: new LoadBounds(),
  };
  const adapter = fastifyAdapter(config, edge);
  routes.watch(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, masterKey, clock),
    adapter,
    { logger: new NestLog(log), bodyParser: false, abortOnError: false },
  );
  await app.get(Database).open();
  app.get(OtherServers).watch(presence);
  await app.get(OlderLines).bind();
  edge.requests = app.get(RequestMetrics);
  if (config.rateLimits) edge.filter.refusals = app.get(UnroutedLimit);
  setUpHttp(app, config, edge, log);
  setUpOpenApi(app, config);
  return app;
}

/** What every answer needs, also the answer to what is no request for any route. */
interface Edge {
  headers: Record<string, string>;
  filter: ProblemFilter;
  access: AccessLog;
  encryptedOnly: EncryptedOnly;
  bounds: LoadBounds;
  /** Set once there is an application, before it listens. */
  requests?: RequestMetrics;
}

function fastifyAdapter(config: Config, edge: Edge): FastifyAdapter {
  const { headers, filter, bounds, encryptedOnly } = edge;
  const hops = config.trustProxy;
  // Slow clients: the head within 10 s, all of it within 30 s, looked at every 2 s.
  const limits = {
    headersTimeout: 10_000,
    connectionsCheckingInterval: 2000,
    maxHeaderSize: 16_384,
  };
  const adapter = new TurnEndAdapter({
    bodyLimit: MAX_BODY,
    logger: false,
    // A number makes Fastify trust nobody; this is the meaning other servers give it.
    trustProxy: typeof hops === 'number' ? (_address: string, hop: number) => hop < hops : hops,
    genReqId: (request: IncomingMessage) => {
      const sent = request.headers['x-request-id'];
      return isUuid(sent) ? sent : randomUUID();
    },
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    ...(config.tls
      ? {
          https: {
            ...limits,
            ...tlsOptions(readTlsFiles(config.tls)),
            handshakeTimeout: HANDSHAKE,
          },
        }
      : { http: limits }),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what came in on an open connection is answered as ever
    // Paths that cannot be decoded, or are longer than any of ours, reach no hook.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers(headers).header('x-request-id', request.id);
      allowOrigin(config.corsOrigins, request, reply);
      filter.answer(error, request, reply);
      answered(edge, request, reply);
    },
    clientErrorHandler: refuseUnparsed,
  });
  // The one hook that runs before Nest's own, which answers preflights.
  adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: Done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    const problem =
      bounds.refusal(request) ?? malformedHttp(request) ?? encryptedOnly.refusal(request);
    if (problem) allowOrigin(config.corsOrigins, request, reply);
    done(problem);
  });
  return adapter;
}

type Done = (error?: Error) => void;

function setUpHttp(app: NestFastifyApplication, config: Config, edge: Edge, log: Logger): void {
  const { filter, bounds } = edge;
  const fastify = app.getHttpAdapter().getInstance();

  fastify.decorateRequest('principal', undefined);
  fastify.decorateRequest('service', undefined);
  fastify.decorateRequest('refusal', undefined);
  fastify.decorateRequest('problemCode', undefined);
  fastify.decorateRequest('isWorkedOn', false);
  fastify.decorateRequest('answerBegins', undefined);
  fastify.decorateRequest('route', undefined);

  bounds.watch(app.getHttpServer());
  closeSlowReaders(app.getHttpServer());
  reloadTls(app.getHttpServer(), config, log);
  warnOfUnreadProxy(fastify, config, log);
  const others = app.get(OtherServers);
  // After the body has come, however slowly, and before anything that is kept is believed.
  fastify.addHook('preValidation', (request, _reply, done) => {
    try {
      others.noticeChanges();
    } catch (error) {
      return done(error as Error);
    }
    done(malformedQuery(request.query as object) ?? bounds.begin(request));
  });
  // Behind the hook above, as a route's own hooks are: from here on there is a request to ask for.
  fastify.addHook('onRoute', (route) => {
    const { url, method, config = {} } = route;
    const known = { url, method, config: { ...config } }; // GET's and HEAD's are one object
    const answer = config.atOnce ? withRequestAtOnce : withRequestUntilAnswered;
    const enter = (request: FastifyRequest, reply: FastifyReply, done: Done) => {
      request.route = known;
      answer(request, reply, done);
    };
    route.preValidation = [enter, ...[route.preValidation ?? []].flat()];
  });
  // Node joins a text to the head and encodes both, which takes it longer than all else it does for
  // an answer: 21 microseconds a request against 14.
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    bounds.end(request);
    answerBegins(request);
    done(null, typeof payload === 'string' ? Buffer.from(payload) : payload);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    answered(edge, request, reply);
    done();
  });

  readBodies(fastify);
  app.useGlobalFilters(filter);
  app.useGlobalPipes(validationPipe());
  if (config.corsOrigins.length > 0) app.enableCors(corsOptions(config.corsOrigins));
}

/** The line in the access log, and what is counted. */
function answered({ access, requests }: Edge, request: FastifyRequest, reply: FastifyReply): void {
  const route = request.is404 ? request.routeOptions : (request.route ?? request.routeOptions);
  const ms = reply.elapsedTime;
  requests?.answered(route, request.method, reply.statusCode, ms, request.problemCode);
  access.note(request, reply, route, ms);
}
