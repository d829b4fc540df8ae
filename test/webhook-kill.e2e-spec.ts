import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerProcess } from './support/process.js';
import { rows } from './support/rows.js';
import { soon } from './support/soon.js';
import { Receiver, SECRET, verified } from './support/webhook-receiver.js';

const PASSWORD = 'correct horse battery staple';
const ADMIN = 'admin@example.org';

let receiver: Receiver;
let server: ServerProcess;

beforeEach(async () => {
  receiver = await Receiver.start();
  server = await ServerProcess.start(env());
});
afterEach(async () => {
  receiver.stop();
  await server.dispose();
});

function env(): Record<string, string> {
  return {
    PUBLIC_URL: 'http://localhost:4999',
    RATE_LIMITS: 'on',
    ADMIN_EMAIL: ADMIN,
    ADMIN_PASSWORD: PASSWORD,
    WEBHOOK_URL: `http://127.0.0.1:${receiver.port}/hook`,
    WEBHOOK_SECRET: SECRET,
  };
}

/** Something that a rule finds: a person whom an administrator gives more to do. */
async function raisePermissions(): Promise<void> {
  const { body } = await server.post('/auth/login', { email: ADMIN, password: PASSWORD });
  const bearer = body.access_token;
  const person = await server.post('/users', { email: 'ada@example.org' }, { bearer });
  const given = await server.put(
    `/users/${person.body.id}/roles`,
    { roles: ['admin'] },
    { bearer },
  );
  expect(given.status).toBe(200);
}

/** As if nobody had tried for a minute, and the claim of the process that died had run out. */
function aMinuteLater(): void {
  const database = new BetterSqlite3(join(server.dataDir, 'latchkey.db'), { timeout: 5000 });
  database.exec(`UPDATE "WebhookDelivery" SET
    "claimedUntil" = replace("claimedUntil", substr("claimedUntil", 1, 4), '2020'),
    "nextAttemptAt" = replace("nextAttemptAt", substr("nextAttemptAt", 1, 4), '2020')`);
  database.close();
}

function deliveries(): any[] {
  return rows(server.dataDir, 'SELECT * FROM "WebhookDelivery"');
}

describe('a message to the webhook, when the server is killed', () => {
  it('while it is handed over: is sent again, as the same message, and then no more', async () => {
    receiver.answers.push(undefined);
    await raisePermissions();
    await soon(() => expect(receiver.received).toHaveLength(1));
    await server.end('SIGKILL');
    aMinuteLater();
    server = await ServerProcess.start(env(), server.dataDir);
    await soon(() => expect(deliveries()).toMatchObject([{ state: 'delivered' }]));
    const [first, again] = receiver.received;
    expect(verified(again!, new Date())).toEqual(verified(first!, new Date()));
    expect(again!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(receiver.received).toHaveLength(2);
  });

  it('while it waits for a receiver that fails: is sent once that one is back', async () => {
    receiver.answers.push({ status: 500 });
    await raisePermissions();
    await soon(() => expect(deliveries()).toMatchObject([{ state: 'queued', attempts: 1 }]));
    await server.end('SIGKILL');
    aMinuteLater();
    server = await ServerProcess.start(env(), server.dataDir);
    await soon(() => expect(deliveries()).toMatchObject([{ state: 'delivered' }]));
    expect(receiver.received).toHaveLength(2);
  });
});
