import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { count, expectWhole, rows } from './support/database.mjs';
import { ms, repeat } from './support/measure.mjs';
import { makePeople, PASSWORD, refresh, signIn, tokens } from './support/people.mjs';

export const backup = {
  name: 'backup',
  title: 'Backups while everybody writes, restored elsewhere',
  promise:
    'Each backup is one moment between two commits, holds all that was acknowledged before it was begun, and serves from another folder.',
  run,
};

const TOOL = fileURLToPath(new URL('../../dist/cli/backup.js', import.meta.url));
/** Tables that nothing but requests writes to: they are as the backup had them. */
const KEPT = ['User', 'UserRole', 'Role', 'SigningKey'];

async function run(t) {
  if (!existsSync(TOOL)) throw new Error('This build has no dist/cli/backup.js.');
  const server = await t.start();
  const people = await makePeople(server, 12);
  const registered = [];
  const stop = load(t, server, people, registered);
  const times = [];
  const rounds = t.rounds({ short: 2, full: 20 });
  for (let round = 0; round < rounds; round++) {
    const acknowledged = [...registered];
    const begun = performance.now();
    const made = await tool(t, server.dataDir, ['create']);
    times.push(performance.now() - begun);
    const path = made.output
      .trim()
      .split('\n')
      .find((line) => existsSync(line.trim()))
      ?.trim();
    if (!t.expect(made.how === 0 && path, `create: ${made.how}: ${made.output}`)) break;
    const verified = await tool(t, server.dataDir, ['verify', path]);
    t.expect(verified.how === 0, `verify: ${verified.how}: ${verified.output}`);
    await elsewhere(t, path, acknowledged, people);
    t.say(`${round + 1}/${rounds} backups`);
  }
  const refused = await tool(t, server.dataDir, [
    'restore',
    join(server.dataDir, 'backups'),
    '--force',
  ]);
  t.expect(refused.how !== 0, 'restoring over a running server is not refused');
  await stop();
  for (const person of people)
    t.expectStatus(await refresh(server, person.refresh), 200, `${person.email} goes on`);
  await server.end();
  expectWhole(t, server.dataDir, 'after the backups');
  t.number('backups restored and compared', times.length);
  t.number('slowest backup', ms(Math.max(0, ...times)));
  t.number('registrations meanwhile', registered.length);
}

/** Restores into an empty folder, starts a server there, and compares. */
async function elsewhere(t, path, acknowledged, people) {
  const dataDir = t.folder();
  const restored = await tool(t, dataDir, ['restore', path]);
  if (!t.expect(restored.how === 0, `restore: ${restored.how}: ${restored.output}`)) return;
  expectWhole(t, dataDir, 'a restored backup');
  const before = digest(dataDir);
  const there = await t.start({}, { dataDir });
  t.expect(digest(dataDir) === before, 'the restored tables change by the start');
  const missing = acknowledged.filter(
    (email) => count(dataDir, 'User', 'emailKey = ?', email) === 0,
  );
  t.expect(missing.length === 0, `${missing.length} accounts acknowledged before are missing`);
  await signIn(there, people[0].email);
  // Sessions of the time of the backup end: some may have been ended since.
  t.expectStatus(await refresh(there, people[1].refresh), 401, 'a session from before the backup');
  await there.end();
}

function digest(dataDir) {
  const hash = createHash('sha256');
  for (const table of KEPT)
    hash.update(JSON.stringify(rows(dataDir, `SELECT * FROM "${table}" ORDER BY rowid`)));
  return hash.digest('hex');
}

function load(t, server, people, registered) {
  let nr = 0;
  const stops = people.map((person) =>
    repeat(async () => {
      const answer = await refresh(server, person.refresh);
      if (t.expectStatus(answer, 200, 'a refresh beside a backup'))
        Object.assign(person, tokens(answer.body));
    }, 5),
  );
  stops.push(
    repeat(async () => {
      const email = `late${nr++}@example.org`;
      const answer = await server.post('/auth/register', { email, password: PASSWORD });
      if (t.expectStatus(answer, 202, 'a registration beside a backup')) registered.push(email);
    }, 5),
  );
  return () => Promise.all(stops.map((stop) => stop()));
}

function tool(t, dataDir, args) {
  const env = {
    PATH: process.env.PATH,
    MODE: 'development',
    DATA_DIR: dataDir,
    PUBLIC_URL: 'http://localhost:4990',
    LOG_LEVEL: 'warn',
  };
  return t.run(process.execPath, [TOOL, ...args], { env, cwd: dataDir });
}
