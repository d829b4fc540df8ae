import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SuspiciousActivity } from '../src/suspicious-activity/suspicious-activity.js';
import { SecurityEvents } from '../src/common/security-events.js';
import { LimitKeys } from '../src/common/http/limits/limit-keys.js';
import { AlarmMails } from '../src/suspicious-activity/alarm-mails.js';
import { Audit } from '../src/audit/audit.js';
import { Trail } from '../src/audit/trail.js';
import { Config } from '../src/config/config.js';
import { Database } from '../src/database/database.js';
import { Detections } from '../src/suspicious-activity/detections.js';
import { Webhooks } from '../src/webhooks/webhooks.js';
import type { Answer } from './support/client.js';
import { HOUR, MINUTE, SECOND } from './support/clock.js';
import { as, giveRoles, makeRole } from './support/people.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';
import { startTool } from './support/tool.js';

const TOKEN = 'metrics-token-0123456789';

let server: TestServer;
let admin: Person;

beforeEach(async () => {
  server = await TestServer.start({
    RATE_LIMITS: 'on',
    TRUST_PROXY: '1',
    METRICS_TOKEN: TOKEN,
    LIMIT_REGISTER: '1000/1h',
  });
  admin = await server.administrator();
});
afterEach(() => server.stop());

function logIn(email: string, password: string, address: string): Promise<Answer> {
  const headers = { 'x-forwarded-for': address };
  return server.post('/auth/login', { email, password }, { headers });
}

interface Found {
  subject: string | null;
  actor: string | null;
  ip: string | null;
  requestId: string | null;
  after: { rule: string; count: number; network?: string; severity: string };
}

/** What the audit trail says was found, by any rule or by one, once nothing is being written. */
async function found(rule?: string): Promise<Found[]> {
  await server.app.get(Database).transaction(async () => {}); // behind those that wait
  return rows(
    server.dataDir,
    `SELECT "subject", "actor", "ip", "requestId", "detail" FROM "AuditEvent"
     WHERE "type" = 'suspicious.detected' ORDER BY "seq"`,
  )
    .map(({ detail, ...line }) => ({ ...line, after: JSON.parse(detail).after }))
    .filter(({ after }) => rule === undefined || after.rule === rule);
}

async function metric(rule: string): Promise<number> {
  const { text } = await server.get('/metrics', { bearer: TOKEN });
  return Number(
    new RegExp(`^latchkey_suspicious_activity_total\\{rule="${rule}"\\} (\\d+)$`, 'm').exec(
      text,
    )![1],
  );
}

function logged(rule: string): any[] {
  return server.logLines
    .map((line) => JSON.parse(line))
    .filter((line) => line.reason === 'suspicious activity' && line.rule === rule);
}

async function subjectsTo(person: { email: string }): Promise<string[]> {
  return (await server.mailbox(person.email)).map(({ subject }) => subject);
}

/** Wrong passwords for an account, with the pauses they ask for, from a network of its own each. */
async function fail(email: string, times: number, address: string): Promise<void> {
  for (let nr = 0; nr < times; nr++) {
    expect((await logIn(email, `wrong ${nr}`, address)).status).toBe(401);
    server.clock.advance(10 * SECOND);
  }
}

const SUSPICIOUS = 'Suspicious activity on your server';

describe('[2.4.1] a list of stolen passwords tried from one network', () => {
  async function stuff(from = '203.0.113.9', accounts = 30): Promise<void> {
    for (let nr = 0; nr < accounts; nr++) {
      await logIn(`stolen${nr}@example.org`, 'stolen password', from);
    }
  }

  it('is in the audit trail, the log and the metrics, and mailed to administrators, once', async () => {
    await stuff();
    const [line, ...more] = await found();
    expect(more).toEqual([]);
    expect(line).toMatchObject({ subject: null, actor: null, ip: '203.0.113.9' });
    expect(line!.requestId).toBeTruthy();
    expect(line!.after).toEqual({
      rule: 'credential_stuffing',
      severity: 'alarm',
      count: 10,
      threshold: 10,
      windowSeconds: 3600,
      network: '203.0.113.9',
    });
    expect(await metric('credential_stuffing')).toBe(1);
    expect(logged('credential_stuffing')).toMatchObject([
      { level: 40, network: '203.0.113.9', count: 10 },
    ]);
    expect(await subjectsTo(admin)).toEqual([SUSPICIOUS]);
    const { text, link } = await server.newestMail(admin.email);
    expect(text).toContain('Network: 203.0.113.9');
    expect(link).toBeNull();
  });

  it('is told again after the cooldown, when it still goes on', async () => {
    await stuff();
    server.clock.advance(59 * MINUTE);
    await stuff();
    expect(await found()).toHaveLength(1);
    server.clock.advance(2 * MINUTE);
    await stuff('203.0.113.9', 30);
    expect(await found('credential_stuffing')).toHaveLength(2);
    expect(await subjectsTo(admin)).toEqual([SUSPICIOUS, SUSPICIOUS]);
  });

  it('is one mail an hour, from however many networks it comes', async () => {
    for (let nr = 0; nr < 6; nr++) await stuff(`203.0.113.${nr}`, 10);
    expect(await found('credential_stuffing')).toHaveLength(6);
    expect(await subjectsTo(admin)).toEqual([SUSPICIOUS]);
  });

  it('fills neither the disk nor a mailbox, however many networks there are', async () => {
    const events = server.app.get(SecurityEvents);
    for (let network = 0; network < 160; network++) {
      for (let nr = 0; nr < 10; nr++) {
        events.emit('sign-in.failed', {
          accountKey: `account ${network} ${nr}`,
          network: `network ${network}`,
          reason: 'invalid_credentials',
        });
      }
      await found();
    }
    const lines = await found('credential_stuffing');
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.length).toBeLessThanOrEqual(100);
    expect((await subjectsTo(admin)).length).toBeLessThanOrEqual(2); // one for each rule
  });

  it('is told in German to an administrator who reads German', async () => {
    await server.patch('/users/me', { locale: 'de' }, as(admin));
    await stuff();
    expect(await subjectsTo(admin)).toEqual(['Verdächtige Vorgänge auf Ihrem Server']);
  });

  it('is told by one of several processes', async () => {
    const { app, clock } = server;
    const database = new Database(app.get(Config));
    await database.open();
    const events = new SecurityEvents();
    new SuspiciousActivity(
      events,
      new Detections(database, app.get(LimitKeys), clock),
      app.get(AlarmMails),
      app.get(Webhooks),
      app.get(Audit),
      app.get(Config),
      database,
      clock,
    ).onModuleInit();
    await stuff();
    for (let nr = 0; nr < 10; nr++) {
      events.emit('sign-in.failed', {
        accountKey: `a${nr}`,
        network: '203.0.113.9',
        reason: 'invalid_credentials',
      });
    }
    await database.transaction(async () => {});
    expect(await found('credential_stuffing')).toHaveLength(1);
    await database.onApplicationShutdown();
  });
});

describe('[6.3.5] a sign-in after many wrong passwords', () => {
  it('is told to its owner, who can say that it was somebody else', async () => {
    const person = await server.person();
    await logIn(person.email, PASSWORD, '203.0.113.7');
    server.clock.advance(20 * MINUTE);
    await fail(person.email, 5, '203.0.113.7');
    server.clock.advance(MINUTE);
    expect((await logIn(person.email, PASSWORD, '203.0.113.7')).status).toBe(200);

    expect(await found('success_after_failures')).toMatchObject([
      { subject: person.id, after: { count: 5, network: '203.0.113.7' } },
    ]);
    const mail = await server.newestMail(person.email);
    expect(mail.subject).toBe('Sign-in to your account after wrong passwords');
    expect(mail.text).toContain('203.0.113.7');
    expect((await server.post('/auth/not-me', { token: mail.token })).status).toBe(204);
  });

  it('from a new device is one mail, not two', async () => {
    const person = await server.person();
    await fail(person.email, 6, '203.0.113.8');
    server.clock.advance(MINUTE);
    expect((await logIn(person.email, PASSWORD, '203.0.113.8')).status).toBe(200);
    expect((await found()).map(({ after }) => after.rule).sort()).toEqual([
      'new_device',
      'success_after_failures',
    ]);
    const subjects = await subjectsTo(person);
    expect(subjects[0]).toBe('New sign-in to your account');
    expect(subjects).not.toContain('Sign-in to your account after wrong passwords');
  });

  it('is nothing to speak of after four', async () => {
    const person = await server.person();
    await fail(person.email, 4, '127.0.0.1');
    server.clock.advance(MINUTE);
    expect((await logIn(person.email, PASSWORD, '127.0.0.1')).status).toBe(200);
    expect(await found('success_after_failures')).toEqual([]);
  });
});

describe('what is found about one account', () => {
  it('tries from many networks', async () => {
    const person = await server.person();
    for (let nr = 0; nr < 6; nr++) await logIn(person.email, `wrong ${nr}`, `203.0.113.${nr}`);
    expect(await found()).toMatchObject([
      { subject: person.id, after: { rule: 'account_from_many_networks', count: 5 } },
    ]);
    expect(await subjectsTo(admin)).toEqual([]);
  });

  it('nothing about an address that nobody has', async () => {
    for (let nr = 0; nr < 6; nr++) await logIn('nobody@example.org', 'x', `203.0.113.${nr}`);
    expect(await found()).toEqual([]);
  });

  it('a refresh token that was used twice', async () => {
    const person = await server.person();
    const { refreshToken } = person;
    await server.post('/auth/refresh', { refresh_token: refreshToken });
    server.clock.advance(MINUTE);
    const thief = await server.post('/auth/refresh', { refresh_token: refreshToken });
    expect(thief.body.code).toBe('refresh_token_reused');
    expect(await found()).toMatchObject([
      { subject: person.id, after: { rule: 'refresh_token_reused' } },
    ]);
  });

  it('tokens of a session that has ended', async () => {
    const person = await server.person();
    await server.post('/auth/logout', undefined, as(person));
    for (let nr = 0; nr < 9; nr++) {
      expect((await server.get('/users/me', as(person))).status).toBe(401);
    }
    expect(await found()).toEqual([]);
    for (let nr = 0; nr < 9; nr++) await server.get('/users/me', as(person));
    expect(await found()).toMatchObject([
      { subject: person.id, after: { rule: 'ended_session_used', count: 10 } },
    ]);
  });

  it('a sign-in from a new network: a notice, not an alarm', async () => {
    const person = await server.person();
    await logIn(person.email, PASSWORD, '203.0.113.5');
    expect(await found()).toMatchObject([
      { subject: person.id, after: { rule: 'new_device', severity: 'notice' } },
    ]);
    expect(logged('new_device')).toMatchObject([{ level: 30 }]);
  });
});

describe('many registrations', () => {
  it('from one network are told to administrators', async () => {
    for (let nr = 0; nr < 16; nr++) {
      await server.post('/auth/register', { email: `new${nr}@example.org`, password: PASSWORD });
    }
    expect(await found()).toMatchObject([
      { subject: null, after: { rule: 'registration_burst', count: 15, network: '127.0.0.1' } },
    ]);
    expect(await subjectsTo(admin)).toEqual([SUSPICIOUS]);
  });
});

describe('a permission that can change what others may do', () => {
  it('is told to administrators when somebody gets it, with whom and by whom', async () => {
    const person = await server.person();
    await giveRoles(server, admin, person, [await makeRole(server, admin, ['roles:assign'])]);
    expect(await found()).toMatchObject([
      { subject: person.id, actor: admin.id, after: { rule: 'permission_raised' } },
    ]);
    const { subject, text } = await server.newestMail(admin.email);
    expect(subject).toBe(SUSPICIOUS);
    expect(text).toContain(person.id);
    expect(text).not.toContain(person.email);
  });

  it('and so it is when the command line makes an administrator beside the server', async () => {
    const person = await server.person();
    const { code } = await startTool('admin', ['create', person.email], server.dataDir).done;
    expect(code).toBe(0);
    await expect
      .poll(() => found('permission_raised'))
      .toContainEqual(
        expect.objectContaining({ subject: person.id, actor: null, ip: null, requestId: null }),
      );
    expect((await server.newestMail(admin.email)).text).toContain(person.id);
  });

  it('and is told a moment later when the audit trail could not be read at first', async () => {
    const person = await server.person();
    const trail = server.app.get(Trail);
    let looks = 0;
    trail.ofTypeSince = () => Promise.reject(new Error(`disk error ${++looks}`));
    await startTool('admin', ['create', person.email], server.dataDir).done;
    await soon(() => expect(looks).toBeGreaterThan(1));
    delete (trail as Partial<Trail>).ofTypeSince;
    await soon(async () =>
      expect(await found('permission_raised')).toContainEqual(
        expect.objectContaining({ subject: person.id }),
      ),
    );
    const lines = server.logLines.filter((line) => line.includes('could not look for new'));
    expect(lines).toHaveLength(1);
  });

  it('and when it makes one while no server runs, at the next start, once', async () => {
    const person = await server.person();
    const { dataDir, clock } = server;
    await server.app.close();
    expect((await startTool('admin', ['create', person.email], dataDir).done).code).toBe(0);
    for (let start = 0; start < 2; start++) {
      server = await TestServer.start({ RATE_LIMITS: 'on' }, dataDir, clock);
      await soon(async () =>
        expect(
          (await found('permission_raised')).filter(({ subject }) => subject === person.id),
        ).toHaveLength(1),
      );
      expect((await server.newestMail(admin.email)).text).toContain(person.id);
      clock.advance(2 * HOUR);
      if (start === 0) await server.app.close();
    }
  });

  it('is nothing to speak of when it can only read', async () => {
    const person = await server.person();
    await giveRoles(server, admin, person, [await makeRole(server, admin, ['audit:read'])]);
    expect(await found()).toEqual([]);
  });
});

it('what is found cannot be recorded: the log says so, and nobody is kept from signing in', async () => {
  const person = await server.person();
  const audit = server.app.get(Audit);
  const record = audit.record.bind(audit);
  audit.record = (line) =>
    line.type === 'suspicious.detected' ? Promise.reject(new Error('disk full')) : record(line);
  expect((await logIn(person.email, PASSWORD, '203.0.113.5')).status).toBe(200);
  expect(await found()).toEqual([]);
  expect(server.logLines.join('')).toContain('could not record suspicious activity');
  expect(logged('new_device')).toHaveLength(1);
  expect(count(server.dataDir, 'SuspiciousActivity')).toBe(0); // told when it happens again
});

describe('a right password sent by Basic, which begins no session', () => {
  function me(person: { email: string; password: string }, address: string): Promise<Answer> {
    return server.get('/users/me', {
      basic: [person.email, person.password],
      headers: { 'x-forwarded-for': address },
    });
  }

  it('[6.3.5] after wrong ones is told to the owner, once however many requests follow', async () => {
    const ada = await server.person('ada@example.org');
    await fail(ada.email, 6, '203.0.113.9');
    for (let nr = 0; nr < 5; nr++) expect((await me(ada, '198.51.100.9')).status).toBe(200);
    expect(await found('success_after_failures')).toMatchObject([
      { subject: ada.id, after: { count: 6, network: '198.51.100.9' } },
    ]);
    expect(await subjectsTo(ada)).toHaveLength(2); // its own and the confirmation
  });

  it('[6.3.5] from a new network is noticed, and the network is known then', async () => {
    const ada = await server.person('ada@example.org');
    expect((await me(ada, '127.0.0.1')).status).toBe(200);
    expect(await found('new_device')).toEqual([]);
    for (let nr = 0; nr < 3; nr++) expect((await me(ada, '198.51.100.7')).status).toBe(200);
    expect(await found('new_device')).toMatchObject([
      { subject: ada.id, after: { count: 1, network: '198.51.100.7' } },
    ]);
    server.clock.advance(61 * MINUTE);
    server = await server.restart(); // nothing is in memory
    expect((await me(ada, '198.51.100.7')).status).toBe(200);
    expect(await found('new_device')).toHaveLength(1);
  });

  it('takes the account from those that somebody there got wrong', async () => {
    const people = [];
    for (let nr = 0; nr < 12; nr++) people.push(await server.person(`person${nr}@example.com`));
    for (const person of people) {
      await logIn(person.email, 'mistyped', '203.0.113.20');
      expect((await me(person, '203.0.113.20')).status).toBe(200);
    }
    expect(await found('credential_stuffing')).toEqual([]);
  });

  it('makes no network known when it was wrong', async () => {
    const ada = await server.person('ada@example.org');
    const [before] = rows(server.dataDir, `SELECT count(*) AS "n" FROM "KnownNetwork"`);
    expect((await me({ ...ada, password: 'wrong' }, '198.51.100.8')).status).toBe(401);
    const [after] = rows(server.dataDir, `SELECT count(*) AS "n" FROM "KnownNetwork"`);
    expect(after).toEqual(before);
  });
});
