import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './support/client.mjs';
import { atOnce, repeat, spread } from './support/measure.mjs';
import { makePeople, me, PASSWORD, refresh } from './support/people.mjs';

export const refreshStorm = {
  name: 'refresh-storm',
  title: '200 uses of one refresh token at once',
  promise: 'One successor for all of them, no error, and the session goes on.',
  run,
};

const USES = 200;
const CONNECTIONS = 50;
const CLI = fileURLToPath(new URL('../../dist/cli/', import.meta.url));

async function run(t) {
  const tokens = t.rounds({ short: 10, full: 100 });
  const server = await t.start();
  const one = new Client(server.port, { connections: CONNECTIONS });
  t.afterwards(() => one.close());
  await storm(t, 'one process', server, [one], tokens);

  const tools = toolsBeside(t, server);
  await storm(t, 'tools beside', server, [one], tokens);
  await tools();

  const second = await aSecond(t, server.dataDir);
  if (second) {
    const two = new Client(second.port, { connections: CONNECTIONS });
    t.afterwards(() => two.close());
    await storm(t, 'two processes', server, [one, two], tokens);
    await second.end();
  }
  await server.end();
}

async function storm(t, name, server, clients, count) {
  const people = await makePeople(server, count, name.replace(' ', '-'));
  const times = [];
  for (const [nr, person] of people.entries()) {
    const answers = await atOnce(USES, (use) =>
      refresh(clients[use % clients.length], person.refresh),
    );
    times.push(...answers.map((answer) => answer.ms));
    for (const answer of answers) t.expectStatus(answer, 200, `${name}, ${person.email}`);
    const successors = new Set(answers.map(({ body }) => body?.refresh_token));
    t.expect(successors.size === 1, `${name}, ${person.email}: ${successors.size} successors`);
    const next = await refresh(clients.at(-1), [...successors][0]);
    if (t.expectStatus(next, 200, `${name}, ${person.email}, the successor`))
      t.expectStatus(await me(clients[0], next.body.access_token), 200, `${name}, access token`);
    if (nr % 10 === 9) t.say(`${name}: ${nr + 1}/${count} tokens`);
  }
  t.number(name, `${count} tokens x ${USES}, ${spread(times)}`);
}

/** The command-line tools, again and again, on the same file. The result stops them. */
function toolsBeside(t, { dataDir }) {
  const env = {
    PATH: process.env.PATH,
    MODE: 'development',
    DATA_DIR: dataDir,
    BCRYPT_COST: '4',
    PUBLIC_URL: 'http://localhost:4990',
    LOG_LEVEL: 'warn',
  };
  let runs = 0;
  const stop = repeat(async () => {
    const nr = runs++;
    const [script, args] =
      nr % 2 === 0
        ? ['users.js', ['export', join(dataDir, `export-${nr}.ndjson`)]]
        : ['admin.js', ['create', `admin${nr}@example.org`]];
    const { how, output } = await t.run(process.execPath, [join(CLI, script), ...args], {
      env,
      cwd: dataDir,
      input: `${PASSWORD}\n`,
    });
    t.expect(how === 0, `${script} ended with ${how}: ${output.slice(-300)}`);
  });
  return async () => {
    await stop();
    t.number('tools run beside', runs);
  };
}

/** A second server on the file; undefined when the first one's presence is a reason not to start. */
async function aSecond(t, dataDir) {
  const second = await t.launch({}, { dataDir });
  try {
    await second.ready();
    return second;
  } catch {
    const { ending } = second;
    second.ending = true;
    if (ending) return undefined;
    t.number('two processes', 'a second server is refused');
    return undefined;
  }
}
