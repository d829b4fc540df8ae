import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import { clientNetwork } from './client-network.js';

const requests = new AsyncLocalStorage<FastifyRequest>();

/** Everything `work` starts can ask for the request it belongs to. */
export function withRequest(request: FastifyRequest, work: () => void): void {
  requests.run(request, work);
}

/** The request being answered; undefined in background work and in the command-line tools. */
export function currentRequest(): FastifyRequest | undefined {
  return requests.getStore();
}

/** The network the request being answered comes from, as limits count it. */
export function currentNetwork(): string {
  return clientNetwork(currentRequest()?.ip ?? '');
}
