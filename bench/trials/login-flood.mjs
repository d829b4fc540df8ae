import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atRate, mb, repeat, spread, tally } from './support/measure.mjs';
import { makePeople, me } from './support/people.mjs';

export const loginFlood = {
  name: 'login-flood',
  title: '200 wrong passwords a second while others work',
  promise:
    'Signed-in people are served, the queue of hashes is bounded, and what does not fit gets 503 (or 429) with Retry-After.',
  run,
};

const FLOOD = fileURLToPath(new URL('support/flood.mjs', import.meta.url));

async function run(t) {
  const duration = t.size({ short: 8000, full: 60_000 });
  for (const limits of ['off', 'on']) {
    const server = await t.start({
      BCRYPT_COST: '10',
      RATE_LIMITS: limits,
      LIMIT_GENERAL: '1000000/1m',
    });
    const people = await makePeople(server, limits === 'on' ? 2 : 10);
    await flood(t, server, people, duration, `limits ${limits}`);
    await server.end();
  }
}

async function flood(t, server, people, duration, name) {
  const generator = fork(FLOOD, [String(server.port), '200', String(duration)]);
  t.afterwards(() => generator.kill('SIGKILL'));
  const result = new Promise((resolve, reject) => {
    generator.once('message', resolve);
    generator.once('exit', () => reject(new Error('the generator ended')));
  });
  result.catch(() => {}); // awaited below, unless something else ends the trial before
  const times = [];
  let most = 0;
  const watch = repeat(() => (most = Math.max(most, server.rss())), 200);
  await atRate(100, duration, async (nr) => {
    const answer = await me(server, people[nr % people.length].access);
    t.expectStatus(answer, 200, `${name}, /users/me`);
    times.push(answer.ms);
  });
  t.expectStatus(await server.get('/health/ready'), 200, `${name}, ready`);
  const answers = await result;
  await watch();
  for (const { status, retryAfter } of answers) {
    t.expect([401, 429, 503].includes(status), `${name}: a wrong password got ${status}`);
    if (status !== 401) t.expect(Number(retryAfter) >= 1, `${name}: ${status} without Retry-After`);
  }
  // When the flood is over the queue is soon empty: the next person signs in.
  const after = await server.post('/auth/login', {
    email: people[0].email,
    password: 'correct horse battery staple',
  });
  t.expectStatus(after, name === 'limits on' ? [200, 429] : 200, `${name}, sign-in afterwards`);
  t.number(`${name}, /users/me`, spread(times));
  t.number(
    `${name}, wrong passwords`,
    `${tally(answers.map(({ status }) => status))}; memory at most ${mb(most)}`,
  );
}
