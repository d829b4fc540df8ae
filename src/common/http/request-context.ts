import type { FastifyReply, FastifyRequest } from 'fastify';
import { AsyncStore, stayInside } from '../async-store.js';
import { clientAddress, clientNetwork } from './client-network.js';

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply | undefined;
  /** When all of the request had come, by the process's monotonic clock, in milliseconds. */
  readAt: number;
}

const exchanges = new AsyncStore<Exchange>();
/** The one that is being worked on without waiting for anything; see {@link withRequestAtOnce}. */
let atOnce: Exchange | undefined;

/** Everything `work` waits for can ask for the request it belongs to, and for its answer's head. */
export function withRequest<Result>(
  request: FastifyRequest,
  work: () => Promise<Result>,
  reply?: FastifyReply,
): Promise<Result> {
  return exchanges.run({ request, reply, readAt: performance.now() }, work);
}

/**
 * The same for a request whose answer nobody waits for here. Lasts until {@link answerBegins}, also
 * behind a client that has hung up. What is still to come of a long answer asks for no request.
 */
export function withRequestUntilAnswered(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => void,
): void {
  request.answerBegins = stayInside();
  exchanges.runHeld({ request, reply, readAt: performance.now() }, work);
}

/** Call when there is an answer to the request. */
export function answerBegins(request: FastifyRequest): void {
  request.answerBegins?.();
}

/**
 * For routes that mostly answer without waiting: only what `work` does at once can ask for its
 * request, and what it waits for if {@link asItWaits} begins it.
 */
export function withRequestAtOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => void,
): void {
  atOnce = { request, reply, readAt: performance.now() };
  try {
    work();
  } finally {
    atOnce = undefined;
  }
}

/** {@link withRequest}, unless what is waited for can ask already: for what such a route waits for. */
export function asItWaits<Result>(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<Result>,
): Promise<Result> {
  return exchanges.get()?.request === request ? work() : withRequest(request, work, reply);
}

/** The request being answered; undefined in background work and in the command-line tools. */
export function currentRequest(): FastifyRequest | undefined {
  return current()?.request;
}

/** How long the request being answered has been waiting here since all of it came, in milliseconds. */
export function currentWait(): number {
  const readAt = current()?.readAt;
  return readAt === undefined ? 0 : performance.now() - readAt;
}

/** Adds a cookie to the answer, if anybody is answered. @param cookie RFC 6265 section 4.1 */
export function setCookie(cookie: string): void {
  setHeader('set-cookie', cookie);
}

/** Sets a header of the answer, if anybody is answered. */
export function setHeader(name: string, value: string): void {
  void current()?.reply?.header(name, value);
}

/** Adds an item to a list (RFC 9651 section 3.1) in the head of the answer, if anybody is answered. */
export function addToField(name: string, item: string): void {
  const reply = current()?.reply;
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

function current(): Exchange | undefined {
  return atOnce ?? exchanges.get();
}
