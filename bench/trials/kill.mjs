import { setTimeout as sleep } from 'node:timers/promises';
import { count, expectWhole, rows } from './support/database.mjs';
import { NoAnswer } from './support/client.mjs';
import { atOnce, inLanes, ms, spread, within } from './support/measure.mjs';
import { me, PASSWORD, refresh, tokens } from './support/people.mjs';

export const kill = {
  name: 'kill',
  title: 'kill -9 at random moments under mixed load',
  promise:
    'All that was acknowledged is there, what was not is whole or absent, and the newest refresh token anybody received works.',
  run,
};

const LANES = 8;
/** Between a kill and the next refresh may lie more than the usual ten seconds. */
const ENV = { REFRESH_GRACE: '60s' };

async function run(t) {
  const rounds = t.rounds({ short: 5, full: 200 });
  const dataDir = t.folder();
  const all = [];
  const starts = [];
  let kills = 0;
  let acknowledged = 0;
  const acknowledge = () => acknowledged++;

  let server = await t.start(ENV, { dataDir });
  for (let round = 0; round < rounds; round++) {
    const lives = [];
    const loads = atOnce(LANES, () =>
      lane(t, server, lives, () => all.length + lives.length, acknowledge),
    );
    const until = acknowledged + Math.random() * 80;
    await within(20_000, () => acknowledged >= until, 1);
    await sleep(Math.random() * 20);
    await server.end('SIGKILL');
    await loads;
    kills++;
    expectWhole(t, dataDir, `round ${round}`);

    if (round % 8 === 7) {
      const half = await t.launch(ENV, { dataDir });
      await sleep(Math.random() * 800);
      await half.end('SIGKILL');
      kills++;
      expectWhole(t, dataDir, `round ${round}, killed while it started`);
    }
    server = await t.start(ENV, { dataDir });
    starts.push(server.startMs);
    await inLanes(LANES, lives.length, (nr) => expectKept(t, server, lives[nr], dataDir));
    all.push(...lives);
    t.say(`${round + 1}/${rounds} kills, ${acknowledged} acknowledged`);
  }

  // Once more at the end: no later round took away what an earlier one had shown to be there.
  await inLanes(LANES, all.length, (nr) => expectStillThere(t, server, all[nr]));
  if (!t.options.short) await expectAllMailSent(t, dataDir);
  await server.end();
  expectWhole(t, dataDir, 'at the end');

  t.number('kills', kills);
  t.number('acknowledged writes checked', acknowledged);
  t.number('accounts', all.filter((life) => life.registered).length);
  t.number('ready again after', spread(starts));
  t.number('slowest start', ms(Math.max(...starts)));
}

/** One person after the other, until the server is gone. */
async function lane(t, server, lives, number, acknowledge) {
  try {
    for (;;) {
      const nr = number();
      const life = { email: `person${nr}@example.org`, password: PASSWORD, dead: [] };
      lives.push(life);
      await live(t, server, life, nr, acknowledge);
    }
  } catch (error) {
    if (error instanceof NoAnswer && error.code !== 'HUNG') return; // the kill
    t.violation(`under load: ${error.message}`);
  }
}

/** Registers, confirms, signs in and refreshes; some sign out, some set a new password. */
async function live(t, server, life, nr, acknowledge) {
  const { email } = life;
  const acknowledged = async (status, answering) => {
    const answer = await answering;
    if (answer.status !== status) throw new Error(`${answer.status} for ${status}: ${answer.text}`);
    acknowledge();
    return answer.body;
  };
  const post = (path, json, options) => server.post(path, json, options);
  const signIn = async () =>
    take(life, await acknowledged(200, post('/auth/login', { email, password: life.password })));

  await acknowledged(202, post('/auth/register', { email, password: life.password }));
  life.registered = true;
  life.token = (await server.mail(email)).token;
  await acknowledged(200, post('/auth/verify-email', { token: life.token }));
  life.confirmed = true;
  await signIn();
  for (let i = 0; i < 4; i++)
    take(life, await acknowledged(200, post('/auth/refresh', { refresh_token: life.refresh })));

  if (nr % 3 === 1) {
    life.ending = true;
    await acknowledged(204, post('/auth/logout', undefined, { bearer: life.access }));
    buryTokens(life);
  }
  if (nr % 3 === 2) {
    await acknowledged(202, post('/auth/password/forgot', { email }));
    const { token } = await server.mail(email);
    life.nextPassword = `${PASSWORD} number ${nr}`;
    await acknowledged(204, post('/auth/password/reset', { token, password: life.nextPassword }));
    life.password = life.nextPassword;
    life.nextPassword = undefined;
    buryTokens(life);
    await signIn();
  }
}

function take(life, body) {
  Object.assign(life, tokens(body));
}

/** The session has ended for certain. */
function buryTokens(life) {
  life.dead.push({ access: life.access, refresh: life.refresh });
  life.ending = false;
  life.access = life.refresh = undefined;
}

async function expectKept(t, server, life, dataDir) {
  const { email } = life;
  if (!life.registered) return expectWholeOrAbsent(t, server, life);
  if (!life.confirmed && !(await confirm(t, server, life, dataDir))) return;

  if (life.nextPassword !== undefined) await settlePassword(t, server, life);
  const login = await server.post('/auth/login', { email, password: life.password });
  t.expectStatus(login, 200, `${email} signs in`);
  for (const dead of life.dead) {
    t.expectStatus(
      await me(server, dead.access),
      401,
      `${email}, access token of an ended session`,
    );
    t.expectStatus(
      await refresh(server, dead.refresh),
      401,
      `${email}, refresh token of an ended session`,
    );
  }
  if (life.refresh === undefined) return;
  const statuses = life.ending ? [200, 401] : 200; // the sign-out was under way
  t.expectStatus(await me(server, life.access), statuses, `${email}, newest access token`);
  t.expectStatus(await refresh(server, life.refresh), statuses, `${email}, newest refresh token`);
}

async function expectWholeOrAbsent(t, server, { email, password }) {
  const answer = await server.post('/auth/login', { email, password });
  t.expectStatus(answer, [401, 403], `${email}, never acknowledged`);
}

/** False when the dead process had begun to send the mail: it holds it for a minute. */
async function confirm(t, server, life, dataDir) {
  const { email } = life;
  if (life.token === undefined) {
    const mails = rows(dataDir, 'SELECT state FROM OutboxMail WHERE recipientKey = ?', email);
    if (!t.expect(mails.length > 0, `${email}: the mail is lost`)) return false;
    if (mails.some(({ state }) => state === 'sending')) return false;
    life.token = (await server.mail(email)).token;
  }
  const answer = await server.post('/auth/verify-email', { token: life.token });
  life.confirmed = t.expectStatus(answer, 200, `${email} confirms`);
  return life.confirmed;
}

/** The change of password was under way: it happened, and ended the session, or it did not. */
async function settlePassword(t, server, life) {
  const { email, nextPassword: password } = life;
  const answer = await server.post('/auth/login', { email, password });
  t.expectStatus(answer, [200, 401], `${email}, new password that was not acknowledged`);
  life.nextPassword = undefined;
  if (answer.status !== 200) return;
  life.password = password;
  buryTokens(life);
}

async function expectStillThere(t, server, { email, password, confirmed, dead }) {
  if (!confirmed) return;
  const answer = await server.post('/auth/login', { email, password });
  t.expectStatus(answer, 200, `${email} signs in at the end`);
  for (const { refresh: token } of dead)
    t.expectStatus(await refresh(server, token), 401, `${email}, ended session at the end`);
}

/** What a dead process held is sent after a minute. */
async function expectAllMailSent(t, dataDir) {
  t.say('waiting for the last mails');
  const left = () => count(dataDir, 'OutboxMail', `state IN ('requested', 'queued', 'sending')`);
  const sent = await within(90_000, () => left() === 0, 500);
  t.expect(sent, `${left()} mails are not sent after 90 s`);
  const dead = count(dataDir, 'OutboxMail', `state = 'dead'`);
  t.expect(dead === 0, `${dead} mails were given up`);
}
