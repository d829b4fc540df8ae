import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectWhole, hold } from './support/database.mjs';
import { mb, repeat, spread, tally } from './support/measure.mjs';
import { makePeople, me, refresh, tokens } from './support/people.mjs';

export const locks = {
  name: 'locks',
  title: 'Another process reads without end, then holds the write lock',
  promise:
    'A reader stops nobody, and the write-ahead log starts over once it is gone; a lock is waited for, past 5 s answered by 503 with Retry-After, and a second after its end nothing fails.',
  run,
};

async function run(t) {
  const server = await t.start();
  const people = await makePeople(server, 16);
  await longReader(t, server, people, t.size({ short: 8000, full: 60_000, long: 600_000 }));
  for (const seconds of t.options.short ? [5] : [5, 12]) await lock(t, server, people, seconds);
  await server.end();
  expectWhole(t, server.dataDir, 'after locks');
}

async function longReader(t, server, people, duration) {
  const wal = () => statSync(join(server.dataDir, 'latchkey.db-wal')).size;
  const before = wal();
  const statuses = [];
  const stop = load(t, server, people, (answer) => {
    statuses.push(answer.status);
    t.expect(answer.status === 200, `with a long reader: ${answer.status}: ${answer.text}`);
  });
  const release = hold(server.dataDir, 'read');
  for (const end = performance.now() + duration; performance.now() < end;) {
    await sleep(1000);
    t.say(`long reader: log of ${mb(wal())}`);
  }
  const most = wal();
  release();
  await sleep(2000); // the next commit starts the log over
  const after = wal();
  await sleep(2000);
  t.expect(wal() <= after, 'the log goes on growing when the reader is gone');
  await stop();
  t.number('long reader', `${duration / 1000} s, ${tally(statuses)}`);
  t.number('write-ahead log', `${mb(before)} before, ${mb(most)} with it, ${mb(wal())} after`);
}

async function lock(t, server, people, seconds) {
  const reads = [];
  const writes = [];
  let freeAt = Infinity;
  const stop = load(t, server, people, (answer, { from, isRead }) => {
    (isRead ? reads : writes).push(answer);
    if (isRead) return t.expect(answer.status === 200, `read with a lock: ${answer.status}`);
    if (answer.status === 503) {
      t.expect(Number(answer.headers['retry-after']) >= 1, '503 without Retry-After');
      return t.expect(from < freeAt + 1000, 'a write fails more than a second after the lock');
    }
    return t.expect(answer.status === 200, `write with a lock: ${answer.status}: ${answer.text}`);
  });
  const release = hold(server.dataDir, 'write');
  await sleep(seconds * 1000);
  release();
  freeAt = performance.now();
  await sleep(3000);
  await stop();
  t.number(
    `lock of ${seconds} s, writes`,
    `${tally(writes.map(({ status }) => status))}; ${spread(writes.map((answer) => answer.ms))}`,
  );
  t.number(`lock of ${seconds} s, reads`, spread(reads.map((answer) => answer.ms)));
}

/** Everybody refreshes and reads; the result stops it. */
function load(t, server, people, seen) {
  const stops = people.map((person) =>
    repeat(async () => {
      const from = performance.now();
      const answer = await refresh(server, person.refresh);
      if (answer.status === 200) Object.assign(person, tokens(answer.body));
      seen(answer, { from, isRead: false });
    }, 50),
  );
  const [first] = people;
  stops.push(repeat(async () => seen(await me(server, first.access), { isRead: true }), 20));
  return () => Promise.all(stops.map((stop) => stop()));
}
