import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rows } from './support/database.mjs';
import { ms, repeat } from './support/measure.mjs';
import { makePeople, me, refresh, tokens } from './support/people.mjs';

export const keys = {
  name: 'keys',
  title: 'Signing keys change, three times in a row and then by a compromise, under load',
  promise:
    'No good token is refused by a rotation; every key was published before it signed; of a compromised key no token is taken a second later, and every session goes on.',
  run,
};

const TOOL = fileURLToPath(new URL('../../dist/cli/keys.js', import.meta.url));
const PER_SECOND = 100;
/** One use of a token in so many is a refresh. */
const REFRESHES = 5;

async function run(t) {
  const server = await t.start();
  const people = await makePeople(server, 12);
  const known = new Map(); // kid -> when it was first seen in the JWKS
  await readKeys(server, known);
  const load = underLoad(t, server, people, known);
  const rounds = t.rounds({ short: 1, full: 4 });
  let slowest = 0;
  for (let round = 0; round < rounds; round++) {
    for (let nr = 0; nr < 3; nr++) {
      const begun = performance.now();
      const { how, output } = await tool(t, server.dataDir, ['rotate', '--now']);
      slowest = Math.max(slowest, performance.now() - begun);
      t.expect(how === 0, `rotate: ${how}: ${output}`);
      await sleep(1500);
    }
    await compromise(t, server, people, load);
  }
  const { asked, signers } = await load.stop();
  t.expect(signers.size >= rounds * 4, `${signers.size} keys have signed`);
  for (const [kid, at] of signers) {
    const published = known.get(kid);
    t.expect(published !== undefined && published < at, `${kid} signed before it was published`);
  }
  for (const person of people)
    t.expectStatus(await refresh(server, person.refresh), 200, `${person.email} goes on`);
  t.number('rotations', `${rounds * 3}, slowest ${ms(slowest)} with the start of the tool`);
  t.number('compromised keys', rounds);
  t.number('good tokens shown meanwhile', asked);
  await server.end();
}

/** The key that signs goes; until everybody has refreshed, refusals of its tokens are right. */
async function compromise(t, server, people, load) {
  const [{ kid }] = rows(server.dataDir, `SELECT kid FROM SigningKey WHERE state = 'active'`);
  await load.pause();
  for (const person of people)
    Object.assign(person, tokens((await refresh(server, person.refresh)).body));
  const { how, output } = await tool(t, server.dataDir, ['compromise', kid]);
  t.expect(how === 0, `compromise: ${how}: ${output}`);
  await sleep(1000); // "a running server follows within a second"
  for (const person of people) {
    if (kidOf(person.access) === kid)
      t.expectStatus(await me(server, person.access), 401, 'a token of a compromised key');
    const answer = await refresh(server, person.refresh);
    if (t.expectStatus(answer, 200, 'a refresh after a compromise'))
      Object.assign(person, tokens(answer.body));
    t.expectStatus(await me(server, person.access), 200, 'the token after it');
  }
  load.goOn();
}

/** Everybody shows their token, again and again, and refreshes now and then. */
function underLoad(t, server, people, known) {
  const signers = new Map();
  const uses = people.map((_, nr) => nr);
  let asked = 0;
  let paused = false;
  let busy = 0;
  const turns = people.map((person, nr) =>
    repeat(
      async () => {
        if (paused) return;
        busy++;
        try {
          const kid = kidOf(person.access);
          if (!signers.has(kid)) signers.set(kid, performance.now());
          t.expectStatus(await me(server, person.access), 200, 'a good token');
          asked++;
          if (++uses[nr] % REFRESHES !== 0) return;
          const answer = await refresh(server, person.refresh);
          if (t.expectStatus(answer, 200, 'a refresh')) Object.assign(person, tokens(answer.body));
        } finally {
          busy--;
        }
      },
      (1000 * people.length) / PER_SECOND,
    ),
  );
  const look = repeat(() => readKeys(server, known), 50);
  return {
    async pause() {
      paused = true;
      while (busy > 0) await sleep(5);
    },
    goOn: () => void (paused = false),
    async stop() {
      await Promise.all([...turns, look].map((stop) => stop()));
      return { asked, signers };
    },
  };
}

async function readKeys(server, known) {
  const at = performance.now();
  const { body } = await server.get('/.well-known/jwks.json');
  for (const { kid } of body.keys) if (!known.has(kid)) known.set(kid, at);
}

function kidOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
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
