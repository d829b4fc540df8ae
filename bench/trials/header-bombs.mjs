import { randomBytes } from 'node:crypto';
import { atRate, spread, tally } from './support/measure.mjs';
import { makePerson, me } from './support/people.mjs';

export const headerBombs = {
  name: 'header-bombs',
  title: 'Very long and very many headers',
  promise: 'Each is refused or ignored, none is a server error, and nobody else waits for it.',
  run,
};

const token = (length) => randomBytes(length).toString('base64url').slice(0, length);

/** Status that is right, and headers that make it so. */
const BOMBS = {
  'Bearer of 15 kB': [401, () => ({ authorization: `Bearer ${token(15_000)}` })],
  'Bearer and spaces': [401, () => ({ authorization: `Bearer${' '.repeat(15_000)}x` })],
  'dots of a token': [401, () => ({ authorization: `Bearer ${'.'.repeat(15_000)}` })],
  'Basic of 15 kB': [401, () => ({ authorization: `Basic ${token(15_000)}` })],
  'unknown scheme': [401, () => ({ authorization: 'a'.repeat(15_000) })],
  'cookie of 10 kB': [401, () => ({ cookie: `session=${token(10_000)}` })],
  '100 headers': [
    401,
    () => Object.fromEntries(Array.from({ length: 100 }, (_, nr) => [`x-header-${nr}`, token(50)])),
  ],
  'forwarded 500 times': [
    401,
    () => ({ 'x-forwarded-for': '192.0.2.1, '.repeat(500) + '192.0.2.1' }),
  ],
  'head of 20 kB': [431, () => ({ 'x-long': token(20_000) })],
};

async function run(t) {
  const duration = t.size({ short: 5000, full: 60_000 });
  const server = await t.start();
  const person = await makePerson(server, 'ada@example.org');
  const bombs = Object.entries(BOMBS);
  const health = [];
  const statuses = [];
  const slowest = Object.fromEntries(bombs.map(([name]) => [name, 0]));
  await Promise.all([
    atRate(50, duration, async () => {
      const answer = await server.get('/health');
      t.expectStatus(answer, 200, '/health');
      health.push(answer.ms);
    }),
    atRate(20, duration, async (nr) => {
      const [name, [status, make]] = bombs[nr % bombs.length];
      const answer = await server.get('/users/me', { headers: make() });
      t.expectStatus(answer, status, name);
      statuses.push(answer.status);
      slowest[name] = Math.max(slowest[name], answer.ms);
    }),
  ]);
  t.expectStatus(await me(server, person.access), 200, 'a right token afterwards');
  await server.end();
  t.number('/health', spread(health));
  t.number('bombs', tally(statuses));
  const [name, most] = Object.entries(slowest).sort(([, a], [, b]) => b - a)[0];
  t.number('slowest', `${name}, ${Math.round(most)} ms`);
}
