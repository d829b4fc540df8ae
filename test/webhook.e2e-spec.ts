import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Config } from '../src/config/config.js';
import { Database } from '../src/database/database.js';
import { CLAIM, Webhooks } from '../src/webhooks/webhooks.js';
import { WebhookSender } from '../src/webhooks/webhook-sender.js';
import { WebhookWorker } from '../src/webhooks/webhook.worker.js';
import { CleanUp } from '../src/maintenance/clean-up.js';
import { DAY, HOUR, MINUTE, SECOND } from './support/clock.js';
import { rows } from './support/rows.js';
import { PASSWORD, TestServer } from './support/server.js';
import { KEY, Receiver, SECRET, verified } from './support/webhook-receiver.js';

let receiver: Receiver;
let server: TestServer;

beforeEach(async () => {
  receiver = await Receiver.start();
  server = await serverTelling(`http://user:pass%20word@127.0.0.1:${receiver.port}/hook?of=us`);
});
afterEach(async () => {
  receiver.stop();
  await server.stop();
});

function serverTelling(url: string): Promise<TestServer> {
  return TestServer.start({
    RATE_LIMITS: 'on',
    TRUST_PROXY: '1',
    WEBHOOK_URL: url,
    WEBHOOK_SECRET: SECRET,
  });
}

function drain(): Promise<void> {
  return server.app.get(WebhookWorker).drain();
}

function deliveries(): any[] {
  return rows(server.dataDir, 'SELECT * FROM "WebhookDelivery" ORDER BY "id"');
}

/** A message of some kind, written and given its first try. */
async function tell(nr = 1): Promise<void> {
  await server.app.get(Webhooks).send('test.told', { nr });
  await drain();
}

describe('what a rule finds', () => {
  it('is sent, signed as Standard Webhooks say', async () => {
    const person = await server.person();
    const headers = { 'x-forwarded-for': '203.0.113.5' };
    await server.post('/auth/login', { email: person.email, password: PASSWORD }, { headers });
    await server.app.get(Database).transaction(async () => {});
    await drain();

    expect(receiver.received).toHaveLength(1);
    const [message] = receiver.received;
    expect(message!.path).toBe('/hook?of=us');
    expect(message!.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from('user:pass word').toString('base64')}`,
    });
    expect(verified(message!, server.clock.now())).toEqual({
      type: 'suspicious.detected',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        rule: 'new_device',
        severity: 'notice',
        count: 1,
        threshold: 1,
        windowSeconds: 3600,
        subject: person.id,
        network: '203.0.113.5',
      },
    });
    expect(deliveries()).toMatchObject([{ state: 'delivered', lastError: null }]);
  });

  it('is neither sent nor written when the change it tells of is undone', async () => {
    const { app } = server;
    const undone = app.get(Database).transaction(async () => {
      await app.get(Webhooks).send('test.told', {});
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await drain();
    expect([receiver.received, deliveries()]).toEqual([[], []]);
  });
});

describe('a receiver that fails', () => {
  it('gets the same message again, later and later, signed anew', async () => {
    server.clock.stop();
    receiver.answers.push({ status: 500 }, { status: 503 });
    await tell();
    expect(deliveries()).toMatchObject([{ state: 'queued', attempts: 1, lastError: 'status 500' }]);
    server.clock.advance(4 * SECOND);
    await drain();
    expect(receiver.received).toHaveLength(1);
    server.clock.advance(2 * SECOND);
    await drain();
    expect(receiver.received).toHaveLength(2);
    server.clock.advance(10 * SECOND);
    await drain();
    expect(receiver.received).toHaveLength(2);
    server.clock.advance(MINUTE);
    await drain();
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(
      new Set(receiver.received.map(({ headers }) => headers['webhook-signature'])).size,
    ).toBeGreaterThan(1);
    verified(receiver.received[2]!, server.clock.now());
    expect(deliveries()).toMatchObject([{ state: 'delivered' }]);
  });

  it('is given up after three days, and forgotten after seven', async () => {
    receiver.stop();
    await tell();
    for (let tries = 1; tries < 11; tries++) {
      server.clock.advance(DAY);
      await drain();
    }
    expect(deliveries()).toMatchObject([
      { state: 'dead', attempts: 11, lastError: 'ECONNREFUSED' },
    ]);
    await server.app.get(CleanUp).runIfDue();
    expect(deliveries()).toEqual([]);
  });

  it('is not tried again when it says that it is gone', async () => {
    receiver.answers.push({ status: 410 });
    await tell();
    expect(deliveries()).toMatchObject([{ state: 'dead', lastError: 'status 410' }]);
  });

  it('[13.2.6] is given five seconds, while nobody who signs in waits', async () => {
    const person = await server.person();
    receiver.answers.push(undefined);
    const telling = tell();
    while (receiver.received.length === 0) await new Promise(setImmediate);
    expect((await server.signIn(person.email)).id).toBe(person.id);
    expect(deliveries()).toMatchObject([{ state: 'sending' }]);
    await telling;
    expect(deliveries()).toMatchObject([{ state: 'queued', lastError: 'timeout' }]);
  });

  it('does not keep the next message', async () => {
    receiver.answers.push({ status: 500 });
    await tell(1);
    await tell(2);
    expect(deliveries().map(({ state }) => state)).toEqual(['queued', 'delivered']);
  });
});

describe('what a receiver answers', () => {
  it('[15.3.2] is not followed when it leads elsewhere', async () => {
    const elsewhere = await Receiver.start();
    for (const status of [301, 302, 307, 308]) {
      receiver.answers.push({
        status,
        headers: { location: `http://127.0.0.1:${elsewhere.port}/` },
      });
      await tell(status);
    }
    expect(deliveries().map(({ lastError }) => lastError)).toEqual([
      'status 301',
      'status 302',
      'status 307',
      'status 308',
    ]);
    expect(elsewhere.received).toEqual([]);
    elsewhere.stop();
  });

  it('is not read, however long it is', async () => {
    receiver.endless = true;
    await tell();
    expect(deliveries()).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('several processes', () => {
  it('send each message once', async () => {
    const { app, clock } = server;
    const database = new Database(app.get(Config));
    await database.open();
    const webhooks = new Webhooks(app.get(Config), database, clock);
    const other = new WebhookWorker(webhooks, app.get(WebhookSender), app.get(Config), clock);
    for (let nr = 0; nr < 20; nr++) await webhooks.send('test.told', { nr });
    await Promise.all([drain(), other.drain()]);
    const told = receiver.received.map(({ body }) => JSON.parse(body).data.nr);
    expect(told.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, nr) => nr));
    await database.onApplicationShutdown();
  });

  it('send what one that died had claimed', async () => {
    const { app } = server;
    const died = app.get(Webhooks);
    receiver.answers.push({ status: 500 });
    await tell();
    server.clock.advance(6 * SECOND);
    expect(await died.claim()).toBeDefined();
    await drain();
    expect(receiver.received).toHaveLength(1);
    server.clock.advance(CLAIM);
    await drain();
    expect(receiver.received).toHaveLength(2);
    expect(deliveries()).toMatchObject([{ state: 'delivered' }]);
  });

  it('go on when the clock was set back', async () => {
    receiver.answers.push({ status: 500 });
    await tell();
    server.clock.advance(-30 * DAY);
    await drain();
    expect(receiver.received).toHaveLength(2);
  });
});

it('neither the secret nor the credentials of the address are in the log', async () => {
  receiver.answers.push({ status: 500 });
  await tell();
  server.clock.advance(HOUR);
  await drain();
  const log = server.logLines.join('');
  expect(log).toContain('status 500');
  for (const secret of [SECRET, KEY.toString('base64'), 'pass%20word', 'pass word', 'of=us']) {
    expect(log).not.toContain(secret);
  }
});

describe('[1.3.6] [13.2.4] where it leads', () => {
  it('is looked at again when it is a name', async () => {
    await server.stop();
    server = await serverTelling(`http://localhost:${receiver.port}/`);
    await tell();
    expect(deliveries()).toMatchObject([{ state: 'delivered' }]);
  });

  it('is no private address, whatever the configuration says', async () => {
    const { app, clock } = server;
    for (const [mode, url] of [
      ['production', `http://127.0.0.1:${receiver.port}/`],
      ['production', `http://localhost:${receiver.port}/`],
      ['production', `http://[::ffff:127.0.0.1]:${receiver.port}/`],
      ['development', 'http://169.254.169.254/latest/meta-data/'],
      ['development', 'http://10.0.0.1/'],
    ] as const) {
      const config = { ...app.get(Config), mode, webhook: { url, key: KEY } } as Config;
      const sent = new WebhookSender(config, clock).send('id', '{}');
      await expect(sent).rejects.toThrow('address not public');
    }
    expect(receiver.received).toEqual([]);
  });
});

it('without WEBHOOK_URL nothing is written', async () => {
  await server.stop();
  server = await TestServer.start();
  await tell();
  expect(deliveries()).toEqual([]);
});
