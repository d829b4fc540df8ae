import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DevMailbox } from '../src/mail/dev-mailbox/dev-mailbox.js';
import { OutboxWorker } from '../src/mail/outbox/outbox.worker.js';
import { Outbox } from '../src/mail/outbox/outbox.js';
import { Database } from '../src/database/database.js';
import { exchange } from './support/raw.js';
import { TestServer } from './support/server.js';
import { soon } from './support/soon.js';

const ADA = 'ada@example.org';
const LINK = 'http://localhost:3000/auth/verify-email#token=lk_ot_abc';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});

afterAll(async () => {
  await server?.stop();
});

function send(to: string, name: string | null = null): Promise<void> {
  return server.app.get(Outbox).send('invitation', to, to.toLowerCase(), {
    name,
    locale: null,
    link: LINK,
    token: 'lk_ot_abc',
    expiresInMinutes: 60,
  });
}

describe('GET /dev/mail/latest', () => {
  it('answers 404 when there is no mail, at once or after the time it was told to wait', async () => {
    const { status, body } = await server.get('/dev/mail/latest?to=nobody@example.org');
    expect([status, body.code]).toEqual([404, 'not_found']);
    const started = performance.now();
    expect((await server.get('/dev/mail/latest?to=nobody@example.org&wait=1')).status).toBe(404);
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it('gives the mail with its link, token and code, by any spelling of the address', async () => {
    await send('Ada@Example.ORG');
    const { status, body } = await server.get('/dev/mail/latest?to=ADA@example.org&wait=30');
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(
      ['code', 'html', 'link', 'sentAt', 'subject', 'text', 'to', 'token'].sort(),
    );
    expect(body).toMatchObject({
      to: 'Ada@Example.ORG',
      subject: 'You are invited',
      link: LINK,
      token: 'lk_ot_abc',
      code: null,
    });
    expect(body.text).toContain(LINK);
    expect(body.html).toContain(LINK);
    expect(Date.parse(body.sentAt)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('waits for the mail that was just caused instead of giving the one before', async () => {
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
      await send('bob@example.org', name);
      const { body } = await server.get('/dev/mail/latest?to=bob@example.org&wait=30');
      expect(body.text).toContain(`Hello ${name},`);
    }
  });

  it('answers as soon as the mail is there', async () => {
    const latest = vi.spyOn(server.app.get(DevMailbox), 'latest');
    const waiting = server.get('/dev/mail/latest?to=carol@example.org&wait=30');
    await soon(() => expect(latest).toHaveBeenCalled());
    latest.mockRestore();
    await send('carol@example.org');
    expect((await waiting).status).toBe(200);
  });

  it('stops waiting when nobody waits for the answer any more', async () => {
    const latest = vi.spyOn(server.app.get(DevMailbox), 'latest');
    const gone = new AbortController();
    const url = `${server.url}/dev/mail/latest?to=nobody@example.org&wait=30`;
    const answer = fetch(url, { signal: gone.signal }).catch(() => undefined);
    await soon(() => expect(latest).toHaveBeenCalled());
    gone.abort();
    await answer;
    await latest.mock.results[0]!.value;
    latest.mockRestore();
  });

  it('leaves nothing behind for requests that have waited, nor warns of many', async () => {
    const listened = vi.spyOn(AbortSignal.prototype, 'addEventListener');
    const warned = vi.spyOn(process, 'emitWarning');
    const any = vi.spyOn(AbortSignal, 'any'); // on Node 20 what it makes is never let go
    const mailbox = server.app.get(DevMailbox);
    const gone = Array.from({ length: 20 }, () => new AbortController().signal);
    await Promise.all(gone.map((signal) => mailbox.latest('nobody@example.org', 50, signal)));
    const signals = new Set(listened.mock.contexts as AbortSignal[]);
    expect(signals.size).toBe(21); // and the server's own
    for (const signal of signals) expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(any).not.toHaveBeenCalled();
    expect(warned).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it.each([
    'wait=31',
    'wait=-1',
    'wait=soon',
    'to=x',
    'to=',
    'who=ada@example.org',
    'wait=1&wait=2',
  ])('refuses ?%s', async (query) => {
    const { status, body } = await server.get(`/dev/mail/latest?${query}`);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });
});

describe('GET /dev/mail/messages', () => {
  it('gives the mails of one address, newest first, by pages', async () => {
    for (const name of ['One', 'Two', 'Three']) await send('dave@example.org', name);
    await server.mailSettled();
    const first = await server.get('/dev/mail/messages?to=dave@example.org&limit=2&count=true');
    expect(first.body.total).toBe(3);
    expect(first.body.items.map((mail: { text: string }) => mail.text.split('\n')[0])).toEqual([
      'Hello Three,',
      'Hello Two,',
    ]);
    const next = await server.get(
      `/dev/mail/messages?to=dave@example.org&limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(next.body).toMatchObject({ items: [{ to: 'dave@example.org' }], nextCursor: null });
    const other = await server.get(`/dev/mail/messages?cursor=${first.body.nextCursor}`);
    expect(other.status).toBe(400);
  });

  it('keeps the newest 200', async () => {
    await server.app.get(Database).transaction(async () => {
      for (let i = 0; i < 205; i++) await send('flood@example.org', `Nr ${i}`);
    });
    await server.mailSettled();
    const { body } = await server.get('/dev/mail/messages?limit=200&count=true');
    expect(body).toMatchObject({ total: 200, nextCursor: null });
    expect(body.items[0].text).toContain('Hello Nr 204,');
  });
});

describe('GET /dev/mail', () => {
  it('[F37] is a page that shows the mail, and hostile text as text', async () => {
    await send(ADA, '<script>alert(1)</script>');
    await server.mailSettled();
    const { status, headers, text } = await server.get('/dev/mail');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(text).toContain(`href="${LINK}"`);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>alert');
  });
});

describe('a page of another site whose name resolves to this machine', () => {
  const PATHS = ['/dev/mail', '/dev/mail/messages', '/dev/mail/latest?wait=0', '/start/state'];

  /** Status and code; null when the answer has none. */
  async function asked(path: string, host: string): Promise<[number, string | null]> {
    const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const { status, body } = await exchange(server.url, request);
    return [status, /"code":"([a-z_]+)"/.exec(body)?.[1] ?? null];
  }

  it.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    'localhost@evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.2',
    '0.0.0.0',
    '[::]',
    '',
  ])('reads nothing as %j', async (host) => {
    for (const path of PATHS) expect(await asked(path, host)).toEqual([404, 'not_found']);
  });

  it('reads nothing by what a proxy would say either', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'localhost' };
    const other = await TestServer.start({ TRUST_PROXY: '1' });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `GET /dev/mail HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`;
    expect((await exchange(other.url, request)).status).toBe(404);
    await other.stop();
  });

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:3000'])(
    'is told from one of our own, %s',
    async (host) => {
      await send('erin@example.org');
      await server.mailSettled();
      for (const path of PATHS) expect(await asked(path, host)).toEqual([200, null]);
    },
  );

  it('is told from one at PUBLIC_URL', async () => {
    const other = await TestServer.start({ PUBLIC_URL: 'http://Latchkey.test:8080' });
    const request = (host: string) =>
      `GET /dev/mail HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    for (const host of ['latchkey.test:8080', 'latchkey.test']) {
      expect((await exchange(other.url, request(host))).status).toBe(200);
    }
    await other.stop();
  });
});

describe('a server that stops', () => {
  it('lets nobody wait for mail any longer', async () => {
    const other = await TestServer.start();
    const latest = vi.spyOn(other.app.get(DevMailbox), 'latest');
    const waiting = other
      .get('/dev/mail/latest?to=nobody@example.org&wait=30')
      .catch(() => ({ status: 0 }));
    await soon(() => expect(latest).toHaveBeenCalled());
    await other.stop();
    expect([404, 503, 0]).toContain((await waiting).status);
  });
});

describe('with a mail server', () => {
  it('there is no mailbox, and nothing about it in the documentation', async () => {
    const other = await TestServer.start({
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'a@example.org',
    });
    for (const path of ['/dev/mail', '/dev/mail/messages', '/dev/mail/latest?to=a@example.org']) {
      const { status, body } = await other.get(path);
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
    expect((await other.get('/openapi.json')).text).not.toContain('/dev/mail');
    await other.app.get(OutboxWorker).drain();
    await other.stop();
  });
});
