import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

/**
 * Holds what the routes answer until all that came in the same turn of the event loop has been
 * worked on, and hands it over in a row. Whoever waits for an answer sleeps, and each write that
 * wakes somebody costs the kernel three times one to somebody who is awake.
 *
 * Refusals and what a route sends itself go out at once.
 */
export class TurnEndAdapter extends FastifyAdapter {
  #turnEnd: Promise<void> | undefined;

  override reply(...answer: Parameters<FastifyAdapter['reply']>): FastifyReply {
    return this.#replyAtTurnEnd(answer) as unknown as FastifyReply; // all Nest does with it is to await it
  }

  async #replyAtTurnEnd(answer: Parameters<FastifyAdapter['reply']>): Promise<void> {
    await this.#endOfTurn();
    const reply = super.reply(...answer);
    // Nest may think of the answer as given when it has been: a stream is, when it has ended.
    if (!reply.sent) await reply;
  }

  #endOfTurn(): Promise<void> {
    this.#turnEnd ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#turnEnd = undefined;
        resolve();
      });
    });
    return this.#turnEnd;
  }
}
