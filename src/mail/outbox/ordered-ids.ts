import { uuidv7 } from '../../common/crypto/uuid.js';

/** UUIDv7s that sort in the order they were made, also those of one millisecond. */
export class OrderedIds {
  #last = 0;

  next(now: Date): string {
    this.#last = Math.max(now.getTime(), this.#last + 1);
    return uuidv7(new Date(this.#last));
  }
}
