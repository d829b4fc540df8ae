import { Injectable } from '@nestjs/common';

/** What can be sent to prove a second factor. */
export type FactorMethod = 'totp' | 'passkey' | 'recovery_code';

/** One kind of second factor, as its owner tells of it. */
export interface FactorKind {
  readonly method: FactorMethod;
  /** It stands in for a factor that is lost, and is none by itself. */
  readonly standIn?: true;
  /** Whether the account has one that counts. Inside a transaction it reads what the transaction wrote. */
  has(userId: string): Promise<boolean>;
  /** Removes what the account got then or later; gives how many. */
  removeSince?(userId: string, since: Date): Promise<number>;
}

/** The kinds of second factor there are. Each is registered by its owner when the server starts. */
@Injectable()
export class SecondFactors {
  readonly #kinds: FactorKind[] = [];

  register(kind: FactorKind): void {
    this.#kinds.push(kind);
  }

  /** What the account can prove its second factor by. */
  async methodsOf(userId: string): Promise<FactorMethod[]> {
    const methods: FactorMethod[] = [];
    for (const kind of this.#kinds) {
      if (await kind.has(userId)) methods.push(kind.method);
    }
    return methods;
  }

  /** Whether the account has a factor, not only what would stand in for one. */
  async any(userId: string): Promise<boolean> {
    for (const kind of this.#kinds) {
      if (!kind.standIn && (await kind.has(userId))) return true;
    }
    return false;
  }

  /** Takes away what the account got then or later, of every kind; gives how many. */
  async removeSince(userId: string, since: Date): Promise<number> {
    let removed = 0;
    for (const kind of this.#kinds) removed += (await kind.removeSince?.(userId, since)) ?? 0;
    return removed;
  }
}
