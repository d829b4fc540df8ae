import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Audit } from '../src/audit/audit.js';
import { Database } from '../src/database/database.js';
import { DAY, HOUR, MINUTE, SECOND } from './support/clock.js';
import { EventStream } from './support/event-stream.js';
import {
  as,
  everyPermissionBut,
  giveRoles,
  makeRole,
  personWith,
  pointers,
} from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let auditor: Person;
let ada: Person;
const open: EventStream[] = [];

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
  auditor = await personWith(server, admin, ['audit:read']);
  ada = await server.person();
});
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});
afterAll(() => server.stop());

interface Event {
  [field: string]: any;
  id: string;
  type: string;
}

async function events(query = ''): Promise<Event[]> {
  const { status, body, text } = await server.get(`/audit-events?limit=200${query}`, as(auditor));
  if (status !== 200) throw new Error(text);
  return body.items;
}

/** Something that happens to nobody else, so many times. */
async function happen(subject: string, times = 1): Promise<void> {
  for (let nr = 0; nr < times; nr++) {
    await server.app.get(Audit).record({ type: 'role.changed', subject, after: { nr } });
  }
}

async function follow(
  query = '',
  headers: Record<string, string> = {},
  person = auditor,
): Promise<EventStream> {
  const stream = await EventStream.open(`${server.url}/audit-events/stream${query}`, {
    authorization: `Bearer ${person.accessToken}`,
    ...headers,
  });
  open.push(stream);
  return stream;
}

describe('an event', () => {
  it('[16.2.1] [16.2.2] holds who did what to whom, when in UTC, from where, how signed in and by which request', async () => {
    const person = await server.person();
    const before = server.clock.now().getTime();
    const name = await makeRole(server, admin, []);
    const answer = await giveRoles(server, admin, person, [name]);
    const [event] = await events(`&subject=${person.id}&type=roles.changed`);
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}$/),
      type: 'roles.changed',
      at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
      actor: admin.id,
      subject: person.id,
      ip: '127.0.0.1',
      requestId: answer.headers.get('x-request-id'),
      scheme: 'Bearer',
      before: ['user'],
      after: [name],
    });
    expect(Date.parse(event!.at)).toBeGreaterThanOrEqual(before);
  });

  it('has no before and after where there is nothing to compare', async () => {
    const person = await server.person();
    const [event] = await events(`&subject=${person.id}&type=user.verified`);
    expect(event).not.toHaveProperty('before');
    expect(event).not.toHaveProperty('after');
  });

  it('[16.3.1] stands for each sign-in and each sign-out, and only for those', async () => {
    const person = await server.person();
    const own = () => events(`&subject=${person.id}`);
    const told = (await own()).length;
    await server.post('/auth/login', { email: person.email, password: 'not the right one' });
    expect(await own()).toHaveLength(told);
    const again = await server.signIn(person.email);
    await server.post('/auth/logout', undefined, as(again));
    expect((await own()).slice(0, 2).map(({ type }) => type)).toEqual([
      'session.ended',
      'login.succeeded',
    ]);
    expect(await own()).toHaveLength(told + 2);
  });

  it('[16.3.2] [16.3.3] is not written for what was refused: that is a line in the log, with its code and its caller', async () => {
    const before = count(server.dataDir, 'AuditEvent');
    const refused = await server.get('/audit-events', as(ada));
    const forged = await server.get('/users/me', { bearer: `${ada.accessToken.slice(0, -4)}AAAA` });
    expect(count(server.dataDir, 'AuditEvent')).toBe(before);
    const line = (id: string | null) =>
      server.logLines.map((text) => JSON.parse(text)).find((facts) => facts.requestId === id);
    expect(line(refused.headers.get('x-request-id'))).toMatchObject({
      status: 403,
      code: 'permission_required',
      userId: ada.id,
      route: '/audit-events',
    });
    expect(line(forged.headers.get('x-request-id'))).toMatchObject({
      status: 401,
      code: 'token_signature_invalid',
    });
  });

  it('[16.4.1] cannot be forged by what somebody puts into a request', async () => {
    const nasty = 'x\r\n\ndata: {"type":"user.deleted"}\n\n=HYPERLINK("http://evil")';
    const description = nasty.replaceAll(/[\r\n]/g, '\u2028');
    const name = `nasty-${Date.now()}`;
    const stream = await follow();
    const made = await server.post(
      '/roles',
      { name, description: 'a, "b"', permissions: [] },
      as(admin),
    );
    expect(made.status).toBe(201);
    await server.patch(`/roles/${name}`, { description }, as(admin));
    await server.app
      .get(Audit)
      .record({ type: 'role.changed', subject: nasty, after: { text: nasty } });
    const all = await stream.until(2);
    expect(all.map(({ data }) => data.type)).not.toContain('user.deleted');
    const { text } = await server.get('/audit-events/export', as(auditor));
    for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('id');
  });

  it.each([
    [
      'registering one address',
      () => server.post('/auth/register', { email: 'again@example.org', password: PASSWORD }),
    ],
    [
      'changing the own name',
      (nr: number) => server.patch('/users/me', { name: `Ada ${nr}` }, as(ada)),
    ],
  ])('is written once an hour for %s again and again', async (_what, act) => {
    const before = count(server.dataDir, 'AuditEvent');
    for (let nr = 0; nr < 10; nr++) expect((await act(nr)).status).toBeLessThan(300);
    expect(count(server.dataDir, 'AuditEvent')).toBe(before + 1);
    server.clock.advance(HOUR + SECOND);
    auditor = await server.signIn(auditor.email);
    admin = await server.signIn(admin.email);
    ada = await server.signIn(ada.email);
    const later = count(server.dataDir, 'AuditEvent');
    await act(11);
    expect(count(server.dataDir, 'AuditEvent')).toBe(later + 1);
  });

  it('of an administrator about somebody else is written each time', async () => {
    const person = await server.person();
    for (const name of ['A', 'B', 'C'])
      await server.patch(`/users/${person.id}`, { name }, as(admin));
    expect(await events(`&subject=${person.id}&type=user.updated`)).toHaveLength(3);
  });
});

describe('GET /audit-events', () => {
  it.each(['/audit-events', '/audit-events/export', '/audit-events/stream'])(
    '[8.2.1] %s needs audit:read, and nothing else gives it',
    async (path) => {
      const other = await personWith(server, admin, everyPermissionBut('audit:read'));
      const refused = await server.get(path, as(other));
      expect([refused.status, refused.body.code]).toEqual([403, 'permission_required']);
      expect((await server.get(path)).status).toBe(401);
    },
  );

  it('lists the newest first, in pages that neither lose nor repeat one while more are written', async () => {
    const subject = 'pages';
    await happen(subject, 7);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await server.get(
        `/audit-events?subject=${subject}&limit=3${from}`,
        as(auditor),
      );
      seen.push(...body.items.map(({ after }: Event) => after.nr));
      cursor = body.nextCursor;
      await happen(subject);
    } while (cursor !== null);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  it('finds by type, actor, subject and time, together', async () => {
    const person = await server.person();
    const start = server.clock.now();
    server.clock.advance(MINUTE);
    await giveRoles(server, admin, person, []);
    server.clock.advance(MINUTE);
    await giveRoles(server, admin, person, ['user']);
    const both = `&type=roles.changed&actor=${admin.id}&subject=${person.id}`;
    const found = await events(both);
    expect(found.map(({ after }) => after)).toEqual([['user'], []]);
    const [second, first] = found as [Event, Event];
    expect(await events(`${both}&from=${first.at}&to=${second.at}`)).toEqual([first]);
    expect(await events(`${both}&from=${second.at}`)).toEqual([second]);
    expect(await events(`${both}&to=${start.toISOString()}`)).toEqual([]);
    expect(
      await events(`${both}&actor=${ada.id}`).catch((error: Error) => error.message),
    ).toContain('duplicate');
    expect(await events(`&type=roles.changed&actor=${ada.id}`)).toEqual([]);
  });

  it('takes times in any zone, and days', async () => {
    const person = await server.person();
    const whose = `&subject=${person.id}&type=user.verified`;
    const [event] = (await events(whose)) as [Event];
    const day = event.at.slice(0, 10);
    expect(await events(`${whose}&from=${day}`)).toEqual([event]);
    expect(await events(`${whose}&to=${day}`)).toEqual([]);
    const at = new Date(Date.parse(event.at) + 2 * HOUR).toISOString().slice(0, -1);
    expect(await events(`${whose}&from=${encodeURIComponent(`${at}+02:00`)}`)).toEqual([event]);
    expect(await events(`${whose}&to=${encodeURIComponent(`${at}+02:00`)}`)).toEqual([]);
  });

  it('counts when asked', async () => {
    await happen('counted', 4);
    const { body } = await server.get(
      '/audit-events?subject=counted&limit=1&count=true',
      as(auditor),
    );
    expect([body.items.length, body.total]).toEqual([1, 4]);
  });

  it.each([
    ['type=user.exploded', '/type'],
    ['type=', '/type'],
    ['from=yesterday', '/from'],
    ['from=2026-02-30', '/from'],
    ['to=2026-01-01T00:00', '/to'],
    ['to=2026-01-01T24:00:00Z', '/to'],
    ['from=2026-01-02&to=2026-01-01', '/to'],
    [`subject=${'x'.repeat(65)}`, '/subject'],
    ['cursor=abc', '/cursor'],
    ['seq=1', '/seq'],
  ])('refuses ?%s, and says why', async (query, pointer) => {
    const answer = await server.get(`/audit-events?${query}`, as(auditor));
    expect([answer.status, answer.body.code, pointers(answer)]).toEqual([
      400,
      'validation_failed',
      [pointer],
    ]);
  });

  it('takes no cursor of another filter', async () => {
    await happen('cursors', 2);
    const { body } = await server.get('/audit-events?subject=cursors&limit=1', as(auditor));
    const answer = await server.get(
      `/audit-events?subject=others&cursor=${body.nextCursor}`,
      as(auditor),
    );
    expect(pointers(answer)).toEqual(['/cursor']);
  });

  it.each([{}, { type: 'x' }, { actor: 'x' }, { subject: 'x' }, { type: 'x', subject: 'x' }])(
    'reads an index, whatever is asked: %j',
    async (filter) => {
      const columns = Object.keys(filter).map((name) => `"${name}" = 'x'`);
      const first = ['subject', 'actor', 'type'].find((name) => name in filter) ?? 'at';
      const plan = rows(
        server.dataDir,
        `EXPLAIN QUERY PLAN SELECT * FROM AuditEvent
         WHERE ${[...columns.map((c) => (c.startsWith(`"${first}`) ? c : `+${c}`)), `"at" >= 'x'`, `("at", "seq") < ('y', 9)`].join(' AND ')}
         ORDER BY "at" DESC, "seq" DESC LIMIT 50`,
      );
      expect(plan).toHaveLength(1); // no sorting
      expect(plan[0].detail).toContain(`AuditEvent_${first === 'at' ? 'at' : `${first}_at`}_idx`);
    },
  );
});

describe('GET /audit-events/export', () => {
  it('gives every event once, oldest first, one JSON object a line, as a file', async () => {
    await happen('exported', 1203);
    const { status, headers, text } = await server.get(
      '/audit-events/export?subject=exported',
      as(auditor),
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="latchkey-audit.ndjson"');
    expect(headers.get('cache-control')).toBe('no-store');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ after }) => after.nr)).toEqual(Array.from({ length: 1203 }, (_, nr) => nr));
  });

  it('gives the same as the list, filtered alike', async () => {
    const { text } = await server.get(`/audit-events/export?subject=${ada.id}`, as(auditor));
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.toReversed()).toEqual(await events(`&subject=${ada.id}`));
  });

  it('[1.2.10] gives CSV as RFC 4180 says, in which no cell is a formula', async () => {
    const subject = '=1+1';
    await server.app
      .get(Audit)
      .record({ type: 'role.changed', subject, before: 'a "b"\n', after: [1, 2] });
    const { headers, text } = await server.get(
      `/audit-events/export?format=csv&subject=${encodeURIComponent(subject)}`,
      as(auditor),
    );
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toContain('.csv"');
    const [head, line, rest] = text.split('\r\n');
    expect(head).toBe('id,type,at,actor,subject,ip,requestId,scheme,before,after');
    expect(line).toMatch(
      /^[0-9a-f-]{36},role\.changed,\d{4}-[\dT:.-]+Z,,'=1\+1,,,,"""a \\""b\\""\\n""","\[1,2\]"$/,
    );
    expect(rest).toBe('');
  });

  it('of nothing is empty: no line, or the head of the table alone', async () => {
    const none = (format: string) =>
      server.get(`/audit-events/export?subject=none&format=${format}`, as(auditor));
    expect((await none('ndjson')).text).toBe('');
    expect((await none('csv')).text.split('\r\n')).toHaveLength(2);
    expect(pointers(await none('pdf'))).toEqual(['/format']);
  });

  it('reads only as fast as it is read, and ends when its reader goes away', async () => {
    const padding = 'x'.repeat(2000);
    for (let piece = 0; piece < 20; piece++) {
      await server.app.get(Audit).recordAll(
        Array.from({ length: 500 }, () => ({
          type: 'role.changed' as const,
          subject: 'long',
          after: { padding },
        })),
      );
    }

    const streams = await Promise.all(
      Array.from({ length: 5 }, () =>
        EventStream.open(`${server.url}/audit-events/export?subject=long`, {
          authorization: `Bearer ${auditor.accessToken}`,
        }),
      ),
    );
    for (const { answer } of streams) answer.pause();
    // All places are taken until a reader goes away.
    const refused = await server.get('/audit-events/export', as(auditor));
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.headers.get('ratelimit-policy')).toContain('"audit-streams";q=5');
    await sleep(300);
    for (const { answer } of streams) expect(answer.socket.bytesRead).toBeLessThan(15_000_000);
    for (const stream of streams) stream.close();
    await expect
      .poll(async () => (await server.get('/audit-events/export?subject=none', as(auditor))).status)
      .toBe(200);
  });

  it('is cut off, not ended, when its reader may not read on', async () => {
    const leaving = await server.signIn(auditor.email);
    const stream = await EventStream.open(`${server.url}/audit-events/export?subject=long`, {
      authorization: `Bearer ${leaving.accessToken}`,
    });
    stream.answer.pause();
    await server.post('/auth/logout', undefined, as(leaving));
    stream.answer.resume();
    await stream.end();
    expect(stream.closed).toBe('cut');
    expect(stream.text.split('\n').length).toBeLessThan(10_000);
  });

  it('is a line in the log, with who took it', async () => {
    await server.get('/audit-events/export?subject=none', as(auditor));
    const line = server.logLines.find((text) => text.includes('audit.exported'));
    expect(JSON.parse(line!)).toMatchObject({ event: 'audit.exported', userId: auditor.id });
  });

  it('answers HEAD without reading anything', async () => {
    const answer = await server.send('HEAD', '/audit-events/export', as(auditor));
    expect([answer.status, answer.text]).toEqual([200, '']);
    const stream = await server.send('HEAD', '/audit-events/stream', as(auditor));
    expect(stream.status).toBe(200);
  });
});

describe('GET /audit-events/stream', () => {
  it('tells what happens from now on, each once, in its order', async () => {
    await happen('before');
    const stream = await follow('?type=role.changed');
    expect(stream.status).toBe(200);
    expect(stream.answer.headers['content-type']).toBe('text/event-stream');
    expect(stream.answer.headers['cache-control']).toBe('no-store');
    await happen('live', 250);
    const told = await stream.until(250);
    expect(told.map(({ data }) => data.after.nr)).toEqual(
      Array.from({ length: 250 }, (_, nr) => nr),
    );
    expect(told.map(({ data }) => data)).toContainEqual((await events('&subject=live'))[0]);
  });

  it('goes on behind Last-Event-ID without losing or repeating one', async () => {
    const first = await follow('?subject=resumed');
    await happen('resumed', 3);
    const [, second] = await first.until(3);
    first.close();
    await happen('resumed', 120);
    const again = await follow('?subject=resumed', { 'last-event-id': second!.id });
    const told = await again.until(121);
    expect(told.map(({ data }) => data.after.nr)).toEqual([
      2,
      ...Array.from({ length: 120 }, (_, nr) => nr),
    ]);
  });

  it.each(['abc', '-1', '1.5', '99999999', '1e3', '9'.repeat(40)])(
    'refuses the Last-Event-ID %s, which it never gave',
    async (id) => {
      const stream = await follow('', { 'last-event-id': id });
      expect(stream.status).toBe(400);
    },
  );

  it('tells only what is asked for', async () => {
    const stream = await follow(`?actor=${admin.id}&subject=${ada.id}`);
    await happen('somebody else');
    await giveRoles(server, admin, ada, ['user', await makeRole(server, admin, [])]);
    const told = await stream.until(1);
    expect(told.map(({ data }) => [data.type, data.subject])).toEqual([['roles.changed', ada.id]]);
  });

  it('never tells what was rolled back', async () => {
    const stream = await follow('?type=role.changed');
    const database = server.app.get(Database);
    await database
      .transaction(async () => {
        await server.app.get(Audit).record({ type: 'role.changed', subject: 'never' });
        throw new Error('rolled back');
      })
      .catch(() => {});
    await happen('committed');
    const [event] = await stream.until(1);
    expect(event!.data.subject).toBe('committed');
    expect(count(server.dataDir, 'AuditEvent', `subject = 'never'`)).toBe(0);
  });

  it('breaks a long silence', async () => {
    const stream = await follow('?subject=nothing');
    server.clock.advance(15 * SECOND);
    await expect.poll(() => stream.text).toContain('\n:\n\n');
  });

  it('[7.4.1] ends within a second when its reader signs out', async () => {
    const reader = await server.signIn(auditor.email);
    const stream = await follow('', {}, reader);
    await server.post('/auth/logout', undefined, as(reader));
    await stream.end();
    expect(stream.closed).toBe('whole');
    expect(stream.events.map(({ data }) => data.type)).not.toContain('session.ended');
  });

  it('[8.3.2] ends within a second when its reader loses the permission', async () => {
    const reader = await personWith(server, admin, ['audit:read']);
    const stream = await follow('', {}, reader);
    await giveRoles(server, admin, reader, ['user']);
    await stream.end();
  });

  it('ends within a second when its reader is disabled, also one signed in by Basic', async () => {
    const reader = await personWith(server, admin, ['audit:read']);
    const basic = Buffer.from(`${reader.email}:${PASSWORD}`).toString('base64');
    const stream = await follow('', { authorization: `Basic ${basic}` });
    expect(stream.status).toBe(200);
    await server.patch(`/users/${reader.id}`, { status: 'disabled' }, as(admin));
    await stream.end();
  });

  it('ends when the access token expires', async () => {
    const stream = await follow();
    server.clock.advance(16 * MINUTE);
    await stream.end();
    auditor = await server.signIn(auditor.email);
    admin = await server.signIn(admin.email);
  });

  it('[15.2.2] is open five times for one person, and again once one is closed', async () => {
    const streams = await atOnce(5, () => follow());
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await follow()).status).toBe(429);
    streams[0]!.close();
    await expect.poll(async () => (await follow()).status).toBe(200);
  });

  it('[15.2.2] is open sixty times for all together; the next is told to come back', async () => {
    const others = await atOnce(11, (nr) => server.administrator(`reader${nr}@example.org`));
    const streams = await atOnce(60, (nr) => follow('', {}, others[nr % 12] ?? auditor));
    expect(tally(streams.map(({ status }) => status))).toEqual({ 200: 60 });
    const refused = await server.get('/audit-events/stream', as(admin));
    expect([refused.status, refused.body.code]).toEqual([503, 'overloaded']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await server.get('/audit-events', as(admin))).status).toBe(200);
    streams[0]!.close();
    await expect.poll(async () => (await follow('', {}, admin)).status).toBe(200);
  });

  it('costs a reader who does not read no more than one page of memory', async () => {
    const stream = await follow();
    stream.answer.pause();
    await server.app.get(Audit).recordAll(
      Array.from({ length: 500 }, () => ({
        type: 'role.changed' as const,
        subject: 'unread',
        after: { padding: 'x'.repeat(4000) },
      })),
    );
    stream.answer.resume();
    const told = await stream.until(500);
    expect(told).toHaveLength(500);
  });

  it('does not keep the server from stopping', async () => {
    const stream = await follow();
    server = await server.restart();
    expect(stream.closed).toBe('whole');
    const again = await follow();
    expect(again.status).toBe(200);
    await happen('after the restart');
    await again.until(1);
  });
});

describe('deleting an account', () => {
  it('leaves its events as they were, and adds one', async () => {
    const person = await server.person();
    const before = await events(`&subject=${person.id}`);
    await server.delete(`/users/${person.id}`, as(admin));
    const after = await events(`&subject=${person.id}`);
    expect(after[0]).toMatchObject({ type: 'user.deleted', actor: admin.id });
    expect(after.slice(-before.length)).toEqual(before);
    server.clock.advance(DAY);
  });
});
