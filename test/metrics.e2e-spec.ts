import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SecurityEvents } from '../src/common/security-events.js';
import { Database } from '../src/database/database.js';
import { MetricsListener } from '../src/metrics/metrics-listener.js';
import { Outbox } from '../src/mail/outbox/outbox.js';
import { type Answer, Client } from './support/client.js';
import { DAY, HOUR, MINUTE } from './support/clock.js';
import { as } from './support/people.js';
import { exchange, head } from './support/raw.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';

const TOKEN = 'metrics-token-0123456789';

let server: TestServer;

function scrape(): Promise<Answer<string>> {
  return server.get('/metrics', { bearer: TOKEN });
}

/** What a line of the scrape says; undefined when there is no such line. */
async function value(series: string): Promise<number | undefined> {
  const { text } = await scrape();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('[13.4.5] GET /metrics without METRICS_TOKEN', () => {
  it('is not there, whoever asks', async () => {
    server = await TestServer.start();
    const admin = await server.administrator();
    for (const answer of [
      await server.get('/metrics'),
      await server.get('/metrics', as(admin)),
      await server.get('/metrics', { bearer: 'undefined' }),
      await server.get('/metrics', { headers: { authorization: 'Bearer ' } }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
    await server.stop();
  });
});

describe('GET /metrics with METRICS_TOKEN', () => {
  let admin: Person;
  beforeAll(async () => {
    server = await TestServer.start({ METRICS_TOKEN: TOKEN });
    admin = await server.administrator();
  });
  afterAll(() => server.stop());

  it('[13.4.5] wants it as Bearer, and takes nothing else', async () => {
    for (const [options, code, challenge] of [
      [{}, 'token_missing', 'Bearer realm="latchkey-metrics"'],
      [{ basic: ['metrics', TOKEN] }, 'token_missing', 'Bearer realm="latchkey-metrics"'],
      [
        { bearer: `${TOKEN}x` },
        'invalid_credentials',
        'Bearer realm="latchkey-metrics", error="invalid_token"',
      ],
      [as(admin), 'invalid_credentials', 'Bearer realm="latchkey-metrics", error="invalid_token"'],
    ] as const) {
      const answer = await server.get('/metrics', options as object);
      expect([answer.status, answer.body.code]).toEqual([401, code]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('www-authenticate')).toBe(challenge);
      expect(answer.text).not.toContain('latchkey_');
    }
    expect((await server.get(`/metrics?access_token=${TOKEN}`)).status).toBe(401);
  });

  it('opens no other route', async () => {
    expect((await server.get('/users/me', { bearer: TOKEN })).status).toBe(401);
  });

  it('is Prometheus text: each name has a help and a type, and begins with latchkey_', async () => {
    const { status, headers, text } = await scrape();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text.endsWith('\n')).toBe(true);
    const types = new Map<string, string>();
    let current = '';
    for (const line of text.slice(0, -1).split('\n')) {
      const [, kind, name, rest] = /^# (HELP|TYPE) (latchkey_[a-z0-9_]+) (.+)$/.exec(line) ?? [];
      if (kind === 'HELP') {
        expect(types.has(name!)).toBe(false);
        current = name!;
      } else if (kind === 'TYPE') {
        expect(name).toBe(current);
        expect(['counter', 'gauge', 'histogram', 'summary']).toContain(rest);
        types.set(name!, rest!);
      } else {
        const label = '[a-z]+="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
        expect(line).toMatch(
          new RegExp(
            `^${current}(_bucket|_sum|_count)?(\\{${label}(,${label})*\\})? [-+0-9.eInf]+$`,
          ),
        );
      }
    }
    expect(types.size).toBeGreaterThan(20);
    for (const [name, type] of types) {
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    }
  });

  it('counts requests by the pattern of their route, method and class of status', async () => {
    const series = 'latchkey_http_requests_total{route="/users/:id",method="GET",status="2xx"}';
    const before = (await value(series)) ?? 0;
    await server.get(`/users/${admin.id}`, as(admin));
    await server.get(`/users/${admin.id}`, as(admin));
    await server.get(`/users/${admin.id}`);
    expect(await value(series)).toBe(before + 2);
    expect(await value(series.replace('2xx', '4xx'))).toBe(1);
    expect(
      await value('latchkey_http_request_seconds_count{route="/users/:id",method="GET"}'),
    ).toBe(before + 3);
    expect(
      await value('latchkey_http_problems_total{route="/users/:id",code="token_missing"}'),
    ).toBe(1);
  });

  it.each(['/health', '/auth/gateway'])('tells a HEAD from a GET: %s', async (route) => {
    const times = async (method: string) => {
      const { text } = await scrape();
      const line = `^latchkey_http_requests_total\\{route="${route}",method="${method}",status="..."\\} (\\d+)$`;
      return Number(new RegExp(line, 'm').exec(text)?.[1] ?? 0);
    };
    const [head, get] = [await times('HEAD'), await times('GET')];
    await server.send('HEAD', route);
    await server.get(route);
    await server.get(route);
    expect([await times('HEAD'), await times('GET')]).toEqual([head + 1, get + 2]);
  });

  it('counts what no route takes as none, though it fits the pattern of one', async () => {
    const none = 'latchkey_http_requests_total{route="none",method="GET",status="4xx"}';
    const before = await value(none);
    await server.get('/users//api-keys');
    expect(await value(none)).toBe((before || 0) + 1);
  });

  it('has no more lines and none of their text, whatever paths, methods and ids strangers send', async () => {
    await server.get('/nowhere/0');
    await server.get('/%E0%A4%A0');
    await server.get('/%E0%A4%A');
    await exchange(server.url, head('PROPFIND /nowhere'));
    const before = (await scrape()).text.split('\n').length;
    for (let i = 1; i < 30; i++) {
      await server.get(`/nowhere/${i}`, { headers: { 'user-agent': `canary${i}` } });
      await server.get(`/%E0%A4%A?canary${i}`);
    }
    for (const method of ['PROPFIND', 'MKCOL', 'SEARCH', 'REPORT']) {
      await exchange(server.url, head(`${method} /canary`));
    }
    const { text } = await scrape();
    expect(text.split('\n')).toHaveLength(before);
    expect(text).not.toContain('canary');
    expect(text).toContain('route="none",method="other"');
  });

  it('[14.2.4] holds no address, id, network or secret', async () => {
    const { text } = await scrape();
    for (const secret of [admin.id, admin.email, admin.accessToken, TOKEN, '127.0.0.1', '@']) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('counts sign-ins by outcome, refusals by limit, and reused refresh tokens', async () => {
    const events = server.app.get(SecurityEvents);
    const refused = 'latchkey_limit_refusals_total{limit="account"}';
    expect(await value(refused)).toBe(0);
    const wrong = (await value('latchkey_sign_ins_total{outcome="invalid_credentials"}'))!;
    const right = (await value('latchkey_sign_ins_total{outcome="succeeded"}'))!;
    const network = '203.0.113.7';
    events.emit('sign-in.failed', { network, reason: 'invalid_credentials' });
    events.emit('sign-in.succeeded', {
      userId: admin.id,
      accountKey: 'key',
      network,
      newDevice: false,
      failuresBefore: 0,
    });
    events.emit('limit.refused', { limit: 'account', network });
    events.emit('refresh.reused', { userId: admin.id, sessionId: admin.id, network });
    expect(await value('latchkey_sign_ins_total{outcome="invalid_credentials"}')).toBe(wrong + 1);
    expect(await value('latchkey_sign_ins_total{outcome="succeeded"}')).toBe(right + 1);
    expect(await value(refused)).toBe(1);
    expect(await value('latchkey_security_events_total{event="refresh.reused"}')).toBe(1);
  });

  it('tells how long passwords take, and that none waits', async () => {
    const before = (await value('latchkey_password_hash_seconds_count'))!;
    await server.post('/auth/login', { email: admin.email, password: 'a wrong one' });
    expect(await value('latchkey_password_hash_seconds_count')).toBe(before + 1);
    expect(await value('latchkey_password_hashes_waiting')).toBe(0);
    expect(await value('latchkey_password_hashes_refused_total')).toBe(0);
  });

  it('counts the sessions that stand, anew after a minute', async () => {
    server.clock.advance(MINUTE);
    const before = (await value('latchkey_sessions'))!;
    const { accessToken } = await server.signIn(admin.email);
    await server.signIn(admin.email);
    expect(await value('latchkey_sessions')).toBe(before);
    server.clock.advance(MINUTE);
    expect(await value('latchkey_sessions')).toBe(before + 2);
    await server.post('/auth/logout', undefined, { bearer: accessToken });
    server.clock.advance(MINUTE);
    expect(await value('latchkey_sessions')).toBe(before + 1);
  });

  it('counts sessions right when they are very many', async () => {
    server.clock.advance(MINUTE);
    const before = (await value('latchkey_sessions'))!;
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    db.prepare(
      `WITH RECURSIVE "nr"("n") AS (SELECT 1 UNION ALL SELECT "n" + 1 FROM "nr" WHERE "n" < 12001)
       INSERT INTO "Session" ("id", "userId", "salt", "createdAt", "rotatedAt", "lastUsedAt",
                              "idleExpiresAt", "expiresAt", "endedAt", "amr", "authTime")
       SELECT printf('%08x-0000-7000-8000-000000000000', "n"), $user, x'00', $now, $now, $now,
              $end, $end, iif("n" % 3 = 0, $now, NULL), 'pwd', $now FROM "nr"`,
    ).run({
      user: admin.id,
      now: '2026-01-01T00:00:00.000+00:00',
      end: '2099-01-01T00:00:00.000+00:00',
    });
    db.close();
    server.clock.advance(MINUTE);
    expect(await value('latchkey_sessions')).toBe(before + 8001);
  });

  it('tells how old the signing key is', async () => {
    const before = (await value('latchkey_signing_key_age_seconds'))!;
    server.clock.advance(HOUR);
    const after = (await value('latchkey_signing_key_age_seconds'))!;
    expect(after - before).toBeGreaterThanOrEqual(3600);
    expect(after - before).toBeLessThan(3700);
  });

  it('counts writers that waited for others', async () => {
    const database = server.app.get(Database);
    const waits = 'latchkey_database_write_wait_seconds_count';
    const before = (await value(waits))!;
    let finish!: () => void;
    const first = database.transaction(() => new Promise<void>((resolve) => (finish = resolve)));
    await soon(() => expect(finish).toBeDefined());
    const second = server.patch('/users/me', { name: 'Ada' }, { basic: [admin.email, PASSWORD] });
    await soon(async () => expect(await value('latchkey_database_writers_waiting')).toBe(1));
    finish();
    await first;
    expect((await second).status).toBe(200);
    expect(await value(waits)).toBe(before + 1);
    expect(await value('latchkey_database_writers_waiting')).toBe(0);
  });

  it('says what runs and how it does', async () => {
    const { text } = await scrape();
    expect(text).toMatch(
      new RegExp(`^latchkey_build_info\\{version="\\d[^"]+",node="${process.version}"\\} 1$`, 'm'),
    );
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_open_fds',
      'process_start_time_seconds',
    ]) {
      expect(await value(`latchkey_${name}`)).toBeGreaterThan(0);
    }
    // Prometheus keeps the label for summaries, and `promtool check metrics` says so.
    expect(text).toContain('# TYPE latchkey_event_loop_delay_seconds summary');
    for (const quantile of ['0.5', '0.99', '1']) {
      expect(
        await value(`latchkey_event_loop_delay_seconds{quantile="${quantile}"}`),
      ).toBeGreaterThanOrEqual(0);
    }
  });

  it('leaves out what cannot be read, says so, and shows everything else', async () => {
    const backlog = vi.spyOn(Outbox.prototype, 'backlog').mockRejectedValue(new Error('no disk'));
    server.clock.advance(MINUTE);
    const { status, text } = await scrape();
    backlog.mockRestore();
    expect(status).toBe(200);
    expect(text).not.toContain('latchkey_mails{');
    expect(text).toContain('latchkey_sessions ');
    expect(text).toContain('latchkey_metrics_unreadable_total 2');
    expect(text).not.toContain('no disk');
    expect(await value('latchkey_mails{state="queued"}')).toBe(0);
  });
});

describe('mail that nobody takes', () => {
  afterEach(() => server.stop());

  it('is counted by state, with the age of the oldest', async () => {
    server = await TestServer.start({
      METRICS_TOKEN: TOKEN,
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'no-reply@example.org',
    });
    expect(await value('latchkey_mail_oldest_seconds')).toBe(0);
    await server.post('/auth/register', { email: 'ada@example.org', password: PASSWORD });
    await server.mailSettled();
    server.clock.advance(10 * MINUTE);
    await server.mailSettled(); // it is due again, and would be counted as being sent
    expect(await value('latchkey_mails{state="queued"}')).toBe(1);
    expect(await value('latchkey_mails{state="dead"}')).toBe(0);
    const age = (await value('latchkey_mail_oldest_seconds'))!;
    expect(age).toBeGreaterThanOrEqual(600);
    expect(age).toBeLessThan(700);
  });
});

describe('METRICS_PORT', () => {
  it('answers GET /metrics to whoever reaches it, nothing else, and stops with the server', async () => {
    server = await TestServer.start({ METRICS_PORT: '0' });
    const port = server.app.get(MetricsListener).port!;
    const own = new Client(`http://127.0.0.1:${port}`);
    expect(server.logLines.join('')).toContain(`http://127.0.0.1:${port}/metrics`);

    const answer = await own.get('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toContain('latchkey_build_info{');
    expect((await own.send('HEAD', '/metrics')).text).toBe('');

    for (const [method, path, status] of [
      ['GET', '/', 404],
      ['GET', '/users/me', 404],
      ['POST', '/auth/login', 404],
      ['GET', '/metrics/', 404],
      ['POST', '/metrics', 405],
    ] as const) {
      const refused = await own.send(method, path);
      expect([path, refused.status, refused.body.status]).toEqual([path, status, status]);
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    expect((await own.send('POST', '/metrics')).headers.get('allow')).toBe('GET, HEAD');

    // The main port stays closed: that one may be open to the world.
    expect((await server.get('/metrics')).status).toBe(404);
    await server.stop();
    await expect(own.get('/metrics')).rejects.toThrow();
  });
});

describe('METRICS_TOKEN_FILE', () => {
  it('holds the token, which may end in a line break', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-metrics-'));
    const file = join(folder, 'metrics-token');
    writeFileSync(file, `${TOKEN}\n`);
    server = await TestServer.start({ METRICS_TOKEN_FILE: file });
    expect((await scrape()).status).toBe(200);
    server.clock.advance(DAY);
    expect((await scrape()).status).toBe(200);
    await server.stop();
    rmSync(folder, { recursive: true });
  });
});
