import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Audit } from '../src/audit/audit.js';
import { AuditRetention } from '../src/audit/retention.js';
import { ApiKeys } from '../src/auth/api-keys/api-keys.js';
import { OneTimeTokens } from '../src/auth/one-time-tokens/one-time-tokens.js';
import { EndedSessions } from '../src/auth/sessions/ended-sessions.js';
import { PasskeyChallenges } from '../src/auth/passkeys/passkey-challenges.js';
import { MfaChallenges } from '../src/auth/second-factor/challenges.js';
import { Sessions } from '../src/auth/sessions/sessions.js';
import { TrustedDevices } from '../src/auth/trusted-devices/trusted-devices.js';
import { uuidv7 } from '../src/common/crypto/uuid.js';
import { KnownNetworks } from '../src/common/http/limits/known-networks.js';
import { LimitCounts } from '../src/common/http/limits/limit-counts.js';
import { Config } from '../src/config/config.js';
import { Database } from '../src/database/database.js';
import { CapturedMails } from '../src/mail/dev-mailbox/captured-mails.js';
import { Outbox } from '../src/mail/outbox/outbox.js';
import { CleanUp } from '../src/maintenance/clean-up.js';
import { MaintenanceRuns } from '../src/maintenance/maintenance-runs.js';
import { Detections } from '../src/suspicious-activity/detections.js';
import { Accounts } from '../src/users/accounts.js';
import { Webhooks } from '../src/webhooks/webhooks.js';
import { DAY, HOUR, MINUTE } from './support/clock.js';
import { as } from './support/people.js';
import { atOnce } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { turnsDuring } from './support/turns.js';

let server: TestServer;
let people = 0;

beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.stop());

function cleanUp() {
  return server.app.get(CleanUp).runIfDue();
}

/** A clean-up whose claim goes through a connection of its own, as that of another process does. */
async function anotherProcess(): Promise<{ cleanUp: CleanUp; close: () => Promise<void> }> {
  const { app, clock } = server;
  const database = new Database(app.get(Config));
  await database.open();
  return {
    cleanUp: new CleanUp(
      new MaintenanceRuns(database, clock),
      app.get(OneTimeTokens),
      app.get(MfaChallenges),
      app.get(Sessions),
      app.get(TrustedDevices),
      app.get(EndedSessions),
      app.get(Accounts),
      app.get(Outbox),
      app.get(CapturedMails),
      app.get(Audit),
      app.get(AuditRetention),
      app.get(Config),
      app.get(LimitCounts),
      app.get(KnownNetworks),
      app.get(PasskeyChallenges),
      app.get(Detections),
      app.get(Webhooks),
      database,
      clock,
      app.get(ApiKeys),
    ),
    close: () => database.onApplicationShutdown(),
  };
}

async function register(email = `waiting${++people}@example.org`): Promise<string> {
  await server.post('/auth/register', { email, password: PASSWORD });
  await server.mailSettled();
  return email;
}

function exists(email: string): boolean {
  return count(server.dataDir, 'User', 'emailKey = ?', email) === 1;
}

function sessionsOf({ id }: Person): number {
  return count(server.dataDir, 'Session', 'userId = ?', id);
}

describe('one-time tokens', () => {
  it('[14.2.7] are removed a week after they expired, used or not', async () => {
    const email = await register();
    const { token } = await server.newestMail(email);
    await server.post('/auth/verify-email', { token });
    await server.post('/auth/password/forgot', { email });
    await server.mailSettled();
    expect(count(server.dataDir, 'OneTimeToken')).toBe(2);

    server.clock.advance(7 * DAY + HOUR);
    expect((await cleanUp())!.oneTimeTokens).toBe(1); // the reset link, half an hour long
    const again = await server.post('/auth/verify-email', { token });
    expect(again.body).toEqual({ status: 'already_verified' });

    server.clock.advance(DAY);
    expect((await cleanUp())!.oneTimeTokens).toBe(1);
    expect(count(server.dataDir, 'OneTimeToken')).toBe(0);
  });
});

describe('sessions', () => {
  it('[14.2.7] are removed thirty days after they ended or expired, and none before', async () => {
    const ended = await server.person();
    const idle = await server.person();
    await server.post('/auth/logout', undefined, as(ended));
    const standing = await server.signIn(ended.email);

    server.clock.advance(10 * DAY);
    await server.post('/auth/refresh', { refresh_token: standing.refreshToken });
    server.clock.advance(20 * DAY - MINUTE);
    await cleanUp();
    expect([sessionsOf(ended), sessionsOf(idle)]).toEqual([2, 1]);

    server.clock.advance(HOUR);
    expect((await cleanUp())!.sessions).toBe(1);
    expect([sessionsOf(ended), sessionsOf(idle)]).toEqual([1, 1]);

    server.clock.advance(14 * DAY);
    expect((await cleanUp())!.sessions).toBe(1);
    expect([sessionsOf(ended), sessionsOf(idle)]).toEqual([1, 0]);
  });

  it('that stand go on', async () => {
    const person = await server.person();
    let { refreshToken } = person;
    for (let i = 0; i < 6; i++) {
      server.clock.advance(13 * DAY);
      await cleanUp();
      const { status, body } = await server.post('/auth/refresh', { refresh_token: refreshToken });
      expect(status).toBe(200);
      refreshToken = body.refresh_token;
    }
  });

  it('that are gone are as unknown as forged ones', async () => {
    const person = await server.person();
    server.clock.advance(45 * DAY);
    await cleanUp();
    const refresh = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect([refresh.status, refresh.body.code]).toEqual([401, 'refresh_token_invalid']);
    expect((await server.get('/users/me', as(person))).status).toBe(401);
  });
});

describe('accounts', () => {
  it('that nobody confirmed for thirty days are removed, with a line in the trail', async () => {
    const email = await register();
    const [{ id }] = rows(server.dataDir, 'SELECT id FROM User WHERE emailKey = ?', email);
    server.clock.advance(30 * DAY - HOUR);
    await cleanUp();
    expect(exists(email)).toBe(true);

    server.clock.advance(2 * HOUR);
    expect((await cleanUp())!.unconfirmedAccounts).toBe(1);
    expect(exists(email)).toBe(false);
    expect(
      rows(server.dataDir, `SELECT actor, detail FROM AuditEvent WHERE type = 'user.deleted'`),
    ).toEqual([{ actor: null, detail: '{"after":{"reason":"never_confirmed"}}' }]);
    expect(count(server.dataDir, 'AuditEvent', 'subject = ?', id)).toBe(2);
  });

  it('whose address was registered again lately stay', async () => {
    const email = await register();
    server.clock.advance(20 * DAY);
    await register(email);
    server.clock.advance(20 * DAY);
    await cleanUp();
    expect(exists(email)).toBe(true);
  });

  it('with a link that still works stay', async () => {
    const email = await register();
    server.clock.advance(30 * DAY);
    await server.post('/auth/verify-email/resend', { email });
    const { token } = await server.newestMail(email);
    server.clock.advance(HOUR);
    await cleanUp();
    expect((await server.post('/auth/verify-email', { token })).body.status).toBe('verified');
  });

  it('that are confirmed, disabled or imported stay', async () => {
    const admin = await server.administrator();
    const person = await server.person();
    const disabled = await register();
    const imported = await register();
    await server.app.get(Database).client.user.updateMany({
      where: { emailKey: imported },
      data: { passwordHash: 'imported:$2b$04$abc' },
    });
    await server.app.get(Database).client.user.updateMany({
      where: { emailKey: disabled },
      data: { status: 'disabled' },
    });
    server.clock.advance(400 * DAY);
    expect((await cleanUp())!.unconfirmedAccounts).toBe(0);
    for (const email of [admin.email, person.email, disabled, imported]) {
      expect(exists(email)).toBe(true);
    }
  });

  it('that were invited stay while the invitation works, and thirty days', async () => {
    const admin = await server.administrator();
    const email = 'invited@example.org';
    await server.post('/users', { email }, as(admin));
    server.clock.advance(29 * DAY);
    await cleanUp();
    expect(exists(email)).toBe(true);
    server.clock.advance(2 * DAY);
    await cleanUp();
    expect(exists(email)).toBe(false);
  });
});

describe('mails', () => {
  it('forgets after a week who got mail when, and after an hour what was decided against', async () => {
    await server.person();
    await server.post('/auth/password/forgot', { email: 'nobody@example.org' });
    await server.mailSettled();
    expect(count(server.dataDir, 'OutboxMail')).toBe(2);
    server.clock.advance(HOUR - MINUTE);
    await cleanUp();
    expect(count(server.dataDir, 'OutboxMail')).toBe(2);
    server.clock.advance(HOUR + MINUTE);
    expect(await cleanUp()).toMatchObject({ mails: 1, capturedMails: 0 });
    server.clock.advance(7 * DAY - 3 * HOUR);
    await cleanUp();
    expect(count(server.dataDir, 'OutboxMail')).toBe(1);
    server.clock.advance(2 * HOUR);
    expect(await cleanUp()).toMatchObject({ mails: 1, capturedMails: 1 });
    expect(count(server.dataDir, 'OutboxMail')).toBe(0);
    expect(count(server.dataDir, 'CapturedMail')).toBe(0);
  });

  it('keeps those that wait to be sent, however long', async () => {
    await server.mailSettled();
    const now = server.clock.now();
    await server.app.get(Database).client.outboxMail.create({
      data: {
        id: uuidv7(now),
        recipient: 'late@example.org',
        recipientKey: 'late@example.org',
        template: 'already-registered',
        state: 'queued',
        nextAttemptAt: new Date(now.getTime() + 400 * DAY),
        createdAt: now,
      },
    });
    server.clock.advance(300 * DAY);
    await cleanUp();
    expect(count(server.dataDir, 'OutboxMail')).toBe(1);
  });
});

describe('a run', () => {
  it('happens once an hour, whoever asks', async () => {
    expect(await cleanUp()).toBeDefined();
    expect(await cleanUp()).toBeUndefined();
    server.clock.advance(HOUR - MINUTE);
    expect(await cleanUp()).toBeUndefined();
    server.clock.advance(2 * MINUTE);
    expect(await cleanUp()).toBeDefined();
  });

  it('is done once, also when two processes begin to at the same moment', async () => {
    const other = await anotherProcess();
    try {
      for (let i = 0; i < 40; i++) await register();
      for (let round = 0; round < 5; round++) {
        server.clock.advance(31 * DAY);
        const runs = await atOnce(40, (nr) =>
          nr % 2 === 0 ? cleanUp() : other.cleanUp.runIfDue(),
        );
        const done = runs.filter((run) => run !== undefined);
        expect(done).toHaveLength(1);
        expect(done[0]!.unconfirmedAccounts).toBe(round === 0 ? 40 : 0);
      }
      const deleted = rows(
        server.dataDir,
        `SELECT subject FROM AuditEvent WHERE type = 'user.deleted'`,
      );
      expect(new Set(deleted.map(({ subject }) => subject)).size).toBe(40);
      expect(deleted).toHaveLength(40);
    } finally {
      await other.close();
    }
  });

  it('is not done again for having been restarted', async () => {
    await cleanUp();
    server = await server.restart();
    expect(await cleanUp()).toBeUndefined();
  });

  it('that died is made up for an hour later', async () => {
    await server.app.get(MaintenanceRuns).claim('clean-up', HOUR); // and then nothing
    expect(await cleanUp()).toBeUndefined();
    server.clock.advance(HOUR);
    expect(await cleanUp()).toBeDefined();
    const [run] = rows(server.dataDir, 'SELECT * FROM MaintenanceRun');
    expect(run.finishedAt).not.toBeNull();
  });

  it('logs one line, with how much it removed', async () => {
    await server.person();
    server.clock.advance(60 * DAY);
    await cleanUp();
    const lines = server.logLines.filter((line) => line.includes('cleaned up'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { oneTimeTokens: 1, sessions: 1, unconfirmedAccounts: 0, mails: 1, capturedMails: 1 },
    ]);
  });

  it('with nothing to do changes nothing but its own note', async () => {
    await server.person();
    await server.settled();
    const before = digest(server.dataDir);
    await cleanUp();
    const note = /\[\{"name":"clean-up"[^\]]*\]/;
    expect(digest(server.dataDir).replace(note, '[]')).toBe(before);
  });

  it('of many thousand rows removes all, and lets others write meanwhile', async () => {
    const { id } = await server.person();
    await server.mailSettled();
    const { client } = server.app.get(Database);
    const now = server.clock.now();
    for (let batch = 0; batch < 12; batch++) {
      await client.outboxMail.createMany({
        data: Array.from({ length: 500 }, () => ({
          id: uuidv7(now),
          recipient: 'x@example.org',
          recipientKey: 'x@example.org',
          template: 'already-registered',
          state: 'sent' as const,
          nextAttemptAt: now,
          createdAt: now,
        })),
      });
    }
    server.clock.advance(8 * DAY);
    let done = false;
    const run = cleanUp().finally(() => (done = true));
    let written = 0;
    while (!done) {
      await client.user.updateMany({ where: { id }, data: { name: 'Ada' } });
      await new Promise(setImmediate); // as a request that comes in from outside
      written++;
    }
    expect((await run)!.mails).toBe(6001);
    // One stretch after another, each letting in whoever waits.
    expect(written).toBeGreaterThan(3);
  });

  it('goes on when the clock ran ahead and is set back', async () => {
    server.clock.advance(400 * DAY);
    expect(await cleanUp()).toBeDefined();
    server.clock.advance(-400 * DAY);
    expect(await cleanUp()).toBeDefined();
    expect(await cleanUp()).toBeUndefined();
  });

  it('lets requests be read between its steps', async () => {
    const now = server.clock.now();
    const { client } = server.app.get(Database);
    for (let batch = 0; batch < 20; batch++) {
      await client.outboxMail.createMany({
        data: Array.from({ length: 500 }, () => ({
          id: uuidv7(now),
          recipient: 'x@example.org',
          recipientKey: 'x@example.org',
          template: 'already-registered',
          state: 'sent' as const,
          nextAttemptAt: now,
          createdAt: now,
        })),
      });
    }
    server.clock.advance(8 * DAY);
    expect(await turnsDuring(cleanUp)).toBeGreaterThanOrEqual(20);
  });
});
