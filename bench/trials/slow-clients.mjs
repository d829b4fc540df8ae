import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mb, ms, repeat, spread } from './support/measure.mjs';
import { makePerson, me } from './support/people.mjs';

export const slowClients = {
  name: 'slow-clients',
  title: 'Hundreds of connections that send, or read, a byte a second',
  promise: 'Others are served meanwhile, and the slow ones are closed within about 30 s.',
  waits: true,
  run,
};

/** Past this a slow connection is one that is never closed. A slow machine has its time. */
const NEVER = 60_000;
/** Files the server may have open for others by then. */
const OTHERS = 8;

/** What each sends at once, and what it then sends a byte of each second. */
const KINDS = {
  'slow head': { first: 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ' },
  'slow body': {
    first:
      'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  },
  silence: { first: 'GET /health HTTP/1.1\r\nHost:', drip: '' },
  'no reading': {
    // More answers than the system buffers for a connection, of which none is taken.
    first: 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(200),
    drip: '',
    deaf: true,
  },
};

async function run(t) {
  const each = t.size({ short: 40, full: 125 });
  const server = await t.start();
  const person = await makePerson(server, 'ada@example.org');
  const kinds = Object.entries(KINDS);
  const closed = Object.fromEntries(kinds.map(([name]) => [name, []]));
  const before = server.rss();
  const files = server.openFiles();
  const sockets = kinds.flatMap(([name, kind]) =>
    Array.from({ length: each }, () =>
      slow(server.port, kind, (after) => closed[name].push(after)),
    ),
  );
  const health = [];
  const stop = repeat(async () => {
    const answer = await server.get('/health');
    t.expectStatus(answer, 200, '/health');
    health.push(answer.ms);
    t.expectStatus(await me(server, person.access), 200, '/users/me');
  }, 20);

  const begun = performance.now();
  await sleep(2000); // they are connected
  let most = before;
  // Whoever does not read does not see the end: how many are open is the server's to say.
  const open = () => Math.max(0, server.openFiles() - files - OTHERS);
  while (performance.now() - begun < NEVER && open() > 0) {
    await sleep(500);
    most = Math.max(most, server.rss());
  }
  const took = performance.now() - begun;
  t.expect(open() === 0, `${open()} of ${sockets.length} slow connections stay open`);
  await stop();
  for (const [name, { deaf }] of kinds) {
    const last = Math.max(...closed[name]);
    t.number(`${name}, ${each} connections`, `closed after at most ${ms(deaf ? took : last)}`);
  }
  for (const socket of sockets) socket.destroy();
  t.number('/health meanwhile', spread(health));
  t.number('memory', `${mb(before)} before, at most ${mb(most)}`);
  await server.end();
}

function slow(port, { first, drip = 'x', deaf = false }, onClose) {
  const begun = performance.now();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const writing = setInterval(() => socket.write(drip), 1000);
  socket.once('close', () => {
    clearInterval(writing);
    onClose(performance.now() - begun);
  });
  socket.write(first);
  if (!deaf) socket.resume();
  return socket;
}
