import { connect } from 'node:net';
import { mb, repeat, spread, tally } from './support/measure.mjs';
import { makePerson, me } from './support/people.mjs';

export const pipelining = {
  name: 'pipelining',
  title: 'Hundreds of requests in one piece on each connection',
  promise:
    'So many are served, the next is 503 with Retry-After, and the connection ends; memory stays bounded, and nobody else is refused.',
  run,
};

const REQUESTS = {
  '/openapi.json': 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n',
  '/users/me without a token': 'GET /users/me HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'an unknown path': 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n',
};
const AT_ONCE = 1000;
/** Growth of memory that is a violation, in bytes. */
const TOO_MUCH = 300 * 1024 * 1024;

async function run(t) {
  const connections = t.size({ short: 40, full: 200 });
  const rounds = t.size({ short: 3, full: 5 });
  const server = await t.start();
  const person = await makePerson(server, 'ada@example.org');
  await server.get('/openapi.json');
  const before = server.rss();
  let most = before;
  const reads = [];
  const stop = repeat(async () => {
    for (const answer of [await server.get('/health/ready'), await me(server, person.access)]) {
      t.expectStatus(answer, 200, 'read meanwhile');
      reads.push(answer.ms);
    }
    most = Math.max(most, server.rss());
  }, 10);
  for (const [name, request] of Object.entries(REQUESTS)) {
    const statuses = [];
    for (let round = 0; round < rounds; round++) {
      const all = await Promise.all(
        Array.from({ length: connections }, () => statusesOf(server.port, request.repeat(AT_ONCE))),
      );
      statuses.push(...all.flat());
      for (const own of all) {
        t.expect(own.at(-1) === 503, `${name}: a connection ended with ${own.at(-1)}`);
        t.expect(own.length < 50, `${name}: ${own.length} answers on one connection`);
      }
    }
    t.number(`${rounds * connections * AT_ONCE} of ${name}`, tally(statuses));
    t.say(`${name}: done`);
  }
  await stop();
  t.expect(most - before < TOO_MUCH, `memory grew from ${mb(before)} to ${mb(most)}`);
  t.number('reads meanwhile', spread(reads));
  t.number('memory', `${mb(before)} before, at most ${mb(most)}`);
  await server.end();
}

/** Sends it in one piece; the status of every answer until the connection ends. */
function statusesOf(port, requests) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const statuses = [];
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.latin1Slice()).split('\r\n');
      rest = lines.pop();
      for (const line of lines) {
        const [, status] = /HTTP\/1\.1 (\d{3}) /.exec(line) ?? [];
        if (status) statuses.push(Number(status));
      }
    });
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => resolve(statuses));
    socket.write(requests);
  });
}
