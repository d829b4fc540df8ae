import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefreshTokens } from '../src/auth/tokens/refresh-tokens.js';
import { Sessions } from '../src/auth/sessions/sessions.js';
import type { Answer } from './support/client.js';
import { DAY, MINUTE, SECOND } from './support/clock.js';
import { decode } from './support/jwt.js';
import { as, giveRoles, makeRole, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { type Person, TestServer } from './support/server.js';

const PREFIX = 'lk_rt_';

let server: TestServer;
let admin: Person;
let ada: Person;

function refresh(token: string): Promise<Answer> {
  return server.post('/auth/refresh', { refresh_token: token });
}

/** The tokens a refresh gives; fails when it gives none. */
async function refreshed(token: string): Promise<{ access: string; refresh: string }> {
  const { status, body, text } = await refresh(token);
  if (status !== 200) throw new Error(`No tokens: ${text}`);
  return { access: body.access_token, refresh: body.refresh_token };
}

async function expectRefused(token: string, code: string): Promise<void> {
  const { status, body, headers, text } = await refresh(token);
  expect([status, body.code]).toEqual([401, code]);
  expect(headers.get('www-authenticate')).toContain('Bearer realm="latchkey"');
  expect(text).not.toContain(PREFIX);
}

async function isSignedIn(accessToken: string): Promise<boolean> {
  return (await server.get('/users/me', { bearer: accessToken })).status === 200;
}

/** What the session of this access token is in the database. */
function sessionOf(accessToken: string): any {
  const { sid } = decode(accessToken).claims;
  return rows(server.dataDir, 'SELECT * FROM Session WHERE id = ?', sid)[0];
}

function reuses(person: Person): number {
  const written = `type = 'refresh.reused' AND subject = ?`;
  return count(server.dataDir, 'AuditEvent', written, person.id);
}

async function warnings({ email }: Person): Promise<number> {
  return (await server.mailbox(email)).filter(({ subject }) => /signed out|session/i.test(subject))
    .length;
}

async function start(env: Record<string, string> = {}): Promise<void> {
  server = await TestServer.start(env);
  server.clock.stop();
  admin = await server.administrator();
}

describe('a refresh token', () => {
  beforeAll(() => start());
  afterAll(() => server.stop());

  it('gives an access token and the next refresh token, not to be kept by any cache', async () => {
    ada = await server.person();
    const answer = await refresh(ada.refreshToken);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual([
      'access_token',
      'expires_in',
      'refresh_expires_in',
      'refresh_token',
      'scope',
      'token_type',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body.refresh_token).not.toBe(ada.refreshToken);
    expect(await isSignedIn(answer.body.access_token)).toBe(true);
  });

  it('goes on with the same session: who, since when and how stay, the rest is new', async () => {
    ada = await server.person();
    server.clock.advance(100 * SECOND);
    const before = decode(ada.accessToken).claims;
    const after = decode((await refreshed(ada.refreshToken)).access).claims;
    expect(after).toMatchObject({
      sid: before.sid,
      sub: before.sub,
      auth_time: before.auth_time,
      amr: before.amr,
    });
    expect(after.jti).not.toBe(before.jti);
    expect(after.iat).toBeGreaterThanOrEqual(before.iat + 100);
    expect(count(server.dataDir, 'Session', 'userId = ?', ada.id)).toBe(1);
  });

  it('leaves the access token before it as it is', async () => {
    ada = await server.person();
    await refreshed(ada.refreshToken);
    expect(await isSignedIn(ada.accessToken)).toBe(true);
  });

  it('brings the roles as they are now', async () => {
    admin = await server.signIn(admin.email);
    ada = await server.person();
    const role = await makeRole(server, admin, ['users:read']);
    await giveRoles(server, admin, ada, [role]);
    const { access } = await refreshed(ada.refreshToken);
    expect(decode(access).claims).toMatchObject({ roles: [role], scope: 'users:read' });
  });

  it('rotates a hundred times in a row', async () => {
    ada = await server.person();
    const seen = new Set([ada.refreshToken]);
    let { refreshToken } = ada;
    for (let i = 0; i < 100; i++) {
      refreshToken = (await refreshed(refreshToken)).refresh;
      seen.add(refreshToken);
    }
    expect(seen.size).toBe(101);
    expect(sessionOf(ada.accessToken)).toMatchObject({ generation: 100, endedAt: null });
  });

  it('[7.2.3] [11.5.1] cannot be guessed, and is nowhere stored', async () => {
    ada = await server.person();
    const { refresh: next } = await refreshed(ada.refreshToken);
    for (const token of [ada.refreshToken, next]) {
      expect(token).toMatch(/^lk_rt_[A-Za-z0-9_-]{71}$/);
      const secret = token.slice(PREFIX.length);
      expect(digest(server.dataDir)).not.toContain(secret.slice(30));
    }
  });

  it('is asked for whatever Authorization says', async () => {
    ada = await server.person();
    const body = { refresh_token: ada.refreshToken };
    const options = { headers: { authorization: 'Bearer of.another.kind' } };
    expect((await server.post('/auth/refresh', body, options)).status).toBe(200);
  });

  it('survives a restart', async () => {
    ada = await server.person();
    const { refresh: next } = await refreshed(ada.refreshToken);
    server = await server.restart();
    expect((await refresh(next)).status).toBe(200);
  });

  it('[15.4.2] used two hundred times at once yields one successor, and everybody gets it', async () => {
    ada = await server.person();
    const answers = await atOnce(200, () => refresh(ada.refreshToken));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 200 });
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect(sessionOf(ada.accessToken)).toMatchObject({ generation: 1, endedAt: null });
    expect(reuses(ada)).toBe(0);
    expect((await refresh(answers[0]!.body.refresh_token)).status).toBe(200);
  });

  describe('sent again', () => {
    it('within ten seconds gets the same successor, byte for byte: the answer was lost', async () => {
      ada = await server.person();
      const { refresh: next } = await refreshed(ada.refreshToken);
      for (let i = 0; i < 3; i++) {
        server.clock.advance(3 * SECOND);
        const again = await refreshed(ada.refreshToken);
        expect(again.refresh).toBe(next);
        expect(await isSignedIn(again.access)).toBe(true);
      }
      expect(sessionOf(ada.accessToken).generation).toBe(1);
      expect((await refresh(next)).status).toBe(200);
    });

    it('within ten seconds, but after its successor was used, ends the session', async () => {
      ada = await server.person();
      const { refresh: next } = await refreshed(ada.refreshToken);
      const { refresh: afterNext, access } = await refreshed(next);
      await expectRefused(ada.refreshToken, 'refresh_token_reused');
      await expectRefused(afterNext, 'refresh_token_reused');
      expect(await isSignedIn(access)).toBe(false);
    });

    it('[10.4.5] after ten seconds ends the session, with all its tokens and no other', async () => {
      ada = await server.person();
      const elsewhere = await server.signIn(ada.email);
      const { refresh: next, access } = await refreshed(ada.refreshToken);
      server.clock.advance(10 * SECOND);
      await expectRefused(ada.refreshToken, 'refresh_token_reused');

      await expectRefused(next, 'refresh_token_reused');
      await expectRefused(ada.refreshToken, 'refresh_token_reused');
      const answer = await server.get('/users/me', { bearer: access });
      expect([answer.status, answer.body.code]).toEqual([401, 'token_revoked']);
      expect(await isSignedIn(ada.accessToken)).toBe(false);
      expect(await isSignedIn(elsewhere.accessToken)).toBe(true);
      expect((await refresh(elsewhere.refreshToken)).status).toBe(200);
    });

    it('by the owner, after a thief was faster, ends what the thief has', async () => {
      ada = await server.person();
      let thief = await refreshed(ada.refreshToken);
      for (let i = 0; i < 3; i++) {
        server.clock.advance(60 * SECOND);
        thief = await refreshed(thief.refresh);
      }
      await expectRefused(ada.refreshToken, 'refresh_token_reused');
      expect(await isSignedIn(thief.access)).toBe(false);
      await expectRefused(thief.refresh, 'refresh_token_reused');
    });

    it('by a thief, after the owner went on, ends the session, too', async () => {
      ada = await server.person();
      const second = await refreshed(ada.refreshToken);
      const third = await refreshed(second.refresh);
      server.clock.advance(3600 * SECOND);
      await expectRefused(second.refresh, 'refresh_token_reused');
      await expectRefused(third.refresh, 'refresh_token_reused');
    });

    it('is told to the owner by one mail and to the audit trail by one event', async () => {
      ada = await server.person();
      await refreshed(ada.refreshToken);
      server.clock.advance(10 * SECOND);
      await atOnce(20, () => refresh(ada.refreshToken));
      expect(reuses(ada)).toBe(1);
      const mails = await server.mailbox(ada.email);
      expect(mails[0]).toMatchObject({ to: ada.email, code: null });
      expect(mails[0]!.link).toContain('/auth/not-me#token=');
      expect(mails[0]!.text).toContain('127.0.0.1');
      expect(await warnings(ada)).toBe(1);
      expect(sessionOf(ada.accessToken)).toMatchObject({ endReason: 'refresh_reused' });
    });

    it('still ends the session after a restart', async () => {
      ada = await server.person();
      const { refresh: next } = await refreshed(ada.refreshToken);
      server.clock.advance(10 * SECOND);
      server = await server.restart();
      await expectRefused(ada.refreshToken, 'refresh_token_reused');
      server = await server.restart();
      await expectRefused(next, 'refresh_token_reused');
    });
  });

  describe('that is forged', () => {
    const bytesOf = (token: string) => Buffer.from(token.slice(PREFIX.length), 'base64url');
    const tokenOf = (bytes: Buffer) => PREFIX + bytes.toString('base64url');

    /** Nobody is harmed: the genuine token works, the access token too, nothing was noted. */
    async function expectUnharmed(person: Person): Promise<void> {
      expect(sessionOf(person.accessToken)).toMatchObject({ generation: 0, endedAt: null });
      expect(await isSignedIn(person.accessToken)).toBe(true);
      expect((await refresh(person.refreshToken)).status).toBe(200);
      expect(reuses(person)).toBe(0);
      expect(await warnings(person)).toBe(0);
    }

    it('in any one bit is refused and harms nobody', async () => {
      ada = await server.person();
      const bytes = bytesOf(ada.refreshToken);
      for (let bit = 0; bit < bytes.length * 8; bit += 3) {
        const forged = Buffer.from(bytes);
        forged[bit >> 3]! ^= 1 << (bit & 7);
        await expectRefused(tokenOf(forged), 'refresh_token_invalid');
      }
      await expectUnharmed(ada);
    });

    it('for a later or an earlier generation is refused and harms nobody', async () => {
      ada = await server.person();
      for (const generation of [1, 2, 5, 0x7fffffff, 0xffffffff]) {
        const forged = bytesOf(ada.refreshToken);
        forged.writeUInt32BE(generation, 17);
        await expectRefused(tokenOf(forged), 'refresh_token_invalid');
      }
      await expectUnharmed(ada);
    });

    it('from the tokens of two sessions is refused and harms neither', async () => {
      ada = await server.person();
      const bob = await server.person();
      const [mine, his] = [bytesOf(ada.refreshToken), bytesOf(bob.refreshToken)];
      await expectRefused(
        tokenOf(Buffer.concat([mine.subarray(0, 21), his.subarray(21)])),
        'refresh_token_invalid',
      );
      await expectRefused(
        tokenOf(Buffer.concat([his.subarray(0, 21), mine.subarray(21)])),
        'refresh_token_invalid',
      );
      await expectUnharmed(ada);
      await expectUnharmed(bob);
    });

    it('under another master key, or without the salt of its session, is refused', async () => {
      ada = await server.person();
      const { sid } = decode(ada.accessToken).claims;
      const salt = Buffer.alloc(32);
      const forged = server.app.get(RefreshTokens).mint({ id: sid, salt }, 0);
      await expectRefused(forged, 'refresh_token_invalid');
      await expectUnharmed(ada);
    });

    it('for no session is refused', async () => {
      const unknown = { id: '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11', salt: Buffer.alloc(32) };
      await expectRefused(server.app.get(RefreshTokens).mint(unknown, 0), 'refresh_token_invalid');
    });

    it('in another spelling of the same bytes is refused', async () => {
      ada = await server.person();
      const token = ada.refreshToken;
      for (const other of [
        `${token}=`,
        `${token}A`,
        token.slice(0, -1),
        token.slice(PREFIX.length),
        token.toUpperCase(),
        ` ${token}`,
        `${token}\n`,
        `${token}\u0000`,
        token.replace(PREFIX, 'lk_ot_'),
        PREFIX,
        '',
      ]) {
        await expectRefused(other, 'refresh_token_invalid');
      }
      await expectUnharmed(ada);
    });

    it('[9.2.2] from another kind of token is refused', async () => {
      ada = await server.person();
      await server.post('/auth/password/forgot', { email: ada.email });
      const { token } = await server.newestMail(ada.email);
      for (const other of [ada.accessToken, token!]) {
        const answer = await refresh(other);
        // An access token may be longer than any refresh token.
        expect([400, 401]).toContain(answer.status);
        expect(['refresh_token_invalid', 'validation_failed']).toContain(answer.body.code);
      }
      await expectUnharmed(ada);
    });
  });

  it('genuine, but newer than the database knows, is refused and ends nothing', async () => {
    ada = await server.person();
    const { sid } = decode(ada.accessToken).claims;
    const session = (await server.app.get(Sessions).standing(sid))!;
    const future = server.app.get(RefreshTokens).mint(session, 5);
    await expectRefused(future, 'refresh_token_invalid');
    expect((await refresh(ada.refreshToken)).status).toBe(200);
  });

  describe('of a session that has ended', () => {
    beforeAll(async () => {
      admin = await server.signIn(admin.email);
    });

    it('by signing out is refused, the one before it too, without alarm', async () => {
      ada = await server.person();
      const { refresh: next, access } = await refreshed(ada.refreshToken);
      await server.post('/auth/logout', undefined, { bearer: access });
      await expectRefused(next, 'session_ended');
      server.clock.advance(20 * SECOND);
      await expectRefused(ada.refreshToken, 'session_ended');
      expect(reuses(ada)).toBe(0);
      expect(await warnings(ada)).toBe(0);
    });

    it('from another device is refused', async () => {
      ada = await server.person();
      const elsewhere = await server.signIn(ada.email);
      await server.delete('/auth/sessions?keepCurrent=true', as(elsewhere));
      await expectRefused(ada.refreshToken, 'session_ended');
      expect((await refresh(elsewhere.refreshToken)).status).toBe(200);
    });

    it('because the account was disabled is refused, also after it is enabled again', async () => {
      ada = await server.person();
      await server.patch(`/users/${ada.id}`, { status: 'disabled' }, as(admin));
      await expectRefused(ada.refreshToken, 'session_ended');
      await server.patch(`/users/${ada.id}`, { status: 'active' }, as(admin));
      await expectRefused(ada.refreshToken, 'session_ended');
    });

    it('because a new password was set is refused', async () => {
      ada = await server.person();
      await server.post('/auth/password/forgot', { email: ada.email });
      const { token } = await server.newestMail(ada.email);
      const password = 'the new one it is';
      expect((await server.post('/auth/password/reset', { token, password })).status).toBe(204);
      await expectRefused(ada.refreshToken, 'session_ended');
    });

    it('because the account is gone is refused', async () => {
      ada = await server.person();
      await server.delete(`/users/${ada.id}`, as(admin));
      await expectRefused(ada.refreshToken, 'refresh_token_invalid');
    });

    it('while it was being used does not come back to life', async () => {
      for (let round = 0; round < 10; round++) {
        ada = await server.person();
        const [answer] = await Promise.all([
          refresh(ada.refreshToken),
          server.post('/auth/logout', undefined, as(ada)),
        ]);
        expect(await isSignedIn(ada.accessToken)).toBe(false);
        if (answer.status === 200) {
          expect(await isSignedIn(answer.body.access_token)).toBe(false);
          await expectRefused(answer.body.refresh_token, 'session_ended');
        } else {
          expect(answer.body.code).toBe('session_ended');
        }
      }
    });
  });

  it.each([
    [{}, ['/refresh_token']],
    [{ refresh_token: null }, ['/refresh_token']],
    [{ refresh_token: 5 }, ['/refresh_token']],
    [{ refresh_token: true }, ['/refresh_token']],
    [{ refresh_token: ['x'] }, ['/refresh_token']],
    [{ refresh_token: { not: '' } }, ['/refresh_token']],
    [{ refresh_token: 'x'.repeat(10_000) }, ['/refresh_token']],
    [{ refreshToken: 'x' }, ['/refreshToken', '/refresh_token']],
    [{ refresh_token: 'x', permissions: 'users:write' }, ['/permissions']],
    [{ refresh_token: 'x', scope: ['users:write'] }, ['/scope']],
    [{ refresh_token: 'x', userId: 'x' }, ['/userId']],
  ])('is not read from the body %j', async (body, expected) => {
    const answer = await server.post('/auth/refresh', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(pointers(answer).sort()).toEqual(expected);
  });

  it('is not taken by GET', async () => {
    const answer = await server.get(`/auth/refresh?refresh_token=${ada.refreshToken}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('a session', () => {
  beforeAll(() => start());
  afterAll(() => server.stop());

  it('[7.3.1] that nobody uses for 14 days expires', async () => {
    ada = await server.person();
    server.clock.advance(14 * DAY - 60 * SECOND);
    const { refresh: next } = await refreshed(ada.refreshToken);
    server.clock.advance(14 * DAY);
    await expectRefused(next, 'refresh_token_expired');
    await expectRefused(ada.refreshToken, 'refresh_token_expired');
    expect(reuses(ada)).toBe(0);
    const { body } = await server.get('/auth/sessions', { basic: [ada.email, ada.password] });
    expect(body.items).toEqual([]);
  });

  it('[7.3.2] [10.4.8] ends after 90 days, however much it is used, and says so before', async () => {
    ada = await server.person();
    let token = ada.refreshToken;
    let answer = await refresh(token);
    expect(answer.body.refresh_expires_in).toBe((14 * DAY) / 1000);
    for (let day = 0; day < 80; day += 10) {
      token = answer.body.refresh_token;
      server.clock.advance(10 * DAY);
      answer = await refresh(token);
    }
    const left = answer.body.refresh_expires_in;
    expect(left).toBeGreaterThan((10 * DAY) / 1000 - 60);
    expect(left).toBeLessThanOrEqual((10 * DAY) / 1000);
    token = answer.body.refresh_token;
    server.clock.advance(10 * DAY);
    await expectRefused(token, 'refresh_token_expired');
    expect(await isSignedIn(answer.body.access_token)).toBe(false);
  });

  it('is not brought back by a clock that is set back', async () => {
    ada = await server.person();
    const { refresh: next } = await refreshed(ada.refreshToken);
    server.clock.advance(20 * SECOND);
    await expectRefused(ada.refreshToken, 'refresh_token_reused');
    server.clock.advance(-20 * SECOND);
    await expectRefused(next, 'refresh_token_reused');
    await expectRefused(ada.refreshToken, 'refresh_token_reused');
  });
});

describe('SESSION_IDLE_TTL, SESSION_TTL', () => {
  it('say how long', async () => {
    await start({ SESSION_IDLE_TTL: '1h', SESSION_TTL: '90m' });
    ada = await server.person();
    server.clock.advance(3000 * SECOND);
    const { body } = await refresh(ada.refreshToken);
    expect(body.refresh_expires_in).toBeLessThanOrEqual(2400);
    expect(body.refresh_expires_in).toBeGreaterThan(2300);
    server.clock.advance(2400 * SECOND);
    await expectRefused(body.refresh_token, 'refresh_token_expired');
    await server.stop();
  });
});

describe('an access token', () => {
  it('expires no later than its session', async () => {
    await start({ SESSION_IDLE_TTL: '1h', SESSION_TTL: '90m' });
    ada = await server.person();
    server.clock.advance(55 * MINUTE);
    const early = await refreshed(ada.refreshToken);
    server.clock.advance(30 * MINUTE);
    const { body } = await refresh(early.refresh);

    const { exp, iat, sid } = decode(body.access_token).claims;
    const [{ expiresAt }] = rows(
      server.dataDir,
      `SELECT expiresAt FROM Session WHERE id = '${sid}'`,
    );
    expect(exp).toBe(Math.floor(new Date(expiresAt).getTime() / 1000));
    expect(body.expires_in).toBe(exp - iat);
    expect(body.expires_in).toBeLessThanOrEqual(300);
    server.clock.advance(body.expires_in * SECOND);
    expect(await isSignedIn(body.access_token)).toBe(false);
    await server.stop();
  });
});

describe('REFRESH_GRACE', () => {
  afterAll(() => server.stop());

  it('0s: a token works once, and the second use ends the session', async () => {
    await start({ REFRESH_GRACE: '0s' });
    ada = await server.person();
    const { refresh: next } = await refreshed(ada.refreshToken);
    await expectRefused(ada.refreshToken, 'refresh_token_reused');
    await expectRefused(next, 'refresh_token_reused');
  });

  it('0s: of two hundred uses at once one succeeds, and the session ends', async () => {
    ada = await server.person();
    const answers = await atOnce(200, () => refresh(ada.refreshToken));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 401: 199 });
    expect(sessionOf(ada.accessToken)).toMatchObject({ endReason: 'refresh_reused' });
    expect(reuses(ada)).toBe(1);
  });

  it('60s: within a minute it is no reuse', async () => {
    server = await server.restart({ REFRESH_GRACE: '60s' });
    ada = await server.person();
    const { refresh: next } = await refreshed(ada.refreshToken);
    server.clock.advance(59 * SECOND);
    expect((await refreshed(ada.refreshToken)).refresh).toBe(next);
    server.clock.advance(SECOND);
    await expectRefused(ada.refreshToken, 'refresh_token_reused');
  });
});
