import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { KnownNetworks } from '../../common/http/limits/known-networks.js';
import { LimitCounts } from '../../common/http/limits/limit-counts.js';
import { LimitKeys } from '../../common/http/limits/limit-keys.js';
import { Turns } from '../../common/http/limits/turns.js';
import { withRequest } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import type { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { migrate } from '../../database/migrate.js';
import type { Account, Accounts } from '../../users/accounts.js';
import { DeviceCookie } from './device-cookie.js';
import { PasswordCheck } from './password-check.js';
import type { PasswordHasher } from './password-hasher.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ADA = {
  id: 'ada',
  email: 'ada@example.org',
  emailKey: 'ada@example.org',
  passwordHash: 'hash',
};
const HOME = '192.0.2.1';

class StoppedClock extends Clock {
  at = Date.parse('2026-01-01T12:00:00Z');

  override now(): Date {
    return new Date(this.at);
  }
}

let folder: string;
let database: Database;
let clock: StoppedClock;
let knownNetworks: KnownNetworks;
let keys: LimitKeys;
let hashed: number;
let overloaded: boolean;
let check: PasswordCheck;
let guessed = 0;

/** One account whose password is "right"; a hash takes a turn of the event loop. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-guesses-'));
  const databaseFile = join(folder, 'latchkey.db');
  migrate(databaseFile, folder);
  const rate = { count: 10, windowMs: 15 * MINUTE };
  const config = { databaseFile, rateLimits: true, limits: { login: rate, token: rate } };
  database = new Database(config as Config);
  await database.open();
  clock = new StoppedClock();
  const masterKey = new MasterKey(Buffer.alloc(32, 7));
  keys = new LimitKeys(masterKey);
  knownNetworks = new KnownNetworks(database, keys, clock);
  hashed = 0;
  overloaded = false;
  const accounts = {
    find: async (id: string) => (id === ADA.id ? (ADA as unknown as Account) : undefined),
    passwordOf: async (key: string) => (key === ADA.emailKey ? ADA : undefined),
  };
  const hasher = {
    assertRoom: () => {},
    needsRehash: () => false,
    verify: async (password: string, stored: string | null) => {
      if (overloaded) throw new Problem('overloaded');
      hashed++;
      if (password.startsWith('never judged')) await new Promise(() => {});
      await new Promise(setImmediate);
      return stored !== null && password === 'right';
    },
  };
  check = new PasswordCheck(
    accounts as unknown as Accounts,
    hasher as unknown as PasswordHasher,
    new GuessLimits(
      config as Config,
      clock,
      new LimitCounts(database),
      keys,
      knownNetworks,
      new Turns(),
      new SecurityEvents(),
    ),
    new DeviceCookie(masterKey, clock),
  );
});
afterEach(async () => {
  await database.onApplicationShutdown();
  rmSync(folder, { recursive: true });
});

/** `right`, `wrong` or the code of the refusal. */
function outcome(password: string, ip = HOME, email = ADA.email): Promise<string> {
  const request = { ip, headers: {} } as FastifyRequest;
  return withRequest(request, () =>
    check.check(email, password).then(
      (account) => (account ? 'right' : 'wrong'),
      (error: { code: string }) => error.code,
    ),
  );
}

function tally(outcomes: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of outcomes) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
}

async function atOnce(count: number, send: (nr: number) => Promise<string>) {
  return tally(await Promise.all(Array.from({ length: count }, (_, nr) => send(nr))));
}

const guess = () => `guess ${++guessed}`;
const network = (nr: number) => `198.51.${nr >> 8}.${nr & 0xff}`;

/** Wrong as often as may be, with all the waiting that takes: ten times. */
async function useUp(ip = HOME, email = ADA.email): Promise<number> {
  for (let wrong = 0; ; wrong++) {
    if ((await outcome(guess(), ip, email)) !== 'wrong') return wrong;
    clock.at += 64 * SECOND;
  }
}

describe('wrong passwords for an account from a network', () => {
  it('cost no pause twice; from the third on one, twice as long each time, to the tenth', async () => {
    expect(await outcome(guess())).toBe('wrong');
    const seconds = [];
    for (let failed = 1; failed < 10; failed++) {
      let pause = 0;
      while ((await outcome(guess())) === 'rate_limited') {
        clock.at += SECOND;
        pause++;
      }
      seconds.push(pause);
    }
    expect(seconds).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64]);
  });

  it('are ten in 15 minutes, whatever the patience', async () => {
    expect(await useUp()).toBe(10);
    expect(await outcome('right')).toBe('rate_limited');
    clock.at += 15 * MINUTE;
    expect(await outcome('right')).toBe('right');
  });

  it('[6.3.1] of a hundred sent at once are three: the others meet the pause, and no hash', async () => {
    expect(await atOnce(100, () => outcome(guess()))).toEqual({ wrong: 3, rate_limited: 97 });
    expect(hashed).toBe(3);
    expect(await outcome('right')).toBe('rate_limited');
    clock.at += SECOND;
    expect(await outcome('right')).toBe('right');
  });

  it('are counted per attempt, not per hash: the same one at once is as many failures', async () => {
    expect(await atOnce(100, () => outcome('wrong'))).toEqual({ wrong: 3, rate_limited: 97 });
    expect(hashed).toBe(1);
  });

  it('do not keep others out, nor this network out of other accounts', async () => {
    await useUp();
    expect(await outcome('right', '192.0.2.2')).toBe('right');
    expect(await outcome('right', HOME, 'grace@example.org')).toBe('wrong');
  });
});

describe('right passwords', () => {
  it('all pass, a hundred at once, also one failure short of a limit', async () => {
    expect(await outcome(guess())).toBe('wrong');
    expect(await outcome(guess())).toBe('wrong');
    expect(await atOnce(100, () => outcome('right'))).toEqual({ right: 100 });
  });

  it('of one account pass from a hundred networks at once', async () => {
    expect(await atOnce(150, (nr) => outcome('right', network(nr)))).toEqual({ right: 150 });
  });

  it('pass beside wrong ones that were sent first, as far as there is room for those', async () => {
    const wrong = atOnce(2, () => outcome(guess()));
    const right = atOnce(10, () => outcome('right'));
    expect([await wrong, await right]).toEqual([{ wrong: 2 }, { right: 10 }]);
  });

  it('that were not judged for want of time leave no trace', async () => {
    overloaded = true;
    expect(await atOnce(50, () => outcome(guess()))).toEqual({ overloaded: 50 });
    overloaded = false;
    expect(await useUp()).toBe(10);
  });
});

describe('what is remembered to be right', () => {
  it('costs no hash, and is no attempt', async () => {
    for (let i = 0; i < 50; i++) expect(await outcome('right')).toBe('right');
    expect(hashed).toBe(1);
  });

  it('is no way to go on guessing, neither here nor from elsewhere', async () => {
    expect(await outcome('right')).toBe('right');
    await useUp();
    expect(await outcome('right')).toBe('rate_limited');

    expect(await outcome('right', '192.0.2.2')).toBe('right');
    await useUp('192.0.2.3');
    expect(await outcome('right', '192.0.2.3')).toBe('rate_limited');
    expect(await outcome('right', '192.0.2.2')).toBe('right');
  });
});

describe('an account', () => {
  it('[6.3.1] is guessed at 100 times in 15 minutes, from however many networks', async () => {
    const outcomes = await atOnce(500, (nr) => outcome(guess(), network(nr)));
    expect(outcomes).toEqual({ wrong: 100, rate_limited: 400 });
    expect(await outcome('right', '203.0.113.9')).toBe('rate_limited');
    clock.at += 15 * MINUTE;
    expect(await outcome('right', '203.0.113.9')).toBe('right');
  });

  it('nobody has is limited alike', async () => {
    const unknown = (nr: number) => outcome(guess(), network(nr), 'nobody@example.org');
    expect(await atOnce(500, unknown)).toEqual({ wrong: 100, rate_limited: 400 });
  });

  it('stays open to a network it is known from, to 100 more failures from all of those', async () => {
    const known = Array.from({ length: 20 }, (_, nr) => `203.0.113.${nr}`);
    for (const ip of known) await knownNetworks.remember(keys.account(ADA.emailKey), ip);
    await atOnce(500, (nr) => outcome(guess(), network(nr)));

    expect(await outcome('right', known[0])).toBe('right');
    let wrong = 0;
    for (const ip of known) wrong += await useUp(ip).catch(() => 0);
    expect(wrong).toBeGreaterThan(90);
    expect(wrong).toBeLessThanOrEqual(200);
  });
});

describe('a network', () => {
  it('is wrong 100 times in 15 minutes, about however many accounts', async () => {
    const outcomes = await atOnce(300, (nr) => outcome(guess(), HOME, `p${nr}@example.org`));
    expect(outcomes).toEqual({ wrong: 100, rate_limited: 200 });
    expect(await outcome('right')).toBe('rate_limited');
    expect(await outcome('right', '192.0.2.2')).toBe('right');
  });
});

describe('guesses that were being judged when their process died', () => {
  it('count as wrong after a minute, and nobody waits for them any more', async () => {
    for (let nr = 0; nr < 3; nr++) void outcome(`never judged ${nr}`);
    await vi.waitFor(() => expect(hashed).toBe(3), { timeout: 60_000 });
    clock.at += MINUTE;
    expect(await outcome('right')).toBe('right');
    expect(await useUp()).toBe(7);
  });
});

describe('a clock that is set', () => {
  it('back a day shuts nobody out', async () => {
    await useUp();
    clock.at -= 24 * 60 * MINUTE;
    expect(await outcome('right')).toBe('right');
  });

  it('forth and back again neither', async () => {
    clock.at += 24 * 60 * MINUTE;
    await useUp();
    clock.at -= 24 * 60 * MINUTE;
    expect(await outcome('right')).toBe('right');
  });
});
