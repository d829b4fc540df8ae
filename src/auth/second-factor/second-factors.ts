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
  /** How many, for a kind of which one account can have several. */
  count?(userId: string): Promise<number>;
  /** What is held about those the account has, without their secrets. */
  facts?(userId: string): Promise<FactorFacts[]>;
}

/** What a person may know of a factor of theirs. */
export interface FactorFacts {
  readonly method: FactorMethod;
  /** What its owner calls it. */
  readonly name: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** The kinds of second factor there are. Each is registered by its owner when the server starts. */
@Injectable()
export class SecondFactors {
  readonly #kinds: FactorKind[] = [];

  register(kind: FactorKind): void {
    this.#kinds.push(kind);
  }

  /** What the account can prove its second factor by; what only stands in for one comes last. */
  async methodsOf(userId: string): Promise<FactorMethod[]> {
    const methods: FactorMethod[] = [];
    const standIns: FactorMethod[] = [];
    for (const kind of this.#kinds) {
      if (await kind.has(userId)) (kind.standIn ? standIns : methods).push(kind.method);
    }
    return [...methods, ...standIns];
  }

  /** What is held about the account's factors, without their secrets. */
  async factsOf(userId: string): Promise<FactorFacts[]> {
    const facts: FactorFacts[] = [];
    for (const kind of this.#kinds) facts.push(...((await kind.facts?.(userId)) ?? []));
    return facts;
  }

  /** How many of this kind the account has. */
  async count(userId: string, method: FactorMethod): Promise<number> {
    const kind = this.#kinds.find((each) => each.method === method);
    if (kind?.count) return kind.count(userId);
    return kind && (await kind.has(userId)) ? 1 : 0;
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
