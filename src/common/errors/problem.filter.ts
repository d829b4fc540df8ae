import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isBusy } from '../../database/gated-sqlite.js';
import type { RouteTable } from '../http/routes.js';
import { StrictJsonError } from '../http/strict-json.js';
import { challenges } from './challenges.js';
import { Problem, problemBody } from './problem.js';

/** Counts what is refused before any guard; gives the problem to answer with instead, if any. */
export interface RefusalCounter {
  count(request: FastifyRequest, reply: FastifyReply): Problem | undefined;
}

/** Turns everything that is thrown into an application/problem+json answer (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Problem');
  /** Undefined where limits are off. */
  refusals: RefusalCounter | undefined;

  constructor(
    private readonly publicUrl: string,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for what fails before Nest sees the request. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent) return;
    const refused = this.#isUnrouted(error) ? this.#unrouted(request) : toProblem(error);
    const problem = this.#overLimit(refused, request, reply) ?? refused;
    // What is shed is in the access log and the metrics; a stack each would be work for the overloaded.
    if (problem.statusCode >= 500 && problem.code !== 'overloaded')
      this.#log.error({ requestId: request.id, code: problem.code, err: rootOf(problem) });
    request.problemCode = problem.code;

    const authenticate = challenges(problem, request);
    if (authenticate.length > 0) void reply.header('www-authenticate', authenticate);
    if (problem.statusCode === 503) void reply.header('retry-after', '1');
    void reply
      .headers(problem.headers)
      .code(problem.statusCode)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problemBody(problem, this.publicUrl, request.id)));
  }

  /** A failure of ours is never counted against who asked. */
  #overLimit(
    { code, statusCode }: Problem,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Problem | undefined {
    if (statusCode >= 500 || code === 'rate_limited') return undefined;
    return this.refusals?.count(request, reply);
  }

  /** Nest's word for "no route"; a route's own is a Problem. */
  #isUnrouted(error: unknown): boolean {
    return (
      error instanceof HttpException && !(error instanceof Problem) && error.getStatus() === 404
    );
  }

  /** A path that is known with other methods is 405 with Allow; any other is 404. */
  #unrouted(request: FastifyRequest): Problem {
    const allowed = this.routes.methodsOf(request.url.split('?')[0]!);
    return allowed.length === 0
      ? new Problem('not_found')
      : new Problem('method_not_allowed', { headers: { allow: allowed.join(', ') } });
  }
}

/** Fastify's own refusals, by its error codes. */
const FASTIFY: Record<string, () => Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new Problem('payload_too_large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new Problem('unsupported_media_type'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Problem('malformed_json', { detail: 'The body is not as long as Content-Length says.' }),
  FST_ERR_BAD_URL: () => new Problem('not_found'),
  FST_ERR_MAX_PARAM_LENGTH: () => new Problem('not_found'),
};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StrictJsonError)
    return new Problem('malformed_json', { detail: error.message });
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && FASTIFY[code]) return FASTIFY[code]();
  if (cannotWrite(error)) return new Problem('database_busy', { cause: error });
  if (error instanceof HttpException) return fromNest(error);
  return new Problem('internal_error', { cause: error });
}

/** Nest's own exceptions: only those it throws by itself, such as for an unreadable path. */
function fromNest(error: HttpException): Problem {
  switch (error.getStatus()) {
    case 413:
      return new Problem('payload_too_large');
    case 415:
      return new Problem('unsupported_media_type');
    case 429:
      return new Problem('rate_limited');
    default:
      return error.getStatus() < 500
        ? new Problem('bad_request', { cause: error })
        : new Problem('internal_error', { cause: error });
  }
}

/** Busy for longer than we wait, no transaction to be had in time (Prisma P1008, P2028), disk full. */
function cannotWrite(error: unknown): boolean {
  const { code, message, cause } = (error ?? {}) as {
    code?: string;
    message?: string;
    cause?: { originalCode?: string };
  };
  return (
    isBusy(error) ||
    code === 'P1008' ||
    code === 'P2028' ||
    /SQLITE_(?:FULL|IOERR|READONLY)|disk is full|disk I\/O/i.test(
      `${code} ${message} ${cause?.originalCode}`,
    )
  );
}

function rootOf(problem: Problem): unknown {
  return problem.cause ?? problem;
}
