import type { FastifyContextConfig, FastifyInstance, RouteOptions } from 'fastify';

/** What never changes about a route: of `request.routeOptions`, which Fastify makes anew each time. */
export interface Route {
  readonly url?: string | undefined;
  readonly method?: string | string[] | undefined;
  /** The same object at each request. */
  readonly config: FastifyContextConfig;
}

/**
 * Remembers every route as it is registered, so that a request for a known path with another
 * method can be answered 405 with `Allow` (RFC 9110 section 15.5.6) instead of 404.
 */
export class RouteTable {
  readonly #routes: { pattern: RegExp; methods: Set<string> }[] = [];

  /** Before the first route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route: RouteOptions) => this.#add(route));
  }

  /** Methods the path takes, sorted; empty when there is no such path. */
  methodsOf(path: string): string[] {
    const methods = new Set<string>();
    for (const route of this.#routes) {
      if (route.pattern.test(path)) for (const method of route.methods) methods.add(method);
    }
    return [...methods].sort();
  }

  #add(route: RouteOptions): void {
    if (route.url === '*' || route.url === '/*') return;
    const source = route.url
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replaceAll(/[^\w-]/g, '\\$&'),
      )
      .join('/');
    const methods = new Set([route.method].flat());
    if (methods.has('GET')) methods.add('HEAD');
    this.#routes.push({ pattern: new RegExp(`^${source}$`), methods });
  }
}
