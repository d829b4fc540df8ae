import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PasswordHasher } from '../src/auth/password/password-hasher.js';
import { Database } from '../src/database/database.js';
import { NewAccounts } from '../src/users/new-accounts.js';
import type { Answer } from './support/client.js';
import { HOUR, MINUTE, SECOND } from './support/clock.js';
import { giveRoles, makeRole } from './support/people.js';
import { tally } from './support/races.js';
import { rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

/**
 * A day of ordinary traffic and a dozen made attacks, request by request through a real server with
 * the limits as they are from the first start. docs/security.md states what comes out.
 */
const PEOPLE = 300;
const AT_THE_OFFICE = 80;
const OFFICE = '203.0.113.1';
const REPLAY = 240_000;

let server: TestServer;
let administrator: Person;
let seed = 20_260_101;

/** Between 0 and 1, the same at each run (mulberry32). */
function chance(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

const emailOf = (nr: number): string => `person${nr}@example.org`;
const phoneOf = (nr: number): string => `100.64.${nr >> 8}.${nr & 255}`;
const usualPlaceOf = (nr: number): string =>
  nr < AT_THE_OFFICE ? OFFICE : `192.0.${nr >> 8}.${nr & 255}`;
/** Networks nobody has been seen in: `198.18.<block>.<nr>`. */
const stranger = (block: number, nr = 0): string => `198.18.${block}.${nr}`;

function from(address: string) {
  return { headers: { 'x-forwarded-for': address } };
}

function logIn(email: string, password: string, address: string): Promise<Answer> {
  return server.post('/auth/login', { email, password }, from(address));
}

async function signIn(nr: number, address: string): Promise<Answer> {
  const answer = await logIn(emailOf(nr), PASSWORD, address);
  expect(answer.status).toBe(200);
  return answer;
}

interface Found {
  seq: number;
  rule: string;
  severity: 'alarm' | 'notice';
}

async function foundSince(seq: number): Promise<Found[]> {
  await server.app.get(Database).transaction(async () => {}); // behind those that wait
  return rows(
    server.dataDir,
    `SELECT "seq", "detail" FROM "AuditEvent" WHERE "type" = 'suspicious.detected' AND "seq" > ?
     ORDER BY "seq"`,
    seq,
  ).map(({ seq, detail }) => ({ seq, ...JSON.parse(detail).after }));
}

function newestSeq(): number {
  return rows(server.dataDir, 'SELECT max("seq") AS seq FROM "AuditEvent"')[0].seq;
}

/** Does everything at its time of day, in order. */
class Day {
  readonly #plan: { at: number; act: () => Promise<unknown> }[] = [];

  /** @param hour such as 9.5 */
  at(hour: number, act: () => Promise<unknown>): void {
    this.#plan.push({ at: hour * HOUR, act });
  }

  async pass(): Promise<void> {
    const midnight = server.clock.now().getTime();
    for (const { at, act } of this.#plan.toSorted((a, b) => a.at - b.at)) {
      const now = server.clock.now().getTime();
      server.clock.advance(Math.max(0, midnight + at - now));
      await act();
    }
  }
}

beforeAll(async () => {
  server = await TestServer.start({ RATE_LIMITS: 'on', TRUST_PROXY: '1' });
  administrator = await server.administrator();
  const hash = await server.app.get(PasswordHasher).hash(PASSWORD);
  await server.app.get(Database).transaction(async () => {
    for (let nr = 0; nr < PEOPLE; nr++) {
      await server.app.get(NewAccounts).createConfirmed(emailOf(nr), emailOf(nr), hash);
    }
  });
  // Some days before, from where each of them usually is.
  for (let nr = 0; nr < PEOPLE; nr++) {
    await signIn(nr, usualPlaceOf(nr));
    await signIn(nr, phoneOf(nr));
    server.clock.advance(MINUTE);
  }
  server.clock.advance(48 * HOUR);
}, REPLAY);
afterAll(() => server.stop());

describe('a day of 300 people, 80 of them behind one address', () => {
  it(
    'raises no alarm, and a notice for each sign-in from elsewhere and each grant',
    async () => {
      const before = newestSeq();
      const day = new Day();
      let right = 0;
      let wrong = 0;
      let elsewhere = 0;
      /** Mistyped by one in twenty, by some of them again and again. */
      const arrives = async (nr: number, address: string): Promise<void> => {
        while (chance() < 0.05) {
          expect((await logIn(emailOf(nr), 'mistyped', address)).status).toBe(401);
          wrong++;
          server.clock.advance(8 * SECOND);
        }
        await signIn(nr, address);
        right++;
      };

      for (let nr = 0; nr < PEOPLE; nr++) {
        const atWork = nr < AT_THE_OFFICE;
        day.at(atWork ? 8 + chance() : 7 + 12 * chance(), () => arrives(nr, usualPlaceOf(nr)));
        if (chance() < 0.7) day.at(11 + 7 * chance(), () => arrives(nr, usualPlaceOf(nr)));
        if (chance() < 0.4) day.at(7 + 15 * chance(), () => arrives(nr, phoneOf(nr)));
      }
      // Forgot the password, and asked for another or gave up.
      for (let nr = 0; nr < 6; nr++) {
        day.at(8.5 + nr / 10, async () => {
          for (let tries = 0; tries < 4; tries++) {
            await logIn(emailOf(10 * nr), `forgotten ${tries}`, OFFICE);
            wrong++;
            server.clock.advance(10 * SECOND);
          }
          await server.post('/auth/password/forgot', { email: emailOf(10 * nr) }, from(OFFICE));
        });
      }
      // Travelling: a train, a hotel, a customer.
      for (let nr = 0; nr < 6; nr++) {
        for (let place = 0; place < 3; place++) {
          day.at(14 + nr / 4 + place / 4, () => arrives(100 + nr, stranger(200 + nr, place)));
          elsewhere++;
        }
      }
      for (let nr = 0; nr < 12; nr++) {
        const email = `newcomer${nr}@example.org`;
        const address = nr < 6 ? OFFICE : `192.0.9.${nr}`;
        day.at(9 + nr / 3, () =>
          server.post('/auth/register', { email, password: PASSWORD }, from(address)),
        );
      }
      // Signed out, with a page left open that asks twice more.
      for (let nr = 0; nr < 40; nr++) {
        day.at(17 + nr / 100, async () => {
          const { body } = await signIn(nr, OFFICE);
          right++;
          const bearer = { ...from(OFFICE), bearer: body.access_token };
          await server.post('/auth/logout', undefined, bearer);
          for (let asks = 0; asks < 2; asks++) await server.get('/users/me', bearer);
        });
      }
      day.at(15, async () => {
        const admin = await server.signIn(administrator.email);
        const role = await makeRole(server, admin, ['roles:assign']);
        const [promoted] = rows(
          server.dataDir,
          'SELECT "id" FROM "User" WHERE "email" = ?',
          emailOf(9),
        );
        await giveRoles(server, admin, promoted, [role]);
      });
      await day.pass();

      const found = await foundSince(before);
      process.stdout.write(
        `An ordinary day: ${JSON.stringify(tally(found.map(({ rule }) => rule)))}, ${right} sign-ins, ${wrong} wrong passwords\n`,
      );
      expect([right > 600, wrong > 40]).toEqual([true, true]);
      expect(found.filter(({ severity }) => severity === 'alarm')).toEqual([]);
      expect(tally(found.map(({ rule }) => rule))).toEqual({
        new_device: elsewhere,
        permission_raised: 1,
      });
    },
    REPLAY,
  );
});

describe('made attacks', () => {
  /** Rules that raised an alarm. */
  async function alarmsOf(attack: () => Promise<void>): Promise<string[]> {
    server.clock.advance(3 * HOUR);
    const before = newestSeq();
    await attack();
    const alarms = (await foundSince(before)).filter(({ severity }) => severity === 'alarm');
    return [...new Set(alarms.map(({ rule }) => rule))].sort();
  }

  /** A list with addresses of people here and of others. */
  const listed = (nr: number): string =>
    nr % 5 < 3 ? emailOf(nr % PEOPLE) : `else${nr}@example.com`;

  /** Tries so many addresses of the list, one after another. */
  async function tryList(length: number, networks: number, pause: number, block: number) {
    for (let nr = 0; nr < length; nr++) {
      await logIn(
        listed(nr),
        'one of a list',
        stranger(block + ((nr % networks) >> 8), (nr % networks) & 255),
      );
      server.clock.advance(pause);
    }
  }

  const ATTACKS: [name: string, rules: string[], attack: () => Promise<void>][] = [
    [
      'stuffing: 500 accounts from 40 networks in half an hour',
      ['credential_stuffing', 'distributed_stuffing'],
      () => tryList(500, 40, 3.6 * SECOND, 1),
    ],
    [
      'stuffing: 500 accounts from as many networks in two hours',
      ['distributed_stuffing'],
      () => tryList(500, 500, 14 * SECOND, 2),
    ],
    [
      'spraying: one password on 200 accounts from one network in 50 minutes',
      ['credential_stuffing', 'distributed_stuffing'],
      () => tryList(200, 1, 15 * SECOND, 4),
    ],
    [
      'spraying: 15 accounts an hour from one network',
      ['credential_stuffing'],
      () => tryList(30, 1, 4 * MINUTE, 5),
    ],
    [
      'guessing: one account from 60 networks',
      ['account_from_many_networks'],
      async () => {
        for (let nr = 0; nr < 60; nr++) await logIn(emailOf(200), `guess ${nr}`, stranger(6, nr));
      },
    ],
    [
      'guessing that succeeds at the seventh try',
      ['success_after_failures'],
      async () => {
        for (let nr = 0; nr < 6; nr++) {
          await logIn(emailOf(201), `guess ${nr}`, stranger(7));
          server.clock.advance(20 * SECOND);
        }
        await signIn(201, stranger(7));
      },
    ],
    [
      'a stolen password used from six networks within half an hour',
      ['account_from_many_networks'],
      async () => {
        for (let nr = 0; nr < 6; nr++) {
          await signIn(202, stranger(8, nr));
          server.clock.advance(5 * MINUTE);
        }
      },
    ],
    [
      'a stolen refresh token used after its owner has used it',
      ['refresh_token_reused'],
      async () => {
        const { body } = await signIn(203, usualPlaceOf(203));
        const refresh = { refresh_token: body.refresh_token };
        await server.post('/auth/refresh', refresh, from(usualPlaceOf(203)));
        server.clock.advance(MINUTE);
        await server.post('/auth/refresh', refresh, from(stranger(9)));
      },
    ],
    [
      'a stolen access token used after its owner has signed out',
      ['ended_session_used'],
      async () => {
        const { body } = await signIn(204, usualPlaceOf(204));
        const bearer = body.access_token;
        await server.post('/auth/logout', undefined, { ...from(usualPlaceOf(204)), bearer });
        for (let nr = 0; nr < 30; nr++) {
          await server.get('/users/me', { ...from(stranger(10)), bearer });
        }
      },
    ],
    [
      'registrations: 40 from one network',
      ['registration_burst'],
      async () => {
        for (let nr = 0; nr < 40; nr++) {
          const email = `made${nr}@example.net`;
          await server.post('/auth/register', { email, password: PASSWORD }, from(stranger(11)));
        }
      },
    ],
    [
      'registrations: 300 from 60 networks in eight minutes',
      ['distributed_registrations'],
      async () => {
        for (let nr = 0; nr < 300; nr++) {
          const email = `spread${nr}@example.net`;
          const address = from(stranger(12, nr % 60));
          await server.post('/auth/register', { email, password: PASSWORD }, address);
          server.clock.advance(1.6 * SECOND);
        }
      },
    ],
    // Below every threshold: the limits slow it down, the access log has it, no rule finds it.
    [
      'not found: stuffing with 8 accounts an hour from one network, for five hours',
      [],
      () => tryList(40, 1, 7.5 * MINUTE, 13),
    ],
    [
      'not found: stuffing with 40 accounts an hour from as many networks, for three hours',
      [],
      () => tryList(120, 120, 1.5 * MINUTE, 14),
    ],
  ];

  it.each(ATTACKS)(
    '%s: %j',
    async (_, rules, attack) => {
      expect(await alarmsOf(attack)).toEqual(rules);
    },
    REPLAY,
  );
});
