import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../src/database/database.js';
import { PERMISSIONS } from '../src/users/permissions.js';
import type { Answer } from './support/client.js';
import { as, giveRoles, personWith } from './support/people.js';
import { ServerProcess } from './support/process.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
/** The only administrator, between any two tests. */
let last: Person;
/** Another process on the same database. */
let other: ServerProcess;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
  last = await server.administrator();
  other = await ServerProcess.start({}, server.dataDir);
});

afterAll(async () => {
  await other.end('SIGKILL');
  await server.stop();
});

const ways: [string, (who: Person, by: Person) => Promise<Answer>][] = [
  [
    'taking the role',
    (who, by) => server.put(`/users/${who.id}/roles`, { roles: ['user'] }, as(by)),
  ],
  ['taking every role', (who, by) => server.put(`/users/${who.id}/roles`, { roles: [] }, as(by))],
  ['disabling', (who, by) => server.patch(`/users/${who.id}`, { status: 'disabled' }, as(by))],
  ['deleting', (who, by) => server.delete(`/users/${who.id}`, as(by))],
];

function refused({ status, body }: Answer) {
  return [status, body.code];
}

async function expectUnchanged(): Promise<void> {
  const me = await server.get('/users/me', as(last));
  expect([me.status, me.body.roles, me.body.status]).toEqual([200, ['admin', 'user'], 'active']);
}

async function administrators(): Promise<string[]> {
  const rows = await server.app.get(Database).client.user.findMany({
    where: {
      status: 'active',
      emailVerifiedAt: { not: null },
      roles: { some: { role: { name: 'admin' } } },
    },
  });
  return rows.map((row) => row.id);
}

/** Expects that one of them is left, who makes `last` the only administrator again. */
async function handBack(people: readonly Person[]): Promise<void> {
  const left = await administrators();
  expect(left).toHaveLength(1);
  const winner = people.find(({ id }) => id === left[0])!;
  await giveRoles(server, winner, last, ['admin', 'user']);
  await giveRoles(server, last, winner, ['user']);
}

it.each(ways)('the last administrator stays, whichever way it is tried: %s', async (_, remove) => {
  const answer = await remove(last, last);
  expect(refused(answer)).toEqual([409, 'last_administrator']);
  await expectUnchanged();
});

it.each(ways)('also when somebody else with every permission tries it: %s', async (_, remove) => {
  const equal = await personWith(server, last, Object.keys(PERMISSIONS));
  const answer = await remove(last, equal);
  expect(refused(answer)).toEqual([409, 'last_administrator']);
  await expectUnchanged();
});

it.each(ways)(
  'also when the only other one has never confirmed the address: %s',
  async (_, remove) => {
    const email = `invited-${randomUUID()}@example.org`;
    const invited = await server.post('/users', { email, roles: ['admin'] }, as(last));
    expect(invited.status).toBe(201);
    expect(refused(await remove(last, last))).toEqual([409, 'last_administrator']);
    await expectUnchanged();
    expect((await server.delete(`/users/${invited.body.id}`, as(last))).status).toBe(204);
  },
);

it.each(ways)('also when the only other one is disabled: %s', async (_, remove) => {
  const second = await server.administrator();
  await server.patch(`/users/${second.id}`, { status: 'disabled' }, as(last));
  expect(refused(await remove(last, last))).toEqual([409, 'last_administrator']);
  await expectUnchanged();
  expect((await server.delete(`/users/${second.id}`, as(last))).status).toBe(204);
});

it.each(ways)('the last but one may go: %s', async (_, remove) => {
  const second = await server.administrator();
  expect((await remove(second, last)).status).toBeLessThan(300);
  expect(await administrators()).toEqual([last.id]);
});

it('the last administrator can be renamed, and lose other roles', async () => {
  const renamed = await server.patch(`/users/${last.id}`, { name: 'Root' }, as(last));
  expect(renamed.status).toBe(200);
  const kept = await server.put(`/users/${last.id}/roles`, { roles: ['admin'] }, as(last));
  expect([kept.status, kept.body.roles]).toEqual([200, ['admin']]);
  await giveRoles(server, last, last, ['admin', 'user']);
});

const pairs = ways.flatMap(([first, one]) =>
  ways.map(([second, another]) => [first, second, one, another] as const),
);

it.each(pairs)(
  'one is left when two go for each other at the same moment: %s and %s',
  async (_first, _second, one, another) => {
    const duel = [await server.administrator(), await server.administrator()] as const;
    // Out of the way, so that only the two are left.
    await giveRoles(server, last, last, ['user']);

    const answers = await Promise.all([one(duel[1], duel[0]), another(duel[0], duel[1])]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    const [loser] = answers.filter(({ status }) => status >= 300);
    expect([401, 403, 409]).toContain(loser!.status);
    await handBack(duel);
  },
);

it('one is left when ten administrators all go for all others at once', async () => {
  const crowd = await Promise.all(Array.from({ length: 10 }, () => server.administrator()));
  await giveRoles(server, last, last, ['user']);
  const answers = await Promise.all(
    crowd.flatMap((by, i) => crowd.map((who, j) => ways[(i + j) % ways.length]![1](who, by))),
  );
  for (const { status } of answers) expect([200, 204, 401, 403, 404, 409]).toContain(status);
  await handBack(crowd);
});

it('one is left when two go for each other through two processes on one database', async () => {
  for (let round = 0; round < 10; round++) {
    const duel = [await server.administrator(), await server.administrator()] as const;
    await giveRoles(server, last, last, ['user']);
    const json = { roles: ['user'] };
    const answers = await Promise.all([
      server.put(`/users/${duel[1].id}/roles`, json, { basic: [duel[0].email, PASSWORD] }),
      other.put(`/users/${duel[0].id}/roles`, json, { basic: [duel[1].email, PASSWORD] }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await handBack(duel);
  }
});
