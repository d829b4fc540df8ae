import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress, clientNetwork } from './client-network.js';

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply | undefined;
  /** By the process's monotonic clock, in milliseconds. */
  readAt?: number;
}

const exchanges = new AsyncLocalStorage<Exchange>();

/** Everything `work` starts can ask for the request it belongs to, and for its answer's head. */
export function withRequest(request: FastifyRequest, work: () => void, reply?: FastifyReply): void {
  exchanges.run({ request, reply }, work);
}

/** The request being answered; undefined in background work and in the command-line tools. */
export function currentRequest(): FastifyRequest | undefined {
  return exchanges.getStore()?.request;
}

/** Notes that all of the request being answered has come. */
export function requestRead(): void {
  const exchange = exchanges.getStore();
  if (exchange) exchange.readAt = performance.now();
}

/** How long the request being answered has been waiting here since all of it came, in milliseconds. */
export function currentWait(): number {
  const readAt = exchanges.getStore()?.readAt;
  return readAt === undefined ? 0 : performance.now() - readAt;
}

/** Adds a cookie to the answer, if anybody is answered. @param cookie RFC 6265 section 4.1 */
export function setCookie(cookie: string): void {
  setHeader('set-cookie', cookie);
}

/** Sets a header of the answer, if anybody is answered. */
export function setHeader(name: string, value: string): void {
  void exchanges.getStore()?.reply?.header(name, value);
}

/** Adds an item to a list (RFC 9651 section 3.1) in the head of the answer, if anybody is answered. */
export function addToField(name: string, item: string): void {
  const reply = exchanges.getStore()?.reply;
  if (!reply) return;
  const before = reply.getHeader(name);
  void reply.header(name, before === undefined ? item : `${String(before)}, ${item}`);
}

/** The address the request being answered comes from; null when there is none. */
export function currentAddress(): string | null {
  return clientAddress(currentRequest()?.ip ?? '');
}

/** The network the request being answered comes from, as limits count it. */
export function currentNetwork(): string {
  return clientNetwork(currentRequest()?.ip ?? '');
}
