import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from './support/process.js';
import { tally } from './support/races.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.dispose());

const GET = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n';
const LAST = 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

interface Parsed {
  status: number;
  headers: Record<string, string>;
  body: string;
}

function open(): Socket {
  const { hostname, port } = new URL(server.url);
  return connect(Number(port), hostname).on('error', () => {}); // 'close' follows
}

/** Sends it in one piece, and gives every answer until the server has closed the connection. */
async function answersTo(requests: string): Promise<Parsed[]> {
  const socket = open();
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.write(requests);
  await once(socket, 'close');
  const answers: Parsed[] = [];
  while (received !== '') {
    const end = received.indexOf('\r\n\r\n');
    const [first = '', ...lines] = received.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const [, name, value] = /^([^:]+): *(.*)$/.exec(line)!;
        return [name!.toLowerCase(), value!];
      }),
    );
    const bodyEnd = end + 4 + Number(headers['content-length']);
    const body = received.slice(end + 4, bodyEnd);
    answers.push({ status: Number(first.split(' ')[1]), headers, body });
    received = received.slice(bodyEnd);
  }
  return answers;
}

describe('requests sent without waiting for answers (RFC 9112 section 9.3.2)', () => {
  it('are answered in order', async () => {
    const answers = await answersTo(GET.repeat(15) + LAST);
    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(200));
    expect(JSON.parse(answers.at(-1)!.body)).toEqual({ status: 'ok' });
    expect(answers[0]!.body).toBe(answers[14]!.body);
  });

  it('are served up to a bound; the next is told why, and the connection ends', async () => {
    const answers = await answersTo(GET.repeat(1200));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 16, 503: 1 });
    const { headers, body } = answers.at(-1)!;
    expect(JSON.parse(body)).toMatchObject({ code: 'overloaded', status: 503 });
    expect(headers).toMatchObject({
      connection: 'close',
      'content-type': 'application/problem+json; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(JSON.parse(body).instance).toBe(`urn:uuid:${headers['x-request-id']}`);
  });

  it('may go on without an end when answers are taken', async () => {
    const socket = open();
    let seen = 0;
    for (let round = 0; round < 20; round++) {
      socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10));
      while (seen < (round + 1) * 10) {
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        seen += chunk.toString('latin1').split('HTTP/1.1 200').length - 1;
      }
    }
    socket.destroy();
    expect(seen).toBe(200);
  });

  it('harm nobody else', async () => {
    const crowd = Promise.all(Array.from({ length: 20 }, () => answersTo(GET.repeat(1200))));
    for (let i = 0; i < 20; i++) expect((await server.get('/health/ready')).status).toBe(200);
    for (const answers of await crowd) {
      expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 16, 503: 1 });
    }
  });
});
