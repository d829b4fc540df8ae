import { describe, expect, it } from 'vitest';
import { Clock } from '../../clock.js';
import { FailureLimit } from '../../common/http/limits/failure-limit.js';
import type { Config } from '../../config/config.js';
import type { Account, Accounts } from '../../users/accounts.js';
import { PasswordCheck } from './password-check.js';
import type { PasswordHasher } from './password-hasher.js';

const ADA = {
  id: 'ada',
  email: 'ada@example.org',
  emailKey: 'ada@example.org',
  passwordHash: 'hash',
};

/** One account whose password is "right", and hashing that waits until it is let go. */
function passwordCheck() {
  const waiting: (() => void)[] = [];
  let hashed = 0;
  const accounts = {
    find: async (id: string) => (id === ADA.id ? (ADA as unknown as Account) : undefined),
    passwordOf: async (key: string) => (key === ADA.emailKey ? ADA : undefined),
  };
  const hasher = {
    needsRehash: () => false,
    verify: async (password: string) => {
      hashed++;
      await new Promise<void>((resolve) => waiting.push(resolve));
      return password === 'right';
    },
  };
  const check = new PasswordCheck(
    accounts as unknown as Accounts,
    hasher as unknown as PasswordHasher,
    new FailureLimit({ rateLimits: true } as Config, new Clock()),
  );
  return {
    hashed: () => hashed,
    /** What each password comes to, all sent at once, their hashes done in order. */
    async all(passwords: string[]): Promise<string[]> {
      const outcomes = passwords.map((password) =>
        check.check(ADA.email, password).then(
          (account) => (account ? 'right' : 'wrong'),
          (error: { code: string }) => error.code,
        ),
      );
      await new Promise(setImmediate);
      for (const done of waiting.splice(0)) {
        done();
        await new Promise(setImmediate);
      }
      return Promise.all(outcomes);
    },
  };
}

let guessed = 0;
const guesses = (count: number) => Array.from({ length: count }, () => `guess ${++guessed}`);

describe('100 failures of a network', () => {
  it('end its guessing: of many at once, those past them are refused, also the right one', async () => {
    const { all } = passwordCheck();
    const outcomes = await all([...guesses(100), 'right', ...guesses(20)]);
    expect(outcomes.slice(0, 100)).toEqual(Array(100).fill('wrong'));
    expect(outcomes.slice(100)).toEqual(Array(21).fill('rate_limited'));
  });

  it('let no further password be hashed, and none be tried against those known to be right', async () => {
    const { all, hashed } = passwordCheck();
    expect(await all(['right'])).toEqual(['right']);
    await all(guesses(100));
    expect(hashed()).toBe(101);
    expect(await all(['right', 'guess'])).toEqual(['rate_limited', 'rate_limited']);
    expect(hashed()).toBe(101);
  });

  it('are not reached by people who are right, and one short of them nobody is held back', async () => {
    const { all, hashed } = passwordCheck();
    await all(guesses(99));
    expect(await all(Array(300).fill('right'))).toEqual(Array(300).fill('right'));
    expect(hashed()).toBe(100);
  });

  it('are counted per attempt, not per hash: the same wrong password at once is many failures', async () => {
    const { all } = passwordCheck();
    const outcomes = await all(Array(120).fill('wrong'));
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(100);
    expect(await all(['right'])).toEqual(['rate_limited']);
  });
});
