import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Trail } from '../src/audit/trail.js';
import type { RequestOptions } from './support/client.js';
import { EventStream } from './support/event-stream.js';
import { as } from './support/people.js';
import { head } from './support/raw.js';
import { rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { makeService, of, type TestService } from './support/services.js';
import { soon } from './support/soon.js';
import { switchedOff } from './support/switched-off.js';

// Whoever works for a request knows which one it is: docs/decisions/0020-what-a-request-carries.md.

let server: TestServer;
let admin: Person;
let person: Person;
let service: TestService;

beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '1' });
  admin = await server.administrator();
  person = await server.person();
  service = await makeService(server, admin);
});
afterAll(() => server.stop());

/** The head of a request that others may follow on its connection. */
function keepAlive(line: string, ...headers: string[]): string {
  return [`${line} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
}

function bearer({ accessToken }: Person): string {
  return `Authorization: Bearer ${accessToken}`;
}

function withBody(line: string, body: string, ...headers: string[]): string {
  const own = ['Content-Type: application/json', `Content-Length: ${body.length}`];
  return keepAlive(line, ...own, ...headers) + body;
}

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname).on('error', () => {}); // 'close' follows
  await once(socket, 'connect');
  return socket;
}

/** Sends it and hangs up, before or behind the first bytes of an answer. */
async function hangUp(request: string, when: 'at once' | 'as it answers'): Promise<void> {
  const socket = await open();
  socket.write(request);
  if (when === 'as it answers') await once(socket, 'data');
  else await new Promise(setImmediate);
  socket.destroy();
}

/** Sends it in one piece and waits until the server has closed the connection. */
async function exchanged(requests: string): Promise<void> {
  const socket = await open();
  socket.resume().write(requests);
  await once(socket, 'close');
}

const LAST = head('GET /health');
const LOGIN = () => JSON.stringify({ email: person.email, password: PASSWORD });

describe('nobody stays inside a request behind its answer', () => {
  const exchanges: Record<string, () => Promise<unknown>> = {
    'a read': () => server.get('/auth/sessions', as(person)),
    'a read from memory': () => server.get('/users/me', as(person)),
    HEAD: () => server.send('HEAD', '/auth/sessions', as(person)),
    'HEAD of a read from memory': () => server.send('HEAD', '/users/me', as(person)),
    'HEAD of a stream': () => server.send('HEAD', '/audit-events/export', as(admin)),
    'an answer without a body': () => server.get('/auth/gateway', as(person)),
    'nothing new': async () => {
      const headers = { ...of(service), 'if-none-match': '*' };
      expect((await server.get('/auth/revocations', { headers })).status).toBe(304);
    },
    'a refusal by a guard': () => server.get('/auth/sessions'),
    'a refusal behind the guards': () => server.post('/auth/login', { email: 1 }),
    'no such route': () => server.get('/nothing'),
    'no such method': () => server.delete('/users/me', as(person)),
    'an unreadable body': () =>
      server.send('POST', '/auth/login', { raw: '{', headers: JSON_TYPE }),
    'a preflight': () => server.send('OPTIONS', '/auth/login'),
    'a page': () => server.get('/auth/verify-email'),
    'an error, and the next on the same connection': () =>
      exchanged(
        withBody('POST /auth/login', '{"email":') + withBody('POST /auth/login', LOGIN()) + LAST,
      ),
    'too many on one connection': () => exchanged(withBody('POST /auth/login', LOGIN()).repeat(40)),
    'an export': () => server.get('/audit-events/export', as(admin)),
    'an export that fails on its way': async () => {
      const trail = server.app.get(Trail);
      trail.pieces = () => {
        throw new Error('disk full');
      };
      try {
        await exchanged(head('GET /audit-events/export', bearer(admin)));
      } finally {
        delete (trail as Partial<Trail>).pieces;
      }
    },
    'half a body, and gone': () =>
      hangUp(
        keepAlive('POST /auth/login', 'Content-Type: application/json', 'Content-Length: 99') + '{',
        'at once',
      ),
    'gone before the hash': () => hangUp(withBody('POST /auth/login', LOGIN()), 'at once'),
    'gone from a long wait': () =>
      hangUp(keepAlive('GET /dev/mail/latest?to=none@example.org&wait=30'), 'at once'),
    'gone before a live tail': () =>
      hangUp(keepAlive('GET /audit-events/stream', bearer(admin)), 'at once'),
    'gone from a live tail': () =>
      hangUp(keepAlive('GET /audit-events/stream', bearer(admin)), 'as it answers'),
    'gone before an export': () =>
      hangUp(keepAlive('GET /audit-events/export', bearer(admin)), 'at once'),
    'gone, with a live tail behind a login': () =>
      hangUp(
        withBody('POST /auth/login', LOGIN()) +
          keepAlive('GET /audit-events/stream', bearer(admin)) +
          keepAlive('GET /users/me', bearer(person)),
        'at once',
      ),
  };

  it.each(Object.keys(exchanges))('%s', async (name) => {
    for (let nr = 0; nr < 7; nr++) await exchanges[name]!();
    await switchedOff();
  });

  it('also not while a live tail is open', async () => {
    const tail = await EventStream.open(`${server.url}/audit-events/stream`, {
      authorization: `Bearer ${admin.accessToken}`,
    });
    expect(tail.status).toBe(200);
    await switchedOff();
    await server.signIn(person.email);
    expect((await tail.until(1))[0]!.data.requestId).toEqual(expect.any(String));
    tail.close();
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };

describe('each line of the audit trail is of the request that caused it', () => {
  it('whatever comes, goes and is broken off beside it', async () => {
    const crowd = await Promise.all(Array.from({ length: 12 }, () => server.person()));
    const tail = await EventStream.open(`${server.url}/audit-events/stream`, {
      authorization: `Bearer ${admin.accessToken}`,
    });
    const before = await server.app.get(Trail).newestSeq();
    const addressOf = new Map<string, string>();
    const from = (): Record<string, string> => {
      const id = randomUUID();
      const nr = addressOf.size;
      addressOf.set(id, `10.1.${nr >> 8}.${nr & 255}`);
      return { 'x-request-id': id, 'x-forwarded-for': addressOf.get(id)! };
    };
    const raw = (headers: Record<string, string>) =>
      Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const options = (): RequestOptions => ({ headers: from() });

    const one = async (who: Person, nr: number): Promise<void> => {
      const login = { email: who.email, password: PASSWORD };
      const newcomer = { email: `crowd${nr}-${randomUUID()}@example.org`, password: PASSWORD };
      const body = JSON.stringify(newcomer);
      await Promise.all([
        server.post('/auth/login', login, options()),
        server.post('/auth/login', { ...login, password: 'wrong' }, options()),
        server.get('/users/me', { ...as(who), ...options() }),
        server.get('/users/me', { basic: [who.email, PASSWORD], ...options() }),
        server.get('/auth/gateway', { basic: [who.email, 'wrong'], ...options() }),
        server.patch('/users/me', { name: randomUUID() }, { ...as(who), ...options() }),
        hangUp(withBody('POST /auth/register', body, ...raw(from())), 'at once'),
        exchanged(
          keepAlive('GET /users/me', bearer(who), ...raw(from())) +
            withBody('POST /auth/login', JSON.stringify(login), ...raw(from())) +
            keepAlive('HEAD /auth/gateway', bearer(who), ...raw(from())) +
            withBody('POST /auth/login', '{', ...raw(from())) +
            withBody('POST /auth/login', JSON.stringify(login), ...raw(from())) +
            LAST,
        ),
      ]);
    };
    for (let round = 0; round < 4; round++) await Promise.all(crowd.map(one));

    const written = () =>
      rows<{ type: string; ip: string | null; requestId: string | null }>(
        server.dataDir,
        'SELECT "type", "ip", "requestId" FROM "AuditEvent" WHERE "seq" > ?',
        before,
      );
    const times = (type: string) => written().filter((line) => line.type === type).length;
    await soon(() => expect(times('user.registered')).toBe(4 * crowd.length));
    expect(times('login.succeeded')).toBe(4 * 3 * crowd.length);
    expect(times('user.updated')).toBe(crowd.length); // within the hour the first only
    for (const line of written()) {
      expect([line.type, line.ip]).toEqual([line.type, addressOf.get(line.requestId!)]);
    }
    tail.close();
    await switchedOff();
  });

  it('and so it is when it is written behind the answer to a read from memory', async () => {
    const watched = await TestServer.start({ TRUST_PROXY: '1', RATE_LIMITS: 'on' });
    try {
      const thief = await watched.person();
      await watched.post('/auth/logout', undefined, as(thief));
      for (let nr = 0; nr < 10; nr++) {
        const headers = { 'x-forwarded-for': '203.0.113.7' };
        expect((await watched.get('/users/me', { ...as(thief), headers })).status).toBe(401);
      }
      await soon(() =>
        expect(
          rows(
            watched.dataDir,
            `SELECT "ip", "requestId" FROM "AuditEvent" WHERE "type" = 'suspicious.detected'`,
          ),
        ).toEqual([{ ip: '203.0.113.7', requestId: expect.any(String) }]),
      );
    } finally {
      await watched.stop();
    }
  });
});
