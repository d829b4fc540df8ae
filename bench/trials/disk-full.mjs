import { spawnSync } from 'node:child_process';
import { statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN } from './support/server.mjs';
import { count, expectWhole } from './support/database.mjs';
import { ms, within } from './support/measure.mjs';
import { makePeople, me, PASSWORD, refresh, signIn, tokens } from './support/people.mjs';

export const diskFull = {
  name: 'disk-full',
  title: 'A full disk',
  promise:
    'Writes are refused with 503 and Retry-After, reads and token checks go on, nothing acknowledged is lost, and it recovers by itself.',
  run,
};

const DISK = 64 * 2 ** 20;

async function run(t) {
  const disk = smallDisk(t) ?? fileSizeLimit(t);
  t.number('the disk is', disk.what);
  const server = await t.start({}, { dataDir: disk.folder, command: disk.command });
  const people = await makePeople(server, t.size({ short: 8, full: 40 }));
  let acknowledged = 0;
  let refused = 0;

  /** One write of each kind for everybody; what is acknowledged counts from then on. */
  const writes = async (full) => {
    let failed = 0;
    for (const [nr, person] of people.entries()) {
      const answers = [await refresh(server, person.refresh)];
      if (answers[0].status === 200) Object.assign(person, tokens(answers[0].body));
      const email = `late${nr}-${acknowledged}-${refused}@example.org`;
      answers.push(await server.post('/auth/register', { email, password: PASSWORD }));
      if (answers[1].status === 202) (person.registered ??= []).push(email);
      for (const answer of answers) {
        const ok = t.expectStatus(answer, full ? [200, 202, 503] : [200, 202], 'a write');
        if (answer.status === 503) {
          failed++;
          t.expect(Number(answer.headers['retry-after']) >= 1, '503 without Retry-After');
        } else if (ok) {
          acknowledged++;
        }
      }
      t.expectStatus(await me(server, person.access), 200, 'a token check');
    }
    refused += failed;
    return failed;
  };

  for (let round = 0; round < t.rounds({ short: 2, full: 5 }); round++) {
    await writes(false);
    const free = disk.fill(server);
    const saw = await within(60_000, async () => (await writes(true)) > 0, 0);
    t.expect(saw, 'the disk was never full');
    t.expect((await writes(true)) > 0, 'a full disk refuses no write');
    for (const path of ['/health', '/.well-known/jwks.json'])
      t.expectStatus(await server.get(path), 200, `${path} with a full disk`);
    free();
    const begun = performance.now();
    // One write at a time, as clients would that obey Retry-After.
    const back = await within(30_000, async () => {
      const answer = await refresh(server, people[0].refresh);
      if (answer.status === 200) Object.assign(people[0], tokens(answer.body));
      return answer.status === 200;
    });
    t.expect(back, 'it does not recover when there is room again');
    t.number(`room again, round ${round + 1}`, `writes after ${ms(performance.now() - begun)}`);
    t.say(`round ${round + 1}: ${refused} refused, ${acknowledged} acknowledged`);
  }
  await writes(false);
  await sleep(300);
  await server.end('SIGKILL');
  expectWhole(t, disk.folder, 'after a full disk');

  const again = await t.start({}, { dataDir: disk.folder });
  for (const person of people) {
    t.expectStatus(await refresh(again, person.refresh), 200, `${person.email}, newest token`);
    await signIn(again, person.email);
    for (const email of person.registered ?? []) {
      // What the killed process had begun to send is its own for a minute. The mailbox for
      // development keeps the newest 200 alone, so the outbox is asked.
      const came = await within(75_000, () => {
        return (
          count(disk.folder, 'OutboxMail', `"recipientKey" = ? AND "state" = 'sent'`, email) > 0
        );
      });
      t.expect(came, `${email} was registered while the disk was nearly full and has no mail`);
    }
  }
  await again.end();
  t.number('writes acknowledged, refused', `${acknowledged}, ${refused}`);
}

/** A file system in memory; undefined where it may not be mounted. */
function smallDisk(t) {
  const folder = t.folder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]);
  if (mounted.status !== 0) return undefined;
  t.afterwards(() => spawnSync('umount', [folder]));
  const ballast = join(folder, 'ballast');
  return {
    what: `a tmpfs of ${DISK / 2 ** 20} MB`,
    folder,
    command: undefined,
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail - 16) * bsize, 1));
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error; // full is what it is to be
      }
      return () => truncateSync(ballast);
    },
  };
}

/** Without rights to mount: no file of the server may grow any more (RLIMIT_FSIZE). */
function fileSizeLimit(t) {
  const folder = t.folder();
  return {
    what: 'a limit on the size of files (mounting a tmpfs is not permitted here)',
    folder,
    command: [process.execPath, MAIN],
    fill: ({ child }) => {
      const wal = statSync(join(folder, 'latchkey.db-wal')).size;
      limit(child.pid, wal + 16 * 1024);
      return () => limit(child.pid, 'unlimited');
    },
  };
}

function limit(pid, bytes) {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}
