import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tally, within } from './support/measure.mjs';
import { makePerson, me, must, PASSWORD, refresh, signIn } from './support/people.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;

export const clock = {
  name: 'clock',
  title: 'The clock is set forward and back while the server runs',
  promise:
    'Nothing used up or ended works again, no token outlives its life by more than a minute, and mail and sign-in go on.',
  needs: () => (library() === undefined ? ['faketime (Debian package)'] : []),
  run,
};

/** Seconds the clock is wrong by. Each step is followed by one back to the right time. */
const STEPS = { '+60 s': 60, '-60 s': -60, '+1 h': HOUR, '-1 h': -HOUR, '+400 d': 400 * DAY };

async function run(t) {
  const folder = t.folder();
  const file = join(folder, 'offset');
  const set = (seconds) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  set(0);
  const server = await t.start(
    {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1', // read at every look at the clock
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    { dataDir: folder },
  );
  await expectFaked(t, server, set);

  const story = [];
  for (const [name, seconds] of Object.entries(STEPS)) {
    const people = await prepare(t, server, name);
    set(seconds);
    await whileWrong(t, server, people, name, seconds);
    set(0);
    await whenRight(t, server, people, name, seconds);
    t.expectStatus(await server.get('/health/ready'), 200, `${name}, ready`);
    story.push(name);
    t.say(`${name}: done`);
  }
  t.number('steps', `${story.join(', ')}, each and back`);
  t.number('mails after a step back', await mailsOverStep(t, server, set));
  await stepsUnderLoad(t, server, set);
  await server.end();
}

/** So that a trial that changes nothing does not pass. */
async function expectFaked(t, server, set) {
  set(7 * DAY);
  const changed = await within(5000, async () => {
    const { headers } = await server.get('/health'); // Node computes the date once a second
    return Math.abs(Date.parse(headers.date) - Date.now() - 7 * DAY * 1000) < 60_000;
  });
  set(0);
  if (!changed) throw new Error('The clock cannot be changed.');
}

/** People in every state that must not come back, made at the right time. */
async function prepare(t, server, name) {
  const email = (who) => `${who}${Object.keys(STEPS).indexOf(name)}@example.org`;
  const ada = await makePerson(server, email('ada'));
  const first = ada.refresh;
  const rotated = await must(200, refresh(server, first));
  const ended = await signIn(server, ada.email);
  await must(204, server.post('/auth/logout', undefined, { bearer: ended.access }));
  const bob = await makePerson(server, email('bob'));
  await must(202, server.post('/auth/password/forgot', { email: bob.email }));
  const { token: reset } = await server.mail(bob.email);
  const password = `${PASSWORD} again`;
  await must(204, server.post('/auth/password/reset', { token: reset, password }));
  await must(202, server.post('/auth/register', { email: email('cy'), password: PASSWORD }));
  const { token: verify } = await server.mail(email('cy'));
  await must(200, server.post('/auth/verify-email', { token: verify }));
  return {
    email: ada.email,
    access: rotated.body.access_token,
    refresh: rotated.body.refresh_token,
    ended,
    reset,
    verify,
    password,
  };
}

async function whileWrong(t, server, people, name, seconds) {
  const { access } = people;
  const alive = seconds < 15 * 60;
  const current = await me(server, access);
  // RFC 7519 leaves some leeway for clock skew; ours is a minute. Before it was issued by more
  // than that, a token is refused like one that has expired: the client refreshes.
  if (Math.abs(seconds) <= 60) t.expectStatus(current, 200, `${name}, access token`);
  else t.expectStatus(current, alive ? [200, 401] : 401, `${name}, access token`);
  await expectStillOver(t, server, people, `${name}, wrong clock`);

  const next = await refresh(server, people.refresh);
  if (seconds > 90 * DAY) {
    t.expectStatus(next, 401, `${name}, refresh token after its life`);
  } else if (t.expectStatus(next, 200, `${name}, refresh`)) {
    people.replaced = people.refresh;
    people.refresh = next.body.refresh_token;
    people.access = next.body.access_token;
  }
  const login = await server.post('/auth/login', { email: people.email, password: PASSWORD });
  if (t.expectStatus(login, 200, `${name}, sign-in`)) {
    people.made = { access: login.body.access_token, refresh: login.body.refresh_token };
    t.expectStatus(await me(server, people.made.access), 200, `${name}, its access token`);
  }
}

async function whenRight(t, server, people, name, seconds) {
  await expectStillOver(t, server, people, `${name}, right again`);
  const future = await me(server, people.made.access);
  const statuses = seconds > 60 ? 401 : seconds < -15 * 60 ? 401 : 200;
  t.expectStatus(future, statuses, `${name}, access token made at the wrong time`);
  t.expectStatus(await refresh(server, people.made.refresh), 200, `${name}, refresh after it`);
  t.expectStatus(await refresh(server, people.refresh), 200, `${name}, the newest refresh token`);
  // What was replaced at the wrong time leads nowhere new, and shows that two hold it.
  if (people.replaced !== undefined)
    t.expectStatus(await refresh(server, people.replaced), 401, `${name}, replaced refresh token`);
  await signIn(server, people.email);
}

async function expectStillOver(t, server, { ended, reset, verify, email }, when) {
  t.expectStatus(await me(server, ended.access), 401, `${when}, access token of an ended session`);
  t.expectStatus(await refresh(server, ended.refresh), 401, `${when}, ended session`);
  const again = await server.post('/auth/password/reset', { token: reset, password: PASSWORD });
  t.expectStatus(again, 400, `${when}, used reset link of the account next to ${email}`);
  const verified = await server.post('/auth/verify-email', { token: verify });
  t.expect(
    verified.body.status !== 'verified',
    `${when}: a confirmation that was used says verified`,
  );
}

/** A mail that was asked for while the clock was fast does not wait until it is that late again. */
async function mailsOverStep(t, server, set) {
  let arrived = 0;
  const steps = [60, HOUR, 400 * DAY];
  for (const [nr, seconds] of steps.entries()) {
    const email = `late${nr}@example.org`;
    set(seconds);
    await must(202, server.post('/auth/register', { email, password: PASSWORD }));
    set(0); // sooner than the worker, which pauses first
    const came = await within(90_000, async () => {
      const { status } = await server.get(`/dev/mail/latest?wait=1&to=${email}`);
      return status === 200;
    });
    if (t.expect(came, `a mail asked for ${seconds} s ahead does not come`)) arrived++;
  }
  return `${arrived} of ${steps.length}`;
}

async function stepsUnderLoad(t, server, set) {
  const answers = [];
  let person = await signIn(server, 'ada0@example.org');
  for (let nr = 0; nr < t.rounds({ short: 10, full: 100 }); nr++) {
    set([60, -60, 0, HOUR, 0, -HOUR, 0][nr % 7]);
    const next = await refresh(server, person.refresh);
    answers.push(next.status);
    if (t.expectStatus(next, 200, 'refresh while the clock steps'))
      person = { access: next.body.access_token, refresh: next.body.refresh_token };
    t.expectStatus(await me(server, person.access), 200, 'a fresh access token');
    await sleep(5);
  }
  set(0);
  t.number('refreshes while it steps', tally(answers));
}

/** Where Debian puts it, whatever the architecture. */
function library() {
  for (const folder of folders('/usr/lib')) {
    const found = folders(join('/usr/lib', folder, 'faketime')).find((name) =>
      name.startsWith('libfaketimeMT'),
    );
    if (found !== undefined) return join('/usr/lib', folder, 'faketime', found);
  }
  return undefined;
}

function folders(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
