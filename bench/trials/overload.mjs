import { Client } from './support/client.mjs';
import { expectWhole, hold } from './support/database.mjs';
import { atOnce, mb, repeat, spread, tally } from './support/measure.mjs';
import { makePeople, me, PASSWORD, refresh, tokens } from './support/people.mjs';

export const overload = {
  name: 'overload',
  title: 'Far more at once than can be done',
  promise:
    'Every request gets an answer: it is served, or refused with 503 and Retry-After; memory stays bounded, and afterwards all is as before.',
  run,
};

async function run(t) {
  const connections = t.size({ short: 150, full: 2000 });
  const server = await t.start({ BCRYPT_COST: '10' });
  const people = await makePeople(server, 20);
  const crowd = new Client(server.port, { connections });
  t.afterwards(() => crowd.close());
  const before = server.rss();
  const watch = watching(t, server, people[0]);

  await wave(
    t,
    'sign-ins',
    [200, 503],
    connections * 2,
    (nr) => crowd.post('/auth/login', { email: `nobody${nr}@example.org`, password: PASSWORD }),
    [401],
  );
  await wave(t, 'refreshes of one token', [200, 503], connections * 2, () =>
    refresh(crowd, people[1].refresh),
  );
  const release = hold(server.dataDir, 'write');
  let answered = 0;
  const writes = wave(
    t,
    'mails asked for while the file is locked',
    [202, 503],
    connections * 2,
    async (nr) => {
      const answer = await crowd.post('/auth/password/forgot', {
        email: `nobody${nr}@example.org`,
      });
      answered++;
      return answer;
    },
  );
  const limit = new Promise((resolve) => setTimeout(resolve, 30_000));
  await Promise.race([writes, limit]);
  t.expect(
    answered === connections * 2,
    `${connections * 2 - answered} requests wait without an end for a locked file`,
  );
  release();
  await writes;
  await watch(before);

  for (const person of people.slice(2)) {
    const answer = await refresh(server, person.refresh);
    if (t.expectStatus(answer, 200, 'a refresh afterwards'))
      Object.assign(person, tokens(answer.body));
    t.expectStatus(await me(server, person.access), 200, 'a token check afterwards');
  }
  await server.end();
  expectWhole(t, server.dataDir, 'after the overload');
}

async function wave(t, name, statuses, count, send, also = []) {
  const answers = await atOnce(count, send);
  for (const answer of answers) {
    t.expectStatus(answer, [...statuses, ...also], name);
    if (answer.status === 503)
      t.expect(Number(answer.headers['retry-after']) >= 1, `${name}: 503 without Retry-After`);
  }
  t.number(
    `${count} ${name}`,
    `${tally(answers.map(({ status }) => status))}; ${spread(answers.map((answer) => answer.ms))}`,
  );
  t.say(`${name}: done`);
}

/** Health and token checks go on, over connections of their own. */
function watching(t, server, person) {
  const times = [];
  let most = 0;
  const stop = repeat(async () => {
    const answers = [await server.get('/health/ready'), await me(server, person.access)];
    for (const answer of answers) {
      t.expectStatus(answer, 200, 'read under overload');
      times.push(answer.ms);
    }
    most = Math.max(most, server.rss());
  }, 20);
  return async (before) => {
    await stop();
    t.number('reads meanwhile', spread(times));
    t.number('memory', `${mb(before)} before, at most ${mb(most)}`);
  };
}
