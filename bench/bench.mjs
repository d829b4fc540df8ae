// npm run bench: the built server against the limits of this machine, in interleaved rounds.
//
//   --rounds N    rounds of each measurement (5; those that hash: 3 at most); the best of them counts
//   --seconds N   length of one measurement (2)
//   --runs N      all of it N times on fresh data; of each line the middle one is printed (1)
//   --only a,b    some of: bearer, basic, apikey, gateway, limits, login, refresh, register, list, flood, start
//   --json        the table as JSON
//   --markdown    the table as docs/performance.md shows it
//   --people N    accounts to work with (300); sign-in needs one for each
//   --profile F   writes a CPU profile of the server during the Bearer rounds to the folder F
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../scripts/build-if-stale.mjs';
import { drive, freePort, rssMb, startLatchkey, startLimit } from './support/processes.mjs';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    runs: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    profile: { type: 'string' },
    people: { type: 'string', default: '300' },
  },
});
const ROUNDS = Number(flags.rounds);
const SECONDS = Number(flags.seconds);
const CONNECTIONS = 50;
/** The load generators. What the ratio owes to which: docs/performance.md. */
const CANNON = 'cannon.mjs';
const LIGHT = 'load.mjs';
const COST = 10;
const PASSWORD = 'tall lanterns over quiet water';
const ADMIN = 'admin@example.com';
const METRICS_TOKEN = 'a-token-for-the-bench-alone';
const PEOPLE = Number(flags.people);
/** Pairs of servers with limits and without. */
const LIMIT_PAIRS = 5;
const AT_ONCE = 4 * availableParallelism();
/** Sign-ins before the first that is measured: code that runs 35 times a second is cold for long. */
const WARM_UP = 100;

let PORT = 0;

const wanted = flags.only?.split(',');
const isWanted = (name) => !wanted || wanted.includes(name);
const say = (text) => process.stderr.write(`${text}\n`);

async function measure() {
  const rows = [];
  if (isWanted('start')) rows.push(...(await measureStart()));
  if (!wanted || wanted.some((name) => name !== 'start')) rows.push(...(await measureRequests()));
  return rows;
}

/** A first start (migrations, keys) and later ones, until the first answer; and what it holds idle. */
async function measureStart() {
  const times = [];
  const memory = [];
  const dataDir = join(folder, 'start');
  for (let round = 0; round < 5; round++) {
    const server = await startLatchkey({ dataDir, logFd, port: PORT });
    times.push(server.startMs);
    if (round < 2) {
      await sleep(7000);
      memory.push(rssMb(server.pid));
    }
    await server.stop();
    say(`start ${round + 1}: ${Math.round(server.startMs)} ms`);
  }
  const best = Math.min(...times);
  return [
    row('start to the first answer', `${seconds(best)} s`, 'under 1.5 s', best < 1500, {
      value: best,
      detail: `first start ${seconds(times[0])} s`,
    }),
    row(
      'idle memory',
      `${Math.round(Math.max(...memory))} MB`,
      'under 120 MB',
      Math.max(...memory) < 120,
      { value: Math.max(...memory) },
    ),
  ];
}

async function measureRequests() {
  const dataDir = join(folder, 'data');
  const start = (more = {}, port = PORT, folderOfData = dataDir) =>
    startLatchkey({
      dataDir: folderOfData,
      logFd,
      port,
      env: {
        ADMIN_EMAIL: ADMIN,
        ADMIN_PASSWORD: PASSWORD,
        BCRYPT_COST: String(COST),
        METRICS_TOKEN,
        ...more,
      },
      nodeArgs: flags.profile ? ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] : [],
    });
  const server = await start();
  say(`making ${PEOPLE} accounts`);
  const people = await makePeople(PEOPLE);
  const admin = await login(ADMIN);
  const bearers = people.map(({ tokens }) => `Bearer ${tokens.access_token}`);
  const rows = [];
  const context = {
    dataDir,
    server,
    people,
    admin,
    bearers,
    start,
    async restart(more) {
      await context.server.stop();
      context.server = await start(more);
    },
  };
  for (const [name, run] of Object.entries(REQUESTS)) {
    if (isWanted(name)) rows.push(...(await run(context)));
  }
  await context.server.stop();
  return rows;
}

const REQUESTS = {
  async bearer(context) {
    const order = getOrder('/users/me', context.bearers);
    const limit = await startLimit('bytes.mjs', await sameBytes('/users/me', context.bearers[0]));
    for (const generator of [CANNON, LIGHT]) await drive(order, context.server.pid, generator); // warm
    const against = (name, generator) =>
      interleaved(
        name,
        () => drive({ ...order, port: limit.port }, limit.pid, generator),
        () => drive(order, context.server.pid, generator),
      );
    const cannon = await against('bearer', CANNON);
    const light = await against('bearer, light generator', LIGHT);
    await limit.stop();
    const name = 'GET /users/me, Bearer';
    const bare = 'bare node:http, same bytes';
    return [ratioRow(name, bare, cannon, 0.55), ratioRow(`${name}, light generator`, bare, light)];
  },

  async basic(context) {
    const basics = context.people
      .slice(0, 10)
      .map(({ email }) => `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}`);
    return [await againstBearer('GET /users/me, Basic again', basics, context, 0.7)];
  },

  async limits(context) {
    return [await limitsRow(context)];
  },

  async apikey(context) {
    const keys = await Promise.all(
      context.people
        .slice(0, 10)
        .map(({ tokens }) =>
          api('/auth/api-keys', { name: 'bench' }, { token: tokens.access_token }),
        ),
    );
    const bearers = keys.map(({ key }) => `Bearer ${key}`);
    return [await againstBearer('GET /users/me, API key', bearers, context, 0.77)];
  },

  async gateway(context) {
    const name = 'GET /auth/gateway, Bearer';
    return [await againstBearer(name, context.bearers, context, 0.83, '/auth/gateway')];
  },

  async login(context) {
    const emails = context.people.map(({ email }) => email);
    const order = {
      kind: 'login',
      port: PORT,
      connections: AT_ONCE,
      data: { emails: emails.slice(0, -WARM_UP), password: PASSWORD },
    };
    // A password that was right before costs no hash again; another process knows nothing of it.
    const afresh = async () => {
      await context.restart();
      await drive({
        ...order,
        seconds: 60,
        data: { emails: emails.slice(-WARM_UP), password: PASSWORD },
      });
    };
    return [await againstHashes('POST /auth/login', order, context, 0.9, afresh)];
  },

  async refresh(context) {
    const first = Array.from({ length: CONNECTIONS }, (_, i) => `${i}.0.first`);
    let ours = await freshTokens(context);
    const order = (tokens, port) => ({
      kind: 'refresh',
      port,
      connections: CONNECTIONS,
      seconds: SECONDS,
      data: { tokens },
    });
    const rounds = await interleaved(
      'refresh',
      async () => {
        const file = join(folder, `limit-${Math.random()}.db`);
        const own = await startLimit('refresh.mjs', {
          file,
          sessions: CONNECTIONS,
          ...(await refreshBytes(context.people[0].tokens)),
        });
        const result = await drive(order(first, own.port), own.pid);
        await own.stop();
        return result;
      },
      async () => {
        const result = await drive(order(ours, PORT), context.server.pid);
        ours = await freshTokens(context);
        return result;
      },
    );
    return [
      ratioRow('POST /auth/refresh', 'bare node:http, raw guarded update, ES256', rounds, 0.5),
    ];
  },

  async register(context) {
    const order = {
      kind: 'register',
      port: PORT,
      connections: AT_ONCE,
      data: { prefix: 'bench', password: PASSWORD },
    };
    return [await againstHashes('POST /auth/register', order, context, 0.85)];
  },

  async list(context) {
    const path = '/users?limit=50';
    const bearer = `Bearer ${context.admin.access_token}`;
    const order = getOrder(path, [bearer]);
    const limit = await startLimit('page.mjs', {
      file: join(context.dataDir, 'latchkey.db'),
      headers: (await sameBytes(path, bearer)).headers,
    });
    const rounds = await interleaved(
      'list',
      () => drive({ ...order, port: limit.port }, limit.pid),
      () => drive(order, context.server.pid),
    );
    await limit.stop();
    return [ratioRow('GET /users, 50 of them', 'bare node:http, raw SQL', rounds, 0.3)];
  },

  async flood(context) {
    await context.restart({ RATE_LIMITS: 'off' }); // they would turn the flood away unhashed
    const length = Math.max(SECONDS, 3); // a hundredth of less is too few to tell
    const steady = {
      ...getOrder('/users/me', context.bearers),
      connections: 8,
      rate: 500,
      seconds: length,
      keepLatencies: true,
    };
    const flood = {
      kind: 'login',
      port: PORT,
      connections: 40,
      data: { emails: context.people.map(({ email }) => email), password: 'none of theirs' },
    };
    const alone = [];
    const flooded = [];
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await drive(steady));
      // While it floods, not as it breaks in: forty sign-ins that begin in the same moment are work
      // for one moment.
      const [during] = await Promise.all([
        sleep(1000).then(() => drive(steady)),
        drive({ ...flood, seconds: length + 2 }),
      ]);
      flooded.push(during);
      say(`flood ${round + 1}: p99 ${ms(alone.at(-1).p99)} -> ${ms(during.p99)} ms`);
    }
    // The slowest hundredth of all reads: which of a few rounds is the luckiest says nothing of it.
    const [without, during] = [alone, flooded].map((results) => percentile99(results));
    const times = during / without;
    return [
      row('Bearer p99 while logins flood', `${times.toFixed(2)} times`, 'at most 3', times <= 3, {
        value: times,
        limit: 'its p99 without the flood',
        detail: `${ms(without)} -> ${ms(during)} ms at 500/s`,
      }),
    ];
  },
};

/**
 * Another way to prove who one is, or another route, beside Bearer.
 *
 * @param path what is asked for; the Bearer figure is that of GET /users/me
 */
async function againstBearer(
  name,
  authorizations,
  { server, bearers },
  budget,
  path = '/users/me',
) {
  const order = getOrder(path, authorizations);
  await drive({ ...order, seconds: 2 });
  const rounds = await interleaved(
    name,
    () => drive(getOrder('/users/me', bearers), server.pid, CANNON),
    () => drive(order, server.pid, CANNON),
  );
  return ratioRow(name, 'the Bearer figure', rounds, budget);
}

/**
 * What limits, the events of the audit trail and the rules about them cost who only reads: CPU with
 * them beside CPU of a server without limits, and statements of the database.
 *
 * Two processes of the very same code differ by up to a tenth for as long as they live. So several
 * pairs are started, all as fresh; of the rounds of all of them the middle one counts.
 */
async function limitsRow({ start }) {
  const [without, withThem] = [[], []];
  let asked = 0;
  for (let pair = 0; pair < LIMIT_PAIRS; pair++) {
    const fresh = async (name, more) => {
      const port = await freePort();
      const server = await start(more, port, join(folder, `${name}-${pair}`));
      const { access_token } = await login(ADMIN, port);
      return { ...server, order: { ...getOrder('/users/me', [`Bearer ${access_token}`]), port } };
    };
    const off = await fresh('no-limits', { RATE_LIMITS: 'off' });
    const on = await fresh('limits', {});
    // Whoever reads the metrics of a server makes its next second slower: first that, then the rest.
    const before = await statements(on.port);
    for (const { order } of [off, on, off, on]) await drive({ ...order, seconds: 2 }); // warm
    const rounds = await interleaved(
      `limits, pair ${pair + 1}`,
      () => drive(off.order, off.pid),
      () => drive(on.order, on.pid),
      Math.ceil(ROUNDS / 2),
    );
    asked += (await statements(on.port)) - before;
    without.push(...rounds.all.limit);
    withThem.push(...rounds.all.ours);
    await Promise.all([off.stop(), on.stop()]);
  }
  // A small difference, on a machine whose speed changes: each round is held against its neighbour.
  const more = median(withThem.map(({ cpuUs }, round) => cpuUs / without[round].cpuUs)) - 1;
  const requests = withThem.reduce((sum, { count }) => sum + count, 0);
  return row('limits on the Bearer path', percent(more), 'at most 10 %', more <= 0.1, {
    value: more,
    limit: 'its CPU without them',
    detail: `${asked} statements of the database in ${requests} requests`,
    cpuUs: median(withThem.map(({ cpuUs }) => cpuUs)),
    limitCpuUs: median(without.map(({ cpuUs }) => cpuUs)),
  });
}

async function statements(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { authorization: `Bearer ${METRICS_TOKEN}` },
  });
  const counts = (await answer.text()).matchAll(
    /^latchkey_database_statements_total\{.*\} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The limit and ours in turn, so that whatever else the machine does meets both alike. */
async function interleaved(name, limit, ours, most = ROUNDS) {
  const rounds = { limit: [], ours: [] };
  for (let round = 0; round < most; round++) {
    rounds.limit.push(await limit());
    rounds.ours.push(await ours());
    const [theirs, own] = [rounds.limit.at(-1), rounds.ours.at(-1)];
    say(
      `${name} ${round + 1}: ${Math.round(own.perSecond)}/s of ${Math.round(theirs.perSecond)}/s,` +
        ` ${Math.round(own.cpuUs)} of ${Math.round(theirs.cpuUs)} us`,
    );
  }
  return { limit: fastest(rounds.limit), ours: fastest(rounds.ours), all: rounds };
}

function percentile99(results) {
  const all = results.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b);
  return all[Math.floor(all.length * 0.99)];
}

function median(figures) {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
}

function fastest(results) {
  for (const { statuses, failures } of results) {
    const unexpected = Object.keys(statuses).filter((status) => !status.startsWith('2'));
    if (unexpected.length > 0 || failures.length > 0) {
      throw new Error(`Not all was answered well: ${JSON.stringify({ statuses, failures })}`);
    }
  }
  return results.toSorted((a, b) => b.perSecond - a.perSecond)[0];
}

async function againstHashes(name, order, context, budget, before = async () => {}) {
  const rounds = await interleaved(
    name,
    async () => {
      const child = fork(new URL('limits/hashes.mjs', import.meta.url));
      child.send({ cost: COST, seconds: SECONDS });
      const [perSecond] = await once(child, 'message');
      return { perSecond, statuses: {}, failures: [], cpuUs: 0 };
    },
    async () => {
      await before();
      return drive({ ...order, seconds: Math.max(SECONDS, 5) }, context.server.pid);
    },
    Math.min(ROUNDS, 3),
  );
  return ratioRow(name, `raw bcrypt ${COST} on all cores`, rounds, budget);
}

/** @param budget least ratio; undefined: for information */
function ratioRow(name, limit, { limit: theirs, ours }, budget) {
  const ratio = ours.perSecond / theirs.perSecond;
  const [least, pass] =
    budget === undefined ? ['', undefined] : [`at least ${budget}`, ratio >= budget];
  return row(name, ratio.toFixed(2), least, pass, {
    value: ratio,
    limit,
    perSecond: ours.perSecond,
    limitPerSecond: theirs.perSecond,
    p50: ours.p50,
    p99: ours.p99,
    cpuUs: ours.cpuUs,
    limitCpuUs: theirs.cpuUs,
  });
}

/** @param more `value`: the figure as a number */
function row(name, figure, budget, pass, more) {
  return { name, figure, budget, pass, ...more };
}

function getOrder(path, authorizations) {
  return {
    kind: 'get',
    port: PORT,
    connections: CONNECTIONS,
    seconds: SECONDS,
    data: { path, authorizations },
  };
}

async function sameBytes(path, authorization) {
  const answer = await fetch(`http://127.0.0.1:${PORT}${path}`, { headers: { authorization } });
  const {
    'transfer-encoding': _,
    date: __,
    connection: ___,
    ...headers
  } = Object.fromEntries(answer.headers);
  return { headers, body: await answer.text() };
}

async function refreshBytes(tokens) {
  const { headers } = await sameBytes('/health', '');
  const [, payload] = tokens.access_token.split('.');
  return { headers, claims: JSON.parse(Buffer.from(payload, 'base64url')) };
}

async function makePeople(count) {
  const people = Array.from({ length: count }, (_, i) => ({ email: `person-${i}@example.com` }));
  const waiting = [...people];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let person = waiting.shift(); person; person = waiting.shift()) {
        const { email } = person;
        await api('/auth/register', { email, password: PASSWORD, name: email.split('@')[0] });
        const mail = await fetch(`http://127.0.0.1:${PORT}/dev/mail/latest?to=${email}&wait=20`);
        await api('/auth/verify-email', { token: (await mail.json()).token });
        person.tokens = await login(email);
      }
    }),
  );
  return people;
}

async function freshTokens({ people }) {
  const tokens = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    tokens.push((await login(people[i % people.length].email)).refresh_token);
  }
  return tokens;
}

function login(email, port = PORT) {
  return api('/auth/login', { email, password: PASSWORD }, { port });
}

async function api(path, body, { token, port = PORT } = {}) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

function print(rows) {
  if (flags.json) {
    console.log(
      JSON.stringify({ cores: availableParallelism(), cpu: cpus()[0].model, rows }, null, 2),
    );
    return;
  }
  const cells = rows.map((r) => [
    r.name,
    r.limit ?? '',
    r.figure,
    r.budget,
    r.pass === undefined ? '' : r.pass ? 'pass' : 'SHORT',
    r.perSecond === undefined
      ? (r.detail ?? '')
      : `${Math.round(r.perSecond)} of ${Math.round(r.limitPerSecond)}`,
    r.p50 === undefined ? '' : `${ms(r.p50)} / ${ms(r.p99)}`,
    r.cpuUs ? `${Math.round(r.cpuUs)}${r.limitCpuUs ? ` (${Math.round(r.limitCpuUs)})` : ''}` : '',
  ]);
  const head = [
    'operation',
    'limit',
    'ratio',
    'budget',
    '',
    'requests/s',
    'p50 / p99 ms',
    'CPU us (limit)',
  ];
  const table = [head, ...cells];
  const widths = head.map((_, i) => Math.max(...table.map((line) => line[i].length)));
  const lines = table.map((line) => line.map((cell, i) => cell.padEnd(widths[i])).join(' | '));
  if (flags.markdown) {
    const rule = widths.map((width) => '-'.repeat(width)).join(' | ');
    console.log([lines[0], rule, ...lines.slice(1)].map((line) => `| ${line} |`).join('\n'));
  } else {
    console.log(lines.join('\n'));
  }
}

function ms(value) {
  return value.toFixed(value < 10 ? 1 : 0);
}

function percent(share) {
  return `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
}

function seconds(value) {
  return (value / 1000).toFixed(2);
}

await buildIfStale();
PORT = await freePort();
let folder = '';
let logFd = -1;
const runs = [];
for (let run = 1; run <= Number(flags.runs); run++) {
  say(`run ${run} of ${flags.runs}`);
  folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  logFd = openSync(join(folder, 'log'), 'a');
  try {
    runs.push(await measure());
  } finally {
    closeSync(logFd);
    rmSync(folder, { recursive: true, force: true });
  }
}
const rows = runs[0].map((_, line) => middle(runs.map((run) => run[line])));
print(rows);
process.exit(rows.every(({ pass }) => pass !== false) ? 0 : 1);

function middle(same) {
  const sorted = same.toSorted((a, b) => a.value - b.value);
  const values = same.map(({ figure }) => figure);
  if (same.length > 1) say(`${same[0].name}: ${values.join(', ')}`);
  return sorted[Math.floor(sorted.length / 2)];
}
