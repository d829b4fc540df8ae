import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';

/** Requests of one connection that may wait for their answers at the same moment. */
const PER_CONNECTION = 16;
/** Requests that may be worked on at the same moment: more than may wait for the database. */
const IN_ALL = 4000;

interface Connection {
  /** Requests that have come in whole or in part and have not been answered. */
  open: number;
  /** One more came than may: it is the last that is answered. */
  over: boolean;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * How much may be under way at once. Node hands over each request that stands in what it has read,
 * and 64 kB hold more than a thousand: without a bound each takes memory until the first of them
 * is answered.
 */
export class LoadBounds {
  readonly #connections = new WeakMap<object, Connection>();
  #working = 0;

  constructor(
    private readonly perConnection = PER_CONNECTION,
    private readonly inAll = IN_ALL,
  ) {}

  /** Call when `server` has its handler: what is too much on a connection does not reach it. */
  watch(server: Server): void {
    const handlers = server.listeners('request') as Handle[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const connection = this.#connectionOf(request);
      // RFC 9112 section 9.3.2: "A client that pipelines requests SHOULD retry unanswered requests
      // if the connection closes before it receives all of the corresponding responses."
      if (connection.over) return;
      if (connection.open >= this.perConnection) {
        connection.over = true;
        readNoMoreOf(request.socket);
      }
      connection.open++;
      response.on('finish', () => connection.open--);
      for (const handle of handlers) handle.call(server, request, response);
    });
  }

  /** Why the request is not even looked at, if it is not. */
  refusal({ raw }: FastifyRequest): Problem | undefined {
    if (!this.#connections.get(raw.socket)?.over) return undefined;
    return new Problem('overloaded', {
      detail: `At most ${this.perConnection} requests of one connection can wait for their answers.`,
      headers: { connection: 'close' },
    });
  }

  /** Call when the work on a request that has come in whole begins, and {@link end} after it. */
  begin(request: FastifyRequest): Problem | undefined {
    // Whoever asks whether the server lives is told: it does.
    if (this.#working >= this.inAll && !request.routeOptions.url?.startsWith('/health'))
      return new Problem('overloaded');
    request.isWorkedOn = true;
    this.#working++;
    return undefined;
  }

  end(request: FastifyRequest): void {
    if (!request.isWorkedOn) return;
    request.isWorkedOn = false;
    this.#working--;
  }

  #connectionOf({ socket }: IncomingMessage): Connection {
    let connection = this.#connections.get(socket);
    if (!connection) this.#connections.set(socket, (connection = { open: 0, over: false }));
    return connection;
  }
}

/**
 * What follows is not read, and what has been read is dropped. Node has no documented way to stop
 * within what has been read, and keeps each request until all before it are answered: with 5 kB of
 * memory for the 30 bytes of a request.
 */
function readNoMoreOf(socket: Socket & { parser?: { onIncoming?: () => number } | null }): void {
  socket.pause();
  if (socket.parser?.onIncoming) socket.parser.onIncoming = () => 0;
}
