import { Injectable } from '@nestjs/common';
import { Problem } from '../../errors/problem.js';

/** At most so many wait in this process. */
const MOST_WAITING = 1000;
/** After so long, in milliseconds, it is worth a look what other processes have done. */
const LONGEST_TURN = 500;

/** Lines of those who wait for room under a key. The first in line is called, never all at once. */
@Injectable()
export class Turns {
  readonly #lines = new Map<string, Set<() => void>>();
  #waiting = 0;

  /**
   * Until it is called, or it is time to look again: then it has waited in vain.
   *
   * @throws Problem overloaded when too many wait
   */
  async wait(key: string): Promise<'called' | 'in vain'> {
    if (this.#waiting >= MOST_WAITING) {
      throw new Problem('overloaded', { headers: { 'retry-after': '2' } });
    }
    this.#waiting++;
    const line = this.#lines.get(key) ?? new Set();
    this.#lines.set(key, line);
    return new Promise((resolve) => {
      const leave = (why: 'called' | 'in vain') => {
        clearTimeout(timer);
        line.delete(call);
        if (line.size === 0 && this.#lines.get(key) === line) this.#lines.delete(key);
        this.#waiting--;
        resolve(why);
      };
      const call = () => leave('called');
      const timer = setTimeout(() => leave('in vain'), LONGEST_TURN);
      line.add(call);
    });
  }

  /** Calls the first in line, if anybody waits. */
  next(key: string): void {
    const [first] = this.#lines.get(key) ?? [];
    first?.();
  }
}
