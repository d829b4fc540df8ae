import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';

const requests = new AsyncLocalStorage<FastifyRequest>();

/** Everything `work` starts can ask for the request it belongs to. */
export function withRequest(request: FastifyRequest, work: () => void): void {
  requests.run(request, work);
}

/** The request being answered; undefined in background work and in the command-line tools. */
export function currentRequest(): FastifyRequest | undefined {
  return requests.getStore();
}
