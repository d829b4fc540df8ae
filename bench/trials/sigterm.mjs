import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './support/client.mjs';
import { atOnce, spread, tally } from './support/measure.mjs';
import { makePeople, PASSWORD } from './support/people.mjs';

export const sigterm = {
  name: 'sigterm',
  title: 'SIGTERM with sign-ins in flight and idle connections',
  promise: 'What was sent before is answered, nothing is reset, and it exits 0 within 10 s.',
  run,
};

const LOGINS = 8;
const IDLE = 20;
const LONGEST = 10_000;

async function run(t) {
  const rounds = t.rounds({ short: 3, full: 100 });
  const dataDir = t.folder();
  const env = { BCRYPT_COST: '10' };
  const statuses = [];
  const stops = [];
  let resets = 0;
  for (let round = 0; round < rounds; round++) {
    const server = await t.start(env, { dataDir });
    if (round === 0) await makePeople(server, LOGINS);
    const sockets = await atOnce(IDLE, () => idle(server.port));
    // Connections the server has accepted, so that a sign-in on each is in its hands.
    const client = new Client(server.port);
    await atOnce(LOGINS, () => client.get('/health'));
    let sent = 0;
    const logins = atOnce(LOGINS, (nr) =>
      client
        .post(
          '/auth/login',
          { email: `person${nr}@example.org`, password: PASSWORD },
          { onSent: () => sent++ },
        )
        .catch((error) => error),
    );
    while (sent < LOGINS) await sleep(1);
    await sleep(Math.random() * 100);

    const begun = performance.now();
    const code = await server.end('SIGTERM');
    const took = performance.now() - begun;
    t.expect(code === 0, `it ended with ${code}`);
    t.expect(took < LONGEST, `it took ${Math.round(took)} ms to stop`);
    stops.push(took);
    for (const answer of await logins) {
      if (answer instanceof Error) resets++;
      statuses.push(answer instanceof Error ? answer.code : answer.status);
      t.expect(answer.status === 200, `a sign-in in flight: ${answer.message ?? answer.status}`);
    }
    client.close();
    for (const socket of sockets) socket.destroy();
    if (round % 10 === 9) t.say(`${round + 1}/${rounds} stops`);
  }
  t.number('sign-ins in flight', tally(statuses));
  t.number('resets', resets);
  t.number(`${rounds} stops`, spread(stops));
}

/** A connection on which one request was answered and nothing happens any more. */
function idle(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.once('data', () => {
      socket.removeListener('error', reject);
      socket.on('error', () => {});
      socket.resume();
      resolve(socket);
    });
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  });
}
