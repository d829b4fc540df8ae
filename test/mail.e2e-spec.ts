import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MasterKey } from '../src/common/crypto/master-key.js';
import { NestLog } from '../src/common/log.js';
import type { Config } from '../src/config/config.js';
import { ConfigModule } from '../src/config/config.module.js';
import { loadConfig } from '../src/config/load-config.js';
import { Database } from '../src/database/database.js';
import { DatabaseModule } from '../src/database/database.module.js';
import { migrate } from '../src/database/migrate.js';
import type { OutboxMail } from '../src/generated/prisma/client.js';
import { MailModule } from '../src/mail/mail.module.js';
import { MailRequests } from '../src/mail/outbox/mail-requests.js';
import { MailState } from '../src/mail/outbox/mail-state.js';
import { Outbox } from '../src/mail/outbox/outbox.js';
import { OutboxWorker } from '../src/mail/outbox/outbox.worker.js';
import { DAY, HOUR, MINUTE, SECOND, TestClock } from './support/clock.js';
import { MailServer, SilentServer } from './support/mail-server.js';
import { soon } from './support/soon.js';
import { turnsDuring } from './support/turns.js';

const TOKEN = 'lk_ot_dGhpcyBpcyBhIHNlY3JldCB0b2tlbg';
const CODE = '042137';
const ADA = 'ada@example.org';

/** Configuration, database and mail, without the rest of the server. */
class MailApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly config: Config,
    readonly log: string[],
  ) {}

  static async start(
    env: Record<string, string>,
    dataDir: string,
    masterKey: MasterKey,
    clock: TestClock,
  ): Promise<MailApp> {
    const config = loadConfig(
      {
        MODE: 'development',
        DATA_DIR: dataDir,
        MAIL_FROM: 'Example <no-reply@example.org>',
        ...env,
      },
      dataDir,
    );
    migrate(config.databaseFile, join(dataDir, 'backups'));
    const log: string[] = [];
    const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
    class Root {}
    const app = await NestFactory.create<NestFastifyApplication>(
      {
        module: Root,
        imports: [
          ConfigModule.with(config, masterKey, clock),
          DatabaseModule,
          MailModule.with(config),
        ],
      },
      new FastifyAdapter(),
      { logger: new NestLog(logger), abortOnError: false },
    );
    await app.get(Database).open();
    await app.init();
    return new MailApp(app, config, log);
  }

  get outbox(): Outbox {
    return this.app.get(Outbox);
  }

  get requests(): MailRequests {
    return this.app.get(MailRequests);
  }

  get database(): Database {
    return this.app.get(Database);
  }

  drain(): Promise<void> {
    return this.app.get(OutboxWorker).drain();
  }

  verify(name: string | null = null, to = ADA): Promise<void> {
    return this.outbox.send('verify-email', to, to.toLowerCase(), {
      name,
      locale: null,
      link: `http://localhost:3000/auth/verify-email#token=${TOKEN}`,
      token: TOKEN,
      code: CODE,
      expiresInMinutes: 1440,
    });
  }

  rows(): Promise<OutboxMail[]> {
    return this.database.client.outboxMail.findMany({ orderBy: { id: 'asc' } });
  }

  async states(): Promise<string[]> {
    return (await this.rows()).map((row) => row.state);
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

let dataDir: string;
let clock: TestClock;
let masterKey: MasterKey;
let server: MailServer;
let apps: MailApp[];

async function start(env: Record<string, string> = {}): Promise<MailApp> {
  const app = await MailApp.start({ SMTP_URL: server.url, ...env }, dataDir, masterKey, clock);
  apps.push(app);
  return app;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-mail-'));
  clock = new TestClock();
  masterKey = new MasterKey(randomBytes(32));
  server = await new MailServer().start();
  apps = [];
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const app of apps) await app.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a mail', () => {
  it('reaches the mail server once, as text and HTML, for its recipient alone', async () => {
    const app = await start();
    await app.verify('Ada Lovelace');
    await app.drain();

    expect(server.received).toHaveLength(1);
    const [mail] = server.received;
    expect(mail!.from).toBe('no-reply@example.org');
    expect(mail!.recipients).toEqual([ADA]);
    expect(mail!.parsed.subject).toBe('Confirm your e-mail address');
    expect(mail!.parsed.from).toMatchObject({ name: 'Example', address: 'no-reply@example.org' });
    for (const part of [mail!.parsed.text, mail!.parsed.html]) {
      expect(part).toContain('Hello Ada Lovelace,');
      expect(part).toContain(`/auth/verify-email#token=${TOKEN}`);
      expect(part).toContain(CODE);
      expect(part).toContain('24 hours');
    }
    const headers = new Map(mail!.parsed.headers.map(({ key, value }) => [key, value]));
    expect(headers.get('auto-submitted')).toBe('auto-generated');

    const [row] = await app.rows();
    expect(row).toMatchObject({ state: 'sent', data: null, lastError: null, claimedUntil: null });
    expect(row!.sentAt).toBeInstanceOf(Date);
    expect(mail!.parsed.messageId).toBe(`<${row!.id}@example.org>`);

    await app.drain();
    expect(server.received).toHaveLength(1);
  });

  it('is sent without anyone asking for it', async () => {
    const app = await start();
    await app.verify();
    await soon(() => expect(server.received).toHaveLength(1));
  });

  it('is never sent when the change that causes it is rolled back', async () => {
    const app = await start();
    await expect(
      app.database.transaction(async () => {
        await app.verify();
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await app.drain();
    expect(await app.rows()).toEqual([]);
    expect(server.received).toEqual([]);
  });

  it('is sent only after the change that causes it is committed', async () => {
    const app = await start();
    const other = await start();
    let woken = 0;
    app.outbox.onWork(() => woken++);
    await app.database.transaction(async () => {
      await app.verify();
      expect([woken, await other.rows()]).toEqual([0, []]);
    });
    expect([woken, (await other.rows()).length]).toEqual([1, 1]);
    expect(server.received).toEqual([]);
    await app.drain();
    expect(server.received).toHaveLength(1);
  });

  it('is one of many that all arrive, each once, also when two processes send', async () => {
    const first = await start();
    const second = await start();
    await first.database.transaction(async () => {
      for (let i = 0; i < 60; i++) await first.verify(null, `person${i}@example.org`);
    });
    await Promise.all([first.drain(), second.drain()]);
    const recipients = server.received.map((mail) => mail.recipients[0]);
    expect(recipients).toHaveLength(60);
    expect(new Set(recipients).size).toBe(60);
  });

  it('leaves no token in clear in the database, nor any word of itself in the log', async () => {
    await server.stop();
    const app = await start();
    await app.verify('Ada Lovelace');
    await app.drain();
    expect(await app.states()).toEqual(['queued']);

    const bytes = Buffer.concat(
      ['', '-wal', '-shm']
        .map((suffix) => app.config.databaseFile + suffix)
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file)),
    );
    expect(bytes.includes(ADA)).toBe(true); // the file is the right one
    for (const secret of [TOKEN, CODE, 'Ada Lovelace', '#token=']) {
      expect(bytes.includes(secret)).toBe(false);
    }
    const log = app.log.join('');
    expect(log).toContain('"outcome":"server unreachable"');
    for (const secret of [TOKEN, CODE, 'Ada', ADA]) expect(log).not.toContain(secret);
  });

  it('that another master key has written is given up, and kept', async () => {
    await server.stop();
    const app = await start();
    await app.verify();
    await app.drain();
    await app.close();
    apps = [];
    await server.start();

    masterKey = new MasterKey(randomBytes(32));
    clock.advance(MINUTE);
    const other = await start();
    await other.drain();
    const [row] = await other.rows();
    expect(row).toMatchObject({ state: 'dead', lastError: 'undecryptable' });
    expect(row!.data).not.toBeNull();
    expect(server.received).toEqual([]);
  });
});

describe('a mail server that fails', () => {
  it('[16.5.2] gets a mail although it was down when the mail was asked for', async () => {
    await server.stop();
    const app = await start();
    await app.verify();
    await app.drain();
    expect(await app.rows()).toMatchObject([{ state: 'queued', attempts: 0 }]);

    await server.start();
    clock.advance(SECOND);
    await app.drain();
    expect(server.received).toHaveLength(1);
    expect(await app.states()).toEqual(['sent']);
  });

  it('gets everything within a minute of its return, after days, and nothing twice', async () => {
    await server.stop();
    const app = await start();
    for (let i = 0; i < 20; i++) await app.verify(null, `person${i}@example.org`);
    for (let i = 0; i < 12; i++) {
      await app.drain();
      clock.advance(i < 6 ? 30 * SECOND : DAY);
    }
    await app.drain();
    expect(new Set(await app.states())).toEqual(new Set(['queued']));

    await server.start();
    clock.advance(30 * SECOND);
    await app.drain();
    expect(server.received).toHaveLength(20);
    expect(new Set(server.received.map((mail) => mail.recipients[0])).size).toBe(20);
  });

  it('is tried with one mail, not with all of them', async () => {
    await server.stop();
    const app = await start();
    for (let i = 0; i < 10; i++) await app.verify(null, `person${i}@example.org`);
    await app.drain();
    clock.advance(MINUTE);
    const before = app.log.length;
    await app.drain();
    expect(app.log.slice(before).filter((line) => line.includes('unreachable'))).toHaveLength(1);
  });

  it('[13.2.6] [16.5.2] makes no request wait, however silent it is', async () => {
    const silent = new SilentServer();
    const app = await start({ SMTP_URL: await silent.start() });
    try {
      for (let i = 0; i < 10; i++) await app.verify();
      await app.drain();
      expect(new Set(await app.states())).toEqual(new Set(['queued']));
    } finally {
      await silent.stop();
    }
  });

  it('that refuses a recipient for good is not asked again, and the others get theirs', async () => {
    server.onRecipient = (address) => (address.startsWith('nobody') ? 550 : undefined);
    const app = await start();
    await app.verify(null, 'nobody@example.org');
    await app.verify();
    await app.drain();
    clock.advance(DAY);
    await app.drain();

    expect(await app.rows()).toMatchObject([
      { state: 'dead', lastError: 'RCPT TO 550', data: null },
      { state: 'sent' },
    ]);
    expect(server.asked.filter((address) => address.startsWith('nobody'))).toHaveLength(1);
    expect(app.log.join('')).not.toContain('nobody@');
  });

  it('that puts a mail off is asked again within a minute, and holds up nobody else', async () => {
    server.onRecipient = (address) => (address === ADA ? 451 : undefined);
    const app = await start();
    await app.verify();
    await app.verify(null, 'bob@example.org');
    await app.drain();
    expect(server.received.map((mail) => mail.recipients[0])).toEqual(['bob@example.org']);
    for (let i = 0; i < 10; i++) {
      clock.advance(50 * SECOND);
      await app.drain();
    }
    expect(server.asked.filter((address) => address === ADA)).toHaveLength(11);

    server.onRecipient = () => undefined;
    clock.advance(50 * SECOND);
    await app.drain();
    expect(await app.states()).toEqual(['sent', 'sent']);
  });

  it('that puts a mail off for three days does not get it', async () => {
    server.onRecipient = () => 451;
    const app = await start();
    await app.verify();
    await app.drain();
    clock.advance(3 * DAY + SECOND);
    await app.drain();
    expect(await app.rows()).toMatchObject([{ state: 'dead', data: null }]);
  });

  it('gets a mail twice at most when this process is killed between sending and noting it', async () => {
    clock.stop();
    const app = await start();
    vi.spyOn(app.outbox, 'markSent').mockImplementation(() => new Promise(() => {}));
    await app.verify();
    await soon(() => expect(server.received).toHaveLength(1));

    const next = await start();
    clock.advance(40 * SECOND);
    await next.drain();
    expect(server.received).toHaveLength(1);
    clock.advance(5 * SECOND); // and another process looks within five more
    await next.drain();
    expect(server.received).toHaveLength(2);
    expect(server.received[1]!.parsed.messageId).toBe(server.received[0]!.parsed.messageId);
    clock.advance(HOUR);
    await next.drain();
    expect(server.received).toHaveLength(2);
    expect(await next.states()).toEqual(['sent']);
    apps = [next];
    void app.close();
  });

  it('may finish the mail it is getting when this process stops', async () => {
    const app = await start();
    let take!: () => void;
    server.onMessage = () => new Promise((resolve) => (take = resolve));
    await app.verify();
    await soon(() => expect(server.received).toHaveLength(1));
    let stopped = false;
    const stopping = app.close().then(() => (stopped = true));
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(stopped).toBe(false);
    take();
    await stopping;
    apps = [];
    expect(await (await start()).states()).toEqual(['sent']);
  });
});

describe('a clock that ran ahead and is set back', () => {
  it('keeps no mail waiting that was asked for meanwhile', async () => {
    const app = await start();
    clock.advance(400 * DAY);
    await app.verify();
    await app.outbox.request('reset-password', ADA, ADA);
    clock.advance(-400 * DAY);
    app.requests.decide('reset-password', () => Promise.resolve(undefined));
    await app.drain();
    expect(server.received).toHaveLength(1);
    expect(await app.states()).toEqual(['sent', 'dropped']);
  });

  it('ends the pause after a failure of the mail server', async () => {
    await server.stop();
    const app = await start();
    clock.advance(HOUR);
    await app.verify();
    await app.drain();
    await server.start();
    clock.advance(-HOUR);
    await app.drain();
    expect(await app.states()).toEqual(['sent']);
  });

  it('frees a mail that a process had claimed and died', async () => {
    const app = await start();
    vi.spyOn(app.app.get(OutboxWorker), 'drain').mockResolvedValue();
    clock.advance(HOUR);
    await app.verify();
    await app.outbox.claim();
    clock.advance(-HOUR);
    expect(await app.outbox.claim()).toBeDefined();
    expect(await app.outbox.claim()).toBeUndefined();
  });
});

describe('many mails', () => {
  it('are worked off without keeping requests waiting', async () => {
    const app = await start();
    app.requests.decide('reset-password', () => Promise.resolve(undefined));
    for (let i = 0; i < 30; i++) await app.outbox.request('reset-password', ADA, ADA);
    // Requests are read once each turn of the event loop.
    expect(await turnsDuring(() => app.drain())).toBeGreaterThanOrEqual(30);
  });
});

describe('[12.3.1] TLS', () => {
  it('that is required and not offered means that nothing is sent, not even the address', async () => {
    const app = await start({ SMTP_TLS: 'required' });
    await app.verify();
    await app.drain();
    expect(server.asked).toEqual([]);
    expect(await app.rows()).toMatchObject([{ state: 'queued', attempts: 0 }]);
  });

  it('[12.3.2] that is required is refused with a certificate nobody vouches for', async () => {
    const secure = await new MailServer({}).start();
    const app = await start({ SMTP_URL: secure.url, SMTP_TLS: 'required' });
    await app.verify();
    await app.drain();
    expect(secure.asked).toEqual([]);
    expect(await app.states()).toEqual(['queued']);
    await secure.stop();
  });

  it('is used when it is offered', async () => {
    const secure = await new MailServer({}).start();
    const app = await start({ SMTP_URL: secure.url });
    await app.verify();
    await app.drain();
    expect(secure.received).toMatchObject([{ secure: true }]);
    await secure.stop();
  });
});

describe('hostile input', () => {
  it.each([
    '"e@attacker.example"@victim.example',
    'a@victim.example,e@attacker.example',
    'a@victim.example>',
    'a@victim.example\r\nRCPT TO:<e@attacker.example>',
    'a@victim.example\r\nBcc: e@attacker.example',
    'a@victim.example\0',
    'Ada <e@attacker.example>',
    'group: a@victim.example, e@attacker.example;',
  ])('[F34] [F35] in the address column never reaches the mail server: %j', async (recipient) => {
    const app = await start();
    await app.verify(null, recipient);
    await app.outbox.send('already-registered', recipient, 'a@victim.example', {
      name: null,
      locale: null,
    });
    await app.drain();
    expect(server.asked.filter((address) => address !== 'a@victim.example')).toEqual([]);
    expect(server.received.map((mail) => mail.raw).join('')).not.toContain('attacker');
    expect((await app.rows())[0]).toMatchObject({ state: 'dead', lastError: 'invalid recipient' });
  });

  it('[1.2.1] [F35] [F37] in a name is inert: no markup, no header, no link', async () => {
    const app = await start();
    await app.verify(
      '<img src=x onerror=1>"\r\nBcc: e@attacker.example\r\n\r\n[x](https://attacker.example) www.attacker.example',
    );
    await app.drain();
    const [mail] = server.received;
    expect(mail!.recipients).toEqual([ADA]);
    expect(mail!.parsed.bcc).toBeUndefined();
    expect(mail!.parsed.html).toContain('&lt;img src=x onerror=1&gt;&quot;');
    expect(mail!.parsed.html).not.toContain('<img');
    expect(mail!.parsed.html!.match(/href="[^"]*"/g)).toEqual([
      `href="http://localhost:3000/auth/verify-email#token=${TOKEN}"`,
    ]);
    for (const part of [mail!.parsed.text!, mail!.parsed.html!]) {
      expect(part).not.toMatch(/https:\/\/attacker|www\.attacker|attacker\.example|e@attacker/);
    }
  });
});

describe('a mail that a stranger asks for', () => {
  const answer = (recipient = 'Ada@example.org') =>
    Promise.resolve({
      template: 'already-registered',
      recipient,
      data: { name: null, locale: null },
    } as const);

  it('is decided apart from the request, and may be another than was asked for', async () => {
    const app = await start();
    const decided: string[] = [];
    app.requests.decide('registration', (key) => {
      decided.push(key);
      return key === ADA ? answer() : Promise.resolve(undefined);
    });
    await app.outbox.request('registration', ADA, ADA);
    await app.outbox.request('registration', 'nobody@example.org', 'nobody@example.org');
    await app.drain();

    expect(decided).toEqual([ADA, 'nobody@example.org']);
    expect(await app.states()).toEqual(['sent', 'dropped']);
    expect(server.received.map((mail) => mail.recipients[0])).toEqual(['Ada@example.org']);
    expect(server.received[0]!.parsed.subject).toBe('You already have an account');
    expect(app.log.join('')).not.toMatch(/ada@|nobody@/i);
  });

  it('is decided a moment later, so that the next request does not feel what was decided', async () => {
    const app = await start();
    let decidedAt = 0;
    app.requests.decide('reset-password', () => {
      decidedAt = performance.now();
      return answer();
    });
    const asked = performance.now();
    await app.outbox.request('reset-password', ADA, ADA);
    await soon(() => expect(server.received).toHaveLength(1));
    expect(decidedAt - asked).toBeGreaterThan(45);
  });

  it('costs the request the same one statement, known or not', async () => {
    const app = await start();
    app.requests.decide('reset-password', (key) =>
      key === ADA ? answer() : Promise.resolve(undefined),
    );
    await app.outbox.request('reset-password', ADA, ADA);
    await app.outbox.request('reset-password', 'nobody@example.org', 'nobody@example.org');
    const rows = await app.database.client.outboxMail.findMany({ orderBy: { id: 'asc' } });
    expect(rows.map((row) => row.recipient)).toEqual([ADA, 'nobody@example.org']);
    await app.drain();
  });

  it('is written with the token it holds, or neither is', async () => {
    const app = await start();
    let fail = true;
    app.requests.decide('reset-password', async () => {
      const now = clock.now();
      await app.database.client.role.create({
        data: { id: `made-${fail}`, name: `made-${fail}`, permissions: [], createdAt: now },
      });
      if (fail) throw new Error('half way');
      return answer();
    });
    await app.outbox.request('reset-password', ADA, ADA);
    await app.drain();
    expect(await app.states()).toEqual(['requested']);
    fail = false;
    clock.advance(5 * SECOND);
    await app.drain();
    expect(await app.states()).toEqual(['sent']);
    expect(
      await app.database.client.role.findMany({ where: { name: { startsWith: 'made' } } }),
    ).toMatchObject([{ name: 'made-false' }]);
  });

  it('is one of so many of its kind to an address an hour; more are left out without touching the earlier', async () => {
    const app = await start({ LIMIT_MAIL: '3/1h' });
    const decided = { registration: 0, 'reset-password': 0 };
    for (const kind of ['registration', 'reset-password'] as const) {
      app.requests.decide(kind, () => {
        decided[kind]++;
        return answer();
      });
    }
    for (let i = 0; i < 5; i++) await app.outbox.request('registration', ADA, ADA);
    await app.outbox.request('reset-password', ADA, ADA);
    await app.outbox.send('session-reused', ADA, ADA, {
      name: null,
      locale: null,
      at: clock.now().toISOString(),
      device: null,
      ip: null,
      link: 'http://localhost:3000/auth/not-me#token=lk_ot_abc',
      token: 'lk_ot_abc',
      expiresInMinutes: 10_080,
    });
    await app.drain();
    expect(decided).toEqual({ registration: 3, 'reset-password': 1 });
    expect(server.received).toHaveLength(5); // what the server itself has to say is not counted
    expect((await app.states()).slice(0, 6)).toEqual([
      'sent',
      'sent',
      'sent',
      'dropped',
      'dropped',
      'sent',
    ]);

    await app.outbox.request('registration', 'bob@example.org', 'bob@example.org');
    await app.drain();
    expect(decided.registration).toBe(4);

    clock.advance(HOUR + SECOND);
    await app.outbox.request('registration', ADA, ADA);
    await app.drain();
    expect(decided.registration).toBe(5);
  });

  it('is decided once, also when two processes look', async () => {
    const first = await start();
    const second = await start();
    let decided = 0;
    for (const app of [first, second]) {
      app.requests.decide('registration', () => {
        decided++;
        return answer();
      });
    }
    await first.database.transaction(async () => {
      for (let i = 0; i < 3; i++) await first.outbox.request('registration', ADA, ADA);
    });
    await Promise.all([first.drain(), second.drain()]);
    await Promise.all([first.drain(), second.drain()]);
    expect(decided).toBe(3);
    expect(server.received).toHaveLength(3);
  });
});

describe('the outbox', () => {
  it('tells where mail goes and how much of it waits, without credentials', async () => {
    await server.stop();
    const app = await start({ SMTP_URL: server.url.replace('//', '//user:secret@') });
    await app.verify();
    await app.drain();
    const state = app.app.get(MailState);
    expect(state.destination).toBe(server.url);
    expect(await state.waiting()).toBe(1);
  });
});
