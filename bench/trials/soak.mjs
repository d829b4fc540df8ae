import { setTimeout as sleep } from 'node:timers/promises';
import { expectWhole } from './support/database.mjs';
import { atRate, mb, slope, spread, tally } from './support/measure.mjs';
import { makePeople, me, PASSWORD, refresh, signIn, tokens } from './support/people.mjs';

export const soak = {
  name: 'soak',
  title: '100 requests a second for a long while',
  promise: 'No error, no refresh token lost, and neither memory nor open files grow on and on.',
  waits: true,
  run,
};

const PEOPLE = 40;
/** An open file that nobody closes shows as thousands after as many requests. */
const MORE_FILES = 50;

async function run(t) {
  const duration = t.size({ short: 25_000, full: 600_000, long: 7_200_000 });
  const server = await t.start();
  const people = await makePeople(server, PEOPLE);
  const { email, access } = people[0];
  const openFiles = async () => {
    server.disconnect(); // its own connections are as many as were slow at once, and no leak
    await sleep(1000);
    return server.openFiles();
  };
  const files = await openFiles();
  const memory = [];
  const times = [];
  const statuses = [];
  const begun = performance.now();
  const sampling = setInterval(
    () => {
      memory.push([(performance.now() - begun) / 3_600_000, server.rss() / 2 ** 20]);
    },
    Math.min(5000, duration / 20),
  );
  t.afterwards(() => clearInterval(sampling));

  const busy = new Set();
  const requests = {
    me: (person) => me(server, person.access),
    refresh: async (person) => {
      if (busy.has(person)) return me(server, person.access);
      busy.add(person); // one at a time, as a client does
      const answer = await refresh(server, person.refresh);
      if (answer.status === 200) Object.assign(person, tokens(answer.body));
      busy.delete(person);
      return answer;
    },
    login: (person) => server.post('/auth/login', { email: person.email, password: PASSWORD }),
    forgot: () => server.post('/auth/password/forgot', { email: 'nobody@example.org' }),
    sessions: () => server.get('/auth/sessions?limit=5', { bearer: access }),
    wrong: () => server.post('/auth/login', { email, password: 'not the one' }),
  };
  const mix = [
    'me',
    'me',
    'me',
    'me',
    'me',
    'me',
    'refresh',
    'refresh',
    'login',
    'wrong',
    'forgot',
    'sessions',
    'me',
    'me',
    'refresh',
    'me',
  ];
  const expected = { wrong: 401, forgot: 202, sessions: [200, 401] };
  await atRate(100, duration, async (nr) => {
    const what = mix[nr % mix.length];
    const answer = await requests[what](people[nr % PEOPLE]);
    t.expectStatus(answer, expected[what] ?? 200, what);
    statuses.push(answer.status);
    times.push(answer.ms);
    if (nr % 6000 === 5999) t.say(`${nr + 1} requests, ${mb(server.rss())}`);
  });
  clearInterval(sampling);
  const more = (await openFiles()) - files;
  t.expect(more < MORE_FILES, `${more} more open files than at the beginning`);
  for (const person of people) {
    t.expectStatus(await refresh(server, person.refresh), 200, `${person.email}, newest token`);
    await signIn(server, person.email);
  }
  await server.end();
  expectWhole(t, server.dataDir, 'after the soak');
  const settled = memory.slice(memory.length / 2);
  t.number(
    'requests',
    `${times.length} in ${duration / 1000} s: ${tally(statuses)}; ${spread(times)}`,
  );
  t.number(
    'memory',
    `${Math.round(memory[0][1])} MB at first, ${Math.round(memory.at(-1)[1])} MB at last; over the second half ${slope(settled).toFixed(1)} MB an hour`,
  );
  t.number('open files', `${files} at first, ${files + more} at last`);
}
