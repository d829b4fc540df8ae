// npm run bench:enumeration [-- --count 1000 --only login,forgot]
//
// Can somebody who only watches tell an address that has an account from one that has none? Sends
// both kinds, mixed at random, over one kept connection of this machine to the built server, and
// compares what comes back: status, body, headers, and the time.
//
// The measure is the rank AUC: the chance that a request of one kind took longer than one of the
// other. 0.5 is a coin. A leak is an AUC outside 0.45 to 0.55 together with medians more than 2 ms
// apart. So that silence means something, a third kind, late by 5 ms, must be found to leak. Run it
// on a machine that does nothing else: it takes about eight minutes, nearly all of it bcrypt.
//
// Then, with the limits on, one address of each kind is asked for again and again, each by a network
// of its own, until it is refused: what every answer is and says of the limits must be the same.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildOrExit } from '../scripts/build-if-stale.mjs';

const AUC_FROM = 0.45;
const AUC_TO = 0.55;
const MEDIANS_MS = 2;
const PLANTED_MS = 5;
const PLANTED_EVERY = 3; // fewer will do: it is easy to see
const WARM_UP = 30;
/** After each answer, for what the server has left to do. */
const PAUSE_MS = 5;
const ACCOUNTS = 20;
/** How often a mailed code may be wrong. */
const CODE_TRIES = 5;
/** For mails to be decided and sent. */
const MAIL_MS = 1500;
const PASSWORD = 'correct horse battery staple';
/** More than any limit there is lets through. */
const MOST_TRIES = 150;
const ADMIN = { email: 'root@example.org', password: 'violet tractor moonlight' };

const { count, only } = readArguments();
await buildOrExit();
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
let server = await startServer();
let agent = new Agent({ keepAlive: true, maxSockets: 1 });
let failed = false;
let networks = 0;
try {
  const people = await makePeople();
  const routes = routesOf(people);
  console.log(
    `${count} requests of each kind, mixed; planted: ${PLANTED_MS} ms. ` +
      `Leak: AUC outside ${AUC_FROM} to ${AUC_TO} and medians ${MEDIANS_MS} ms apart.\n`,
  );
  console.log(line('route', 'kind', 'against', 'AUC', 'median', 'median', 'apart', 'verdict'));
  for (const [name, kinds] of Object.entries(routes)) {
    if (only.length === 0 || only.includes(name)) await compare(name, kinds);
  }

  agent.destroy();
  await server.kill();
  server = await startServer({ RATE_LIMITS: 'on', TRUST_PROXY: '1', BCRYPT_COST: '4' });
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  console.log('\nLimits, one address asked for until it is refused.\n');
  console.log(limitLine('route', 'kind', 'answers', 'verdict'));
  for (const [name, kinds] of Object.entries(routes)) {
    if (only.length === 0 || only.includes(name)) await compareLimits(name, kinds);
  }
} finally {
  agent.destroy();
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed ? '\nFAILED.' : '\nNothing can be told apart, and what was planted was found.');
process.exitCode = failed ? 1 : 0;

/**
 * @param kinds for each kind a function that makes the next request; `unknown` is what the others
 *   are compared with
 */
async function compare(route, kinds) {
  const samples = Object.fromEntries([...Object.keys(kinds), 'planted'].map((kind) => [kind, []]));
  const looks = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, new Set()]));
  for (const [nr, kind] of order(Object.keys(kinds)).entries()) {
    const planted = kind === 'planted';
    const next = await kinds[planted ? 'unknown' : kind]();
    const begun = performance.now();
    const answer = await send(next);
    if (planted) await delay(PLANTED_MS);
    const took = performance.now() - begun;
    await delay(PAUSE_MS);
    if (nr < WARM_UP) continue;
    samples[kind].push(took);
    if (!planted) looks[kind].add(appearance(answer));
  }
  for (const kind of Object.keys(samples).filter((name) => name !== 'unknown')) {
    report(route, kind, samples[kind], samples.unknown, looks[kind], looks.unknown);
  }
}

/** Asks for one address of each kind until it is refused, and looks at what was said on the way. */
async function compareLimits(route, kinds) {
  const said = {};
  for (const [kind, next] of Object.entries(kinds)) {
    const headers = { 'x-forwarded-for': `198.18.${networks >> 8}.${networks++ & 255}` };
    const again = await next();
    said[kind] = [];
    for (let nr = 0; nr < MOST_TRIES; nr++) {
      const answer = await send({ ...again, headers: { ...again.headers, ...headers } });
      said[kind].push(limitState(answer));
      if (answer.status === 429) break;
    }
  }
  for (const [kind, states] of Object.entries(said)) {
    const first = states.findIndex((state, nr) => state !== said.unknown[nr]);
    const alike = first === -1 && states.length === said.unknown.length;
    if (!alike) failed = true;
    console.log(limitLine(route, kind, runsOf(states), alike ? 'alike' : 'DIFFERS'));
    if (!alike)
      console.log(`  at ${first + 1}: ${states[first]}\n  unknown: ${said.unknown[first]}`);
  }
}

/** Status and what an answer says of limits, but for the seconds, which pass. */
function limitState({ status, headers }) {
  const limits = Object.entries(headers)
    .filter(([name]) => /^ratelimit|^retry-after$/.test(name))
    .map(
      ([name, value]) =>
        `${name}: ${name === 'retry-after' ? 's' : value.replaceAll(/;t=\d+/g, '')}`,
    );
  return [status, ...limits].join(', ');
}

/** `202 x 5, 429` */
function runsOf(states) {
  const runs = [];
  for (const state of states) {
    const status = state.split(',')[0];
    if (runs.at(-1)?.status === status) runs.at(-1).count++;
    else runs.push({ status, count: 1 });
  }
  return runs
    .map((run) => (run.count === 1 ? run.status : `${run.status} x ${run.count}`))
    .join(', ');
}

function limitLine(route, kind, answers, verdict) {
  return [route.padEnd(14), kind.padEnd(12), answers.padEnd(24), verdict].join(' ').trimEnd();
}

/**
 * Every request to come, mixed as a whole. Were they mixed in rounds, a kind would rarely follow
 * itself, and what one leaves the server to do would make the others slower.
 */
function order(kinds) {
  const planted = Array(Math.ceil(count / PLANTED_EVERY)).fill('planted');
  const measured = shuffled([...kinds.flatMap((kind) => Array(count).fill(kind)), ...planted]);
  return [...Array(WARM_UP).fill('unknown'), ...measured];
}

function report(route, kind, sample, unknown, looks, looksUnknown) {
  const auc = rankAuc(sample, unknown);
  const apart = median(sample) - median(unknown);
  const leaks = (auc < AUC_FROM || auc > AUC_TO) && Math.abs(apart) > MEDIANS_MS;
  const differs = looks !== undefined && !sameMembers(looks, looksUnknown);
  const planted = kind === 'planted';
  const verdict = planted
    ? leaks
      ? 'found'
      : 'MISSED'
    : leaks
      ? 'LEAKS'
      : differs
        ? 'DIFFERS'
        : 'alike';
  if (verdict !== 'found' && verdict !== 'alike') failed = true;
  const ms = (value) => `${value.toFixed(2)} ms`;
  console.log(
    line(
      route,
      kind,
      'unknown',
      auc.toFixed(3),
      ms(median(sample)),
      ms(median(unknown)),
      ms(apart),
      verdict,
    ),
  );
  if (differs)
    console.log(`  ${[...looks].join('\n  ')}\nagainst\n  ${[...looksUnknown].join('\n  ')}`);
}

/** Chance that one of `a` is larger than one of `b`, ties counting half (Mann and Whitney). */
function rankAuc(a, b) {
  const all = [
    ...a.map((value) => ({ value, own: true })),
    ...b.map((value) => ({ value, own: false })),
  ];
  all.sort((left, right) => left.value - right.value);
  let ranks = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to].value === all[from].value) to++;
    for (let at = from; at < to; at++) if (all[at].own) ranks += (from + to + 1) / 2;
    from = to;
  }
  return (ranks - (a.length * (a.length + 1)) / 2) / (a.length * b.length);
}

function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** All that tells one answer from another, apart from what differs at every request. */
function appearance({ status, headers, body }) {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  const said = body
    .replace(/"urn:uuid:[^"]*"/, '"urn:uuid"')
    .replace(/"lk_lt_[\w-]*"/, (token) => `"${token.length}"`);
  return JSON.stringify([status, rest, said]);
}

/** The people who are known, of each kind, and addresses of nobody that look the same. */
async function makePeople() {
  const address = (kind, nr) => `${kind}-${String(nr).padStart(6, '0')}@example.org`;
  const made = { known: [], disabled: [], invited: [], waiting: [] };
  for (let nr = 0; nr < ACCOUNTS; nr++) {
    for (const kind of ['known', 'disabled']) {
      const email = address(kind, nr);
      await expectStatus(202, post('/auth/register', { email, password: PASSWORD }));
      const mail = await get(`/dev/mail/latest?wait=10&to=${encodeURIComponent(email)}`);
      await expectStatus(200, post('/auth/verify-email', { token: JSON.parse(mail.body).token }));
      made[kind].push(email);
    }
    const email = address('invited', nr);
    await expectStatus(201, post('/users', { email }, basic(ADMIN)));
    made.invited.push(email);
    const waiting = address('waiting', nr);
    await expectStatus(202, post('/auth/register', { email: waiting, password: PASSWORD }));
    made.waiting.push(waiting);
  }
  for (const email of made.disabled) {
    const { body } = await get(`/users?q=${encodeURIComponent(email)}`, basic(ADMIN));
    const { id } = JSON.parse(body).items[0];
    await expectStatus(
      200,
      send({
        method: 'PATCH',
        path: `/users/${id}`,
        json: { status: 'disabled' },
        headers: basic(ADMIN),
      }),
    );
  }
  let strangers = 0;
  const turn = (list) => {
    let nr = 0;
    return () => list[nr++ % list.length];
  };
  return {
    known: turn(made.known),
    disabled: turn(made.disabled),
    invited: turn(made.invited),
    waiting: turn(made.waiting),
    stranger: () => address('nobody', strangers++),
  };
}

/** What is compared: the same request, for somebody known and for nobody. */
function routesOf({ known, disabled, invited, waiting, stranger }) {
  const register = (email) => jsonPost('/auth/register', { email, password: PASSWORD });
  const forgot = (email) => jsonPost('/auth/password/forgot', { email });
  const resend = (email) => jsonPost('/auth/verify-email/resend', { email });
  const login = (email) => jsonPost('/auth/login', { email, password: 'not the one that was set' });
  const byCode = (email) => jsonPost('/auth/verify-email', { email, code: '000000' });
  const codeFor = (email) => jsonPost('/auth/login/code', { email });
  const own = { email: known(), password: PASSWORD };
  const change = (newEmail) => ({
    ...jsonPost('/auth/email/change', { newEmail, currentPassword: PASSWORD }),
    headers: basic(own), // a password that was just proved counts as a recent sign-in
  });
  return {
    forgot: {
      unknown: () => forgot(stranger()),
      known: () => forgot(known()),
      disabled: () => forgot(disabled()),
    },
    resend: {
      unknown: () => resend(stranger()),
      known: () => resend(known()),
      invited: () => resend(invited()),
    },
    register: { unknown: () => register(stranger()), known: () => register(known()) },
    login: {
      unknown: () => login(stranger()),
      known: () => login(known()),
      disabled: () => login(disabled()),
      'no password': () => login(invited()),
    },
    'verify by code': {
      unknown: () => byCode(stranger()),
      known: () => byCode(known()),
      waiting: () => byCode(waiting()),
    },
    'login code': {
      unknown: () => codeFor(stranger()),
      known: () => codeFor(known()),
      disabled: () => codeFor(disabled()),
    },
    'verify login': {
      unknown: wrongLoginCodes(stranger),
      known: wrongLoginCodes(known),
      disabled: wrongLoginCodes(disabled),
    },
    'email change': {
      unknown: () => change(stranger()),
      known: () => change(disabled()),
      waiting: () => change(waiting()),
    },
  };
}

/**
 * Wrong codes for sign-ins that were asked for by addresses of this kind: as many each as are
 * looked at.
 */
function wrongLoginCodes(address) {
  const waiting = [];
  return async () => {
    if (waiting.length === 0) {
      for (let nr = 0; nr < ACCOUNTS; nr++) {
        const { body } = await post('/auth/login/code', { email: address() });
        waiting.push(...Array(CODE_TRIES).fill(JSON.parse(body).login_token));
      }
      await delay(MAIL_MS);
    }
    return jsonPost('/auth/login/code/verify', { login_token: waiting.pop(), code: '000000' });
  };
}

function jsonPost(path, json) {
  return { method: 'POST', path, json };
}

function post(path, json, headers) {
  return send({ method: 'POST', path, json, headers });
}

function get(path, headers) {
  return send({ method: 'GET', path, headers });
}

function basic({ email, password }) {
  return { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` };
}

function send({ method, path, json, headers = {} }) {
  const content = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        host: '127.0.0.1',
        port: server.port,
        method,
        path,
        headers: {
          ...headers,
          ...(content
            ? { 'content-type': 'application/json', 'content-length': content.length }
            : {}),
        },
      },
      (incoming) => {
        let body = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk) => (body += chunk));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode, headers: incoming.headers, body }),
        );
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}

async function expectStatus(status, answering) {
  const answer = await answering;
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${answer.body}`);
}

/** Starts the built server on a free port, with a data folder that lives as long as this does. */
async function startServer(env = {}) {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../dist/main.js', import.meta.url))],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        MODE: 'development',
        PORT: String(port),
        DATA_DIR: folder,
        BCRYPT_COST: '10',
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'error',
        MAIL_CODE_LOGIN: 'on',
        ADMIN_EMAIL: ADMIN.email,
        ADMIN_PASSWORD: ADMIN.password,
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null || attempt > 300) throw new Error('The server does not start.');
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (response?.ok) return { port, kill: () => ended(child) };
    await delay(100);
  }
}

function ended(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', resolve);
    child.kill();
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function shuffled(list) {
  const result = [...list];
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [result[at], result[other]] = [result[other], result[at]];
  }
  return result;
}

function sameMembers(a, b) {
  return a.size === b.size && [...a].every((member) => b.has(member));
}

function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function line(...cells) {
  const widths = [14, 12, 9, 7, 11, 11, 11, 8];
  return cells
    .map((cell, nr) => String(cell).padEnd(widths[nr]))
    .join(' ')
    .trimEnd();
}

function readArguments() {
  const { values } = parseArgs({
    options: { count: { type: 'string', default: '1000' }, only: { type: 'string', default: '' } },
  });
  return {
    count: Number(values.count),
    only: values.only.split(',').filter((name) => name !== ''),
  };
}
