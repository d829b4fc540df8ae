import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import { clientAddress, clientNetwork } from './client-network.js';

const requests = new AsyncLocalStorage<FastifyRequest>();

/** Everything `work` starts can ask for the request it belongs to. */
export function withRequest(request: FastifyRequest, work: () => void): void {
  requests.run(request, work);
}

/** The request being answered; undefined in background work and in the command-line tools. */
export function currentRequest(): FastifyRequest | undefined {
  return requests.getStore();
}

/** The address the request being answered comes from; null when there is none. */
export function currentAddress(): string | null {
  return clientAddress(currentRequest()?.ip ?? '');
}

/** The network the request being answered comes from, as limits count it. */
export function currentNetwork(): string {
  return clientNetwork(currentRequest()?.ip ?? '');
}
