import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { count } from './support/database.mjs';
import { ms, repeat, spread } from './support/measure.mjs';
import { makePerson, me, must, refresh, signIn } from './support/people.mjs';

export const sessions = {
  name: 'sessions',
  title: 'Thousands of sessions of one person, among many more',
  promise:
    'The list is whole; once ending them all is answered, every one is dead and everybody else is signed in; the clean-up stops nobody.',
  run,
};

const SERVER = fileURLToPath(new URL('support/server-with-clean-up.mjs', import.meta.url));
const DAY = 86_400_000;
/** User agent of the rows that were added past the server. */
const MADE = 'made by the trial';

async function run(t) {
  const own = t.size({ short: 2000, full: 10_000 });
  const others = t.size({ short: 8000, full: 90_000 });
  const server = await t.start({ LOG_LEVEL: 'error' }, { command: [process.execPath, SERVER] });
  const ada = await makePerson(server, 'ada@example.org');
  const bob = await makePerson(server, 'bob@example.org');
  const real = [];
  for (let nr = 0; nr < 20; nr++) real.push(await signIn(server, 'ada@example.org'));
  const mine = (await me(server, ada.access)).body.id;
  const theirs = (await me(server, bob.access)).body.id;
  addSessions(server.dataDir, mine, own, Date.now() - 60_000);
  addSessions(server.dataDir, theirs, others, Date.now() - 60_000);
  await sleep(1000); // the server has noticed that another process wrote

  const standing = real.concat([ada]);
  await expectWholeList(t, server, ada, own + standing.length);
  const health = pulse(server);
  const begun = performance.now();
  await must(204, server.delete('/auth/sessions', { bearer: ada.access }));
  const took = performance.now() - begun;
  await expectDead(t, server, standing);
  t.expectStatus(await me(server, bob.access), 200, 'another person');
  t.expectStatus(await refresh(server, bob.refresh), 200, "another person's refresh");
  const alive = count(server.dataDir, 'Session', 'userId = ? AND endedAt IS NULL', theirs);
  t.expect(alive === others + 1, `${alive} of ${others + 1} sessions of others live`);
  t.number(
    `ending ${own + standing.length} of ${own + others} sessions`,
    `${ms(took)}, others waited ${await health()}`,
  );

  await cleanUp(t, server, theirs, others);
  await server.end();
}

async function expectDead(t, server, standing) {
  for (const { access, refresh: token } of standing) {
    t.expectStatus(await me(server, access), 401, 'access token of an ended session');
    t.expectStatus(await refresh(server, token), 401, 'refresh token of an ended session');
  }
}

async function expectWholeList(t, server, { access }, wanted) {
  const ids = new Set();
  let seen = 0;
  const begun = performance.now();
  for (let cursor = ''; cursor !== null;) {
    const query = `limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const { body } = await must(200, server.get(`/auth/sessions?${query}`, { bearer: access }));
    for (const { id } of body.items) ids.add(id);
    seen += body.items.length;
    cursor = body.nextCursor;
  }
  t.expect(seen === wanted && ids.size === wanted, `the list holds ${ids.size} of ${wanted}`);
  t.number('listing them', `${ms(performance.now() - begun)} in pages of 200`);
}

/** Everything of the others ends and lies a long time back; the server's own clean-up removes it. */
async function cleanUp(t, server, userId, others) {
  const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'), { timeout: 10_000 });
  db.prepare('UPDATE Session SET idleExpiresAt = ? WHERE userId = ? AND userAgent = ?').run(
    isoTime(Date.now() - 40 * DAY),
    userId,
    MADE,
  );
  db.close();
  const health = pulse(server);
  const done = new Promise((resolve, reject) => {
    server.child.once('message', resolve);
    server.ended.then(() => reject(new Error('the server ended')));
  });
  const begun = performance.now();
  server.child.send('clean up');
  const { removed, loopDelayMs } = await done;
  const took = performance.now() - begun;
  t.expect(removed.sessions === others, `the clean-up removed ${removed.sessions} of ${others}`);
  t.number(
    `clean-up of ${others}`,
    `${ms(took)}, others waited ${await health()}, longest stop of the event loop ${ms(loopDelayMs)}`,
  );
}

/** Rows such as a sign-in writes. */
function addSessions(dataDir, userId, some, at) {
  const db = new BetterSqlite3(join(dataDir, 'latchkey.db'), { timeout: 10_000 });
  const [like] = db.prepare('SELECT * FROM Session WHERE userId = ? LIMIT 1').all(userId);
  const columns = Object.keys(like);
  const insert = db.prepare(
    `INSERT INTO Session (${columns.map((name) => `"${name}"`)}) VALUES (${columns.map((name) => `@${name}`)})`,
  );
  for (let from = 0; from < some; from += 5000) {
    db.transaction(() => {
      for (let nr = from; nr < Math.min(some, from + 5000); nr++)
        insert.run({ ...like, id: uuidLike(at), salt: randomBytes(32), userAgent: MADE });
    }).immediate();
  }
  db.close();
}

/** As Prisma writes it. */
function isoTime(at) {
  return new Date(at).toISOString().replace('Z', '+00:00');
}

function uuidLike(at) {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** How long /health takes meanwhile; the result stops and tells. */
function pulse(server) {
  const times = [];
  const stop = repeat(async () => times.push((await server.get('/health')).ms), 5);
  return async () => {
    await stop();
    return spread(times);
  };
}
