import type { CallingService, Principal } from '../access/principal.js';
import type { Problem } from '../errors/problem.js';
import type { Route } from './routes.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who the request speaks for; set by the authentication guard. */
    principal?: Principal;
    /** The registered service that calls; set by the authentication guard on @ForServices routes. */
    service?: CallingService;
    /** Why a sign-in sent to an optionally signed-in route was refused. */
    refusal?: Problem;
    /** Code of the problem that was answered, for the access log. */
    problemCode?: string;
    /** Counted among the requests that are worked on. */
    isWorkedOn: boolean;
    /** Undefined when the request was refused before it met a route. */
    route?: Route;
    /** See request-context.ts. */
    answerBegins?: () => void;
  }

  interface FastifyContextConfig {
    /** Asked again and again by an open page: its access lines are of level debug. */
    quiet?: boolean;
    /** Answers without waiting, as a rule, and then does not ask for its request behind its guards. */
    atOnce?: boolean;
    /** Takes application/x-www-form-urlencoded, and nothing else. */
    form?: boolean;
  }
}
