import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PasswordCheck } from '../src/auth/password/password-check.js';
import type { Answer, RequestOptions } from './support/client.js';
import { hashesAtOnce } from '../src/auth/password/password-hasher.js';
import { DAY } from './support/clock.js';
import { as, pointers, withoutInstance } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';

const EMOJI = '🦀🦊🦉🐝🐙🦔🐢🐳';

let server: TestServer;
let people = 0;

function login(email: string, password: string): Promise<Answer> {
  return server.post('/auth/login', { email, password });
}

function loginByBasic(email: string, password: string): Promise<Answer> {
  return server.send('POST', '/auth/login', { basic: [email, password] });
}

/** Someone with this password, confirmed. */
function personWithPassword(password: string): Promise<Person> {
  return server.person(`login${++people}@example.org`, password);
}

describe('signing in', () => {
  let admin: Person;
  let ada: Person;

  beforeAll(async () => {
    server = await TestServer.start();
    admin = await server.administrator();
    ada = await server.person('Ada@Example.org');
  });
  afterAll(() => server.stop());

  describe.each([
    ['JSON', login],
    ['Basic and an empty body', loginByBasic],
  ])('by %s', (_, signIn) => {
    it('gives tokens as RFC 6749 section 5.1 names them, not to be kept by any cache', async () => {
      const { status, body, headers } = await signIn(ada.email, ada.password);
      expect(status).toBe(200);
      expect(Object.keys(body).sort()).toEqual([
        'access_token',
        'expires_in',
        'refresh_expires_in',
        'refresh_token',
        'scope',
        'token_type',
      ]);
      expect(body).toMatchObject({
        token_type: 'Bearer',
        expires_in: 900,
        refresh_expires_in: (14 * DAY) / 1000,
        scope: '',
      });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('set-cookie')).toBeNull();
      const me = await server.get('/users/me', { bearer: body.access_token });
      expect(me.body.id).toBe(ada.id);
    });

    it.each(['ada@example.org', 'ADA@EXAMPLE.ORG', '  Ada@example.org ', 'Ａda@example.org'])(
      'knows the address as %j',
      async (email) => {
        expect((await signIn(email, ada.password)).status).toBe(200);
      },
    );

    it('[6.3.8] [F31] refuses every wrong pair in the same words: no account, no password, a wrong one', async () => {
      const [unconfirmed, invited] = ['unconfirmed@example.org', 'invited@example.org'];
      await server.post('/auth/register', { email: unconfirmed, password: PASSWORD });
      await server.post('/users', { email: invited }, as(admin));
      const disabled = await server.person();
      await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, as(admin));

      const refusal = await signIn('nobody@example.org', PASSWORD);
      expect([refusal.status, refusal.body.code]).toEqual([401, 'invalid_credentials']);
      for (const email of [ada.email, unconfirmed, invited, disabled.email, admin.email]) {
        const answer = await signIn(email, 'not the right password');
        expect(withoutInstance(answer)).toEqual(withoutInstance(refusal));
        expect([...answer.headers.keys()]).toEqual([...refusal.headers.keys()]);
        expect(answer.headers.get('www-authenticate')).toBe(
          refusal.headers.get('www-authenticate'),
        );
      }
    });

    it('says after the right password that the address is not confirmed', async () => {
      const email = 'unconfirmed2@example.org';
      await server.post('/auth/register', { email, password: PASSWORD });
      const answer = await signIn(email, PASSWORD);
      expect([answer.status, answer.body.code]).toEqual([403, 'email_not_verified']);
      expect(answer.headers.get('www-authenticate')).toBeNull();
    });

    it('says after the right password that the account is disabled', async () => {
      const { id, email, password } = await server.person();
      await server.patch(`/users/${id}`, { status: 'disabled' }, as(admin));
      const answer = await signIn(email, password);
      expect([answer.status, answer.body.code]).toEqual([403, 'account_disabled']);
      await server.patch(`/users/${id}`, { status: 'active' }, as(admin));
      expect((await signIn(email, password)).status).toBe(200);
    });

    it('[6.2.8] [F38] takes the password as it is: no cut, no trim, no change of case', async () => {
      const long = `${'long '.repeat(14)}xx`; // 72 bytes
      const pairs = [
        [`${long}A rest`, `${long}B rest`],
        [`${long}A`, long],
        ['  spaces around it ', 'spaces around it'],
        ['Mixed Case Words', 'mixed case words'],
        ['colon: second: third', 'colon: second'],
        ['trailing dot and more.', 'trailing dot and more'],
        ['naïve café entrée', 'naive cafe entree'],
        [EMOJI.repeat(8), EMOJI.repeat(8).slice(0, -2)],
      ];
      for (const [password, other] of pairs as [string, string][]) {
        const { email } = await personWithPassword(password);
        expect((await signIn(email, other)).body.code).toBe('invalid_credentials');
        expect((await signIn(email, password)).status).toBe(200);
      }
    });

    it.each([64, 128])('[6.2.9] takes %i emoji, and not one fewer', async (length) => {
      const password = EMOJI.repeat(length / 8);
      const { email } = await personWithPassword(password);
      expect((await signIn(email, [...password].slice(1).join(''))).status).toBe(401);
      expect((await signIn(email, password)).status).toBe(200);
    });

    it('knows a password in every Unicode spelling (NFC, NFD, compatibility forms)', async () => {
      const { email } = await personWithPassword('crème brûlée ﬁne');
      for (const spelling of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
        expect((await signIn(email, 'crème brûlée ﬁne'.normalize(spelling))).status).toBe(200);
      }
      expect((await signIn(email, 'creme brulee fine')).status).toBe(401);
    });

    it('[15.4.2] a hundred times at once succeeds a hundred times, each with a session of its own', async () => {
      const person = await server.person();
      const answers = await atOnce(100, () => signIn(person.email, person.password));
      expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 100 });
      expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(100);
      expect(count(server.dataDir, 'Session', 'userId = ?', person.id)).toBe(101);
    });

    it('a hundred times at once with a wrong password fails a hundred times', async () => {
      const { email, password } = await server.person();
      const answers = await atOnce(100, (nr) => signIn(email, `${password}${nr % 3}`));
      expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 100 });
    });
  });

  describe('is refused, and leaves no session, when right after the password was found right', () => {
    let person: Person;

    /** What happens between the comparison of the password and the beginning of the session. */
    async function loginDuring(change: () => Promise<unknown>): Promise<Answer> {
      const passwordCheck = server.app.get(PasswordCheck);
      const check = passwordCheck.check.bind(passwordCheck);
      const spy = vi.spyOn(passwordCheck, 'check').mockImplementationOnce(async (...pair) => {
        const account = await check(...pair);
        await change();
        return account;
      });
      const answer = await login(person.email, person.password);
      spy.mockRestore();
      return answer;
    }

    async function expectRefused(answer: Answer): Promise<void> {
      expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
      const standing = 'userId = ? AND endedAt IS NULL';
      expect(count(server.dataDir, 'Session', standing, person.id)).toBe(0);
    }

    beforeEach(async () => {
      person = await server.person();
    });

    it('a new one was set', async () => {
      await server.post('/auth/password/forgot', { email: person.email });
      const { token } = await server.newestMail(person.email);
      const password = 'the new one it is';
      const answer = await loginDuring(() =>
        server.post('/auth/password/reset', { token, password }),
      );
      await expectRefused(answer);
      expect((await login(person.email, password)).status).toBe(200);
    });

    it('the account was disabled, also once it is enabled again', async () => {
      const set = (status: string) => server.patch(`/users/${person.id}`, { status }, as(admin));
      await expectRefused(await loginDuring(() => set('disabled')));
      await set('active');
      await expectRefused(await loginDuring(() => set('disabled')));
    });

    it('the account was deleted', async () => {
      const remove = () => server.delete(`/users/${person.id}`, as(admin));
      await expectRefused(await loginDuring(remove));
    });
  });

  it('[7.2.2] [7.2.4] gives other tokens each time', async () => {
    const first = await server.signIn(ada.email);
    const second = await server.signIn(ada.email);
    expect(first.accessToken).not.toBe(second.accessToken);
    expect(first.refreshToken).not.toBe(second.refreshToken);
  });

  it('with a control character in the password is a wrong password', async () => {
    const { email } = await personWithPassword('before it and after');
    for (const password of ['before it\u0000 and after', 'before it and after\u0000', '\u0000']) {
      const answer = await login(email, password);
      expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
    }
  });

  it('with an address that is none is refused as such', async () => {
    const answer = await login('nobody', PASSWORD);
    expect([answer.status, pointers(answer)]).toEqual([400, ['/email']]);
  });

  it('[F38] with a password of 2000 characters is refused, with a megabyte too', async () => {
    const long = await login(ada.email, 'x'.repeat(2000));
    expect([long.status, pointers(long)]).toEqual([400, ['/password']]);
    const huge = await login(ada.email, 'x'.repeat(1_000_000));
    expect([huge.status, huge.body.code]).toEqual([413, 'payload_too_large']);
  });

  it.each([
    [{}, ['/email', '/password']],
    [{ email: 'ada@example.org' }, ['/password']],
    [{ mail: 'ada@example.org' }, ['/mail', '/email', '/password']],
    [{ constructor: 'ada@example.org', password: PASSWORD }, ['/constructor', '/email']],
    [{ password: PASSWORD }, ['/email']],
    [{ email: null, password: PASSWORD }, ['/email']],
    [{ email: { contains: '@' }, password: PASSWORD }, ['/email']],
    [{ email: ['ada@example.org'], password: PASSWORD }, ['/email']],
    [{ email: 'ada@example.org', password: 12345678 }, ['/password']],
    [{ email: 'ada@example.org', password: true }, ['/password']],
    [{ email: 'ada@example.org', password: [PASSWORD] }, ['/password']],
    [{ email: 'ada@example.org', password: { not: '' } }, ['/password']],
    [{ email: 'ada@example.org', password: PASSWORD, role: 'admin' }, ['/role']],
    [{ email: 'ada@example.org', password: PASSWORD, auth_time: 0 }, ['/auth_time']],
  ])('[15.3.5] refuses the body %j', async (body, expected) => {
    const answer = await server.post('/auth/login', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(pointers(answer)).toEqual(expected);
  });

  it('takes the body when both a body and a Basic header are sent', async () => {
    const other = await server.person();
    const options: RequestOptions = { basic: [other.email, other.password] };
    const credentials = { email: ada.email, password: ada.password };
    const answer = await server.post('/auth/login', credentials, options);
    const me = await server.get('/users/me', { bearer: answer.body.access_token });
    expect(me.body.id).toBe(ada.id);
    const wrong = await server.post('/auth/login', { ...credentials, password: 'x' }, options);
    expect(wrong.status).toBe(401);
  });

  it('by a malformed Basic header is refused as malformed', async () => {
    for (const authorization of ['Basic', 'Basic %%%', 'Basic bm8gY29sb24=']) {
      const answer = await server.send('POST', '/auth/login', { headers: { authorization } });
      expect([answer.status, answer.body.code]).toEqual([401, 'token_malformed']);
    }
  });

  it('does not take an access token for a password', async () => {
    const answer = await server.send('POST', '/auth/login', { bearer: ada.accessToken });
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  });

  it('is written to the audit trail', async () => {
    const person = await server.person();
    const events = rows(
      server.dataDir,
      `SELECT type, actor, ip FROM AuditEvent WHERE subject = ? AND type LIKE 'login.%'`,
      person.id,
    );
    expect(events).toEqual([{ type: 'login.succeeded', actor: person.id, ip: '127.0.0.1' }]);
  });

  it('[6.2.10] works with the same password after 400 days', async () => {
    server.clock.advance(400 * DAY);
    expect((await login(ada.email, ada.password)).status).toBe(200);
  });
});

describe('a fresh server', () => {
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  it('[6.3.2] has no account, and lets nobody in with what is usual elsewhere', async () => {
    expect(count(server.dataDir, 'User')).toBe(0);
    for (const name of ['admin', 'root', 'administrator', 'test', 'latchkey']) {
      for (const password of ['admin', 'password', 'changeme', '']) {
        expect((await login(`${name}@localhost`, password)).status).toBe(401);
      }
    }
  });
});

describe('the work factor', () => {
  function costs(): string[] {
    return rows<{ passwordHash: string }>(server.dataDir, 'SELECT passwordHash FROM User').map(
      ({ passwordHash }) => passwordHash.slice(0, 7),
    );
  }

  it('is raised for each at the next sign-in, by JSON or by Basic, without ending sessions', async () => {
    server = await TestServer.start();
    const ada = await server.person('ada@example.org');
    const bob = await server.person('bob@example.org');
    expect(costs()).toEqual(['$2b$04$', '$2b$04$']);

    server = await server.restart({ BCRYPT_COST: '10' });
    expect((await login(ada.email, 'a wrong password')).status).toBe(401);
    expect(costs()).toEqual(['$2b$04$', '$2b$04$']);
    expect((await login(ada.email, ada.password)).status).toBe(200);
    expect(costs()).toEqual(['$2b$10$', '$2b$04$']);
    const me = await server.get('/users/me', { basic: [bob.email, bob.password] });
    expect(me.status).toBe(200);
    expect(costs()).toEqual(['$2b$10$', '$2b$10$']);
    expect((await server.get('/users/me', as(ada))).status).toBe(200);
    await server.stop();
  });
});

describe('more sign-ins than can be worked off', () => {
  it('[15.2.2] are told to come back, and everyone else is served meanwhile', async () => {
    server = await TestServer.start();
    const ada = await server.person();
    // Hashing that takes as long as the test wants.
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const compare = bcrypt.compare.bind(bcrypt);
    const held = async (...pair: [string, string]): Promise<boolean> => {
      await released;
      return compare(...pair);
    };
    vi.spyOn(bcrypt, 'compare').mockImplementation(held as never);
    // Nobody has waited too long in the end, however long all this takes.
    vi.spyOn(performance, 'now').mockReturnValue(performance.now());

    const atMost = hashesAtOnce(availableParallelism()) + 128;
    const refused: Answer[] = [];
    const flood = atOnce(atMost + 70, async (nr) => {
      const email = `flood${nr}@example.org`;
      const answer =
        nr % 2 === 0
          ? await login(email, PASSWORD)
          : await server.get('/users/me', { basic: [email, PASSWORD] });
      if (answer.status === 503) refused.push(answer);
      return answer.status;
    });
    await soon(() => expect(refused).toHaveLength(70));
    for (const { body, headers } of refused) {
      expect(body.code).toBe('overloaded');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect((await server.get('/users/me', as(ada))).status).toBe(200);
    expect((await server.get('/health')).status).toBe(200);
    const { refreshToken } = ada;
    const refresh = await server.post('/auth/refresh', { refresh_token: refreshToken });
    expect(refresh.status).toBe(200);

    release();
    expect(tally(await flood)).toEqual({ 401: atMost, 503: 70 });
    expect((await login(ada.email, ada.password)).status).toBe(200);
    vi.restoreAllMocks();
    await server.stop();
  });
});
