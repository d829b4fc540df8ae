import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, basicHeader } from './support/client.js';
import { as, giveRoles, makeRole } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { exchange, head, type RawAnswer } from './support/raw.js';
import { type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';

const COLONS = 'one: two:three::';

let server: TestServer;
let admin: Person;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
  ada = await server.person('ada@example.org', COLONS);
});
afterAll(() => server.stop());

function base64(text: string | Buffer): string {
  return Buffer.from(text).toString('base64');
}

function me(authorization: string): Promise<Answer> {
  return server.get('/users/me', { headers: { authorization } });
}

/** By a socket of its own, because fetch says of itself that it is a script in a browser. */
function meByRaw(...headers: string[]): Promise<RawAnswer> {
  return exchange(server.url, head('GET /users/me', ...headers));
}

describe('[F39] Basic (RFC 7617)', () => {
  it('opens a closed route, without a session', async () => {
    const sessions = async () =>
      (await server.get('/auth/sessions?count=true', as(ada))).body.total;
    const before = await sessions();
    const answer = await server.get('/users/me', { basic: [ada.email, ada.password] });
    expect([answer.status, answer.body.id]).toEqual([200, ada.id]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await sessions()).toBe(before);
  });

  it('is equal to Bearer on every closed route', async () => {
    for (const path of ['/users/me', '/auth/sessions', '/users', '/roles', '/permissions']) {
      const byBasic = await server.get(path, { basic: [admin.email, admin.password] });
      const byBearer = await server.get(path, as(admin));
      expect([path, byBasic.status]).toEqual([path, byBearer.status]);
      expect(Object.keys(byBasic.body)).toEqual(Object.keys(byBearer.body));
    }
  });

  it.each(['Basic', 'basic', 'BASIC', 'bAsIc', 'Basic  ', 'Basic      '])(
    'takes the scheme written as %j',
    async (scheme) => {
      const answer = await me(`${scheme} ${base64(`${ada.email}:${COLONS}`)}`);
      expect(answer.status).toBe(200);
    },
  );

  it.each([
    'ends with spaces  ',
    '  begins with spaces',
    ':begins with a colon',
    'ends with a colon:',
    'пароль из слов 🔑',
    '🦀🦊'.repeat(64),
    'percent %3A is not decoded',
    'plus+and/slash==',
  ])('splits at the first colon only, and takes UTF-8: %j', async (password) => {
    const person = await server.person(undefined, password);
    const answer = await me(`Basic ${base64(`${person.email}:${password}`)}`);
    expect([answer.status, answer.body.id]).toEqual([200, person.id]);
  });

  it('does not take what a split at every colon would take', async () => {
    for (const password of ['one', 'one:', 'one: two', 'one: two:three', 'one: two:three:']) {
      expect((await me(`Basic ${base64(`${ada.email}:${password}`)}`)).status).toBe(401);
    }
  });

  describe('refuses as malformed', () => {
    const good = base64('ada@example.org:x'); // ends with one =
    it.each([
      ['nothing behind the scheme', 'Basic'],
      ['nothing but spaces', 'Basic    '],
      ['missing padding', `Basic ${good.replace(/=+$/, '')}`],
      ['too much padding', `Basic ${good}=`],
      ['padding in the middle', `Basic YWRh=${good}`],
      [
        'URL-safe characters',
        `Basic ${base64('ada@example.org:\u00ff\u00fe??>>').replace(/[+/]/g, '_')}`,
      ],
      ['a space inside', `Basic ${good.slice(0, 8)} ${good.slice(8)}`],
      ['a tab inside', `Basic ${good.slice(0, 8)}\t${good.slice(8)}`],
      ['text behind it', `Basic ${good} trailing`],
      ['a second pair behind a comma', `Basic ${good},${good}`],
      ['parameters', `Basic ${good}; charset=UTF-8`],
      ['quotes around it', `Basic "${good}"`],
      ['unused bits', `Basic ${good.slice(0, -2)}h=`],
      ['no colon', `Basic ${base64('ada@example.org')}`],
      ['no bytes at all', 'Basic ===='],
      ['bytes that are not UTF-8', `Basic ${base64(Buffer.from([0x61, 0x3a, 0xff, 0xfe]))}`],
      ['Latin-1', `Basic ${base64(Buffer.from('ada@example.org:caf\u00e9', 'latin1'))}`],
      ['an overlong encoding', `Basic ${base64(Buffer.from([0x61, 0x3a, 0xc0, 0xaf]))}`],
      ['an encoded surrogate', `Basic ${base64(Buffer.from([0x61, 0x3a, 0xed, 0xa0, 0x80]))}`],
      ['a NUL', `Basic ${base64(`ada@example.org:${COLONS}\u0000`)}`],
      ['a line break', `Basic ${base64(`ada@example.org:${COLONS}\r\n`)}`],
      ['a DEL', `Basic ${base64('ada\u007f@example.org:x')}`],
      ['a C1 control', `Basic ${base64('ada@example.org:x\u0085')}`],
      [
        'more than any address and password',
        `Basic ${base64(`ada@example.org:${'x'.repeat(9000)}`)}`,
      ],
      ['the plain pair', 'Basic ada@example.org:password'],
    ])('%s', async (_, authorization) => {
      const answer = await me(authorization);
      expect([answer.status, answer.body.code]).toEqual([401, 'token_malformed']);
      const login = await server.send('POST', '/auth/login', { headers: { authorization } });
      expect([login.status, login.body.code]).toEqual([401, 'token_malformed']);
    });
  });

  it.each(['XBasicY', 'Basicx', 'Basic:', 'Basic,', 'NotBasic', 'Basic\t'])(
    'is not what %j names',
    async (scheme) => {
      const answer = await me(`${scheme} ${base64(`${ada.email}:${COLONS}`)}`);
      expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
    },
  );

  it.each([
    ['an empty user-id', ':password'],
    ['an empty password', 'ada@example.org:'],
    ['both empty', ':'],
    ['a user-id that is no address', 'ada:password'],
    ['an id instead of an address', '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11:password'],
  ])('refuses %s like any wrong pair', async (_, pair) => {
    const answer = await me(`Basic ${base64(pair)}`);
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
  });

  it('with 15 kB of anything is refused, and nobody has to wait', async () => {
    const [health, ...answers] = await Promise.all([
      server.get('/health'),
      ...['A', ' ', '=', ':', 'a b'].map((text) =>
        me(`Basic ${text.repeat(Math.floor(15_000 / text.length))}x`),
      ),
    ]);
    expect(health.status).toBe(200);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 5 });
  });
});

describe('a challenge', () => {
  const challenge = (answer: RawAnswer) => answer.headers.get('www-authenticate');
  const BASIC = 'Basic realm="latchkey", charset="UTF-8"';
  const BEARER = 'Bearer realm="latchkey"';

  it('[F39] offers Bearer and Basic to whoever sends nothing', async () => {
    expect(challenge(await meByRaw())).toEqual([BEARER, BASIC]);
  });

  it('offers both after a wrong password, and says nothing of tokens', async () => {
    const answer = await meByRaw(`Authorization: ${basicHeader(ada.email, 'wrong')}`);
    expect(challenge(answer)).toEqual([BEARER, BASIC]);
  });

  it('is sent by sign-in, too', async () => {
    const body = JSON.stringify({ email: ada.email, password: 'wrong' });
    const answer = await exchange(
      server.url,
      head('POST /auth/login', 'Content-Type: application/json', `Content-Length: ${body.length}`) +
        body,
    );
    expect(challenge(answer)).toEqual([BEARER, BASIC]);
  });

  it.each(['cors', 'no-cors', 'same-origin', 'websocket'])(
    'offers no Basic to a script in a browser (Sec-Fetch-Mode: %s)',
    async (mode) => {
      expect(challenge(await meByRaw(`Sec-Fetch-Mode: ${mode}`))).toEqual([BEARER]);
    },
  );

  it('offers Basic to a browser that goes there', async () => {
    expect(challenge(await meByRaw('Sec-Fetch-Mode: navigate'))).toEqual([BEARER, BASIC]);
  });

  it('says what is wrong with a token that was sent (RFC 6750)', async () => {
    expect(challenge(await meByRaw('Authorization: Bearer x'))).toEqual([
      `${BEARER}, error="invalid_token", error_description="token_malformed"`,
      BASIC,
    ]);
  });

  it('names the missing scope in a 403', async () => {
    const answer = await exchange(
      server.url,
      head('GET /users', `Authorization: ${basicHeader(ada.email, ada.password)}`),
    );
    expect(answer.status).toBe(403);
    expect(challenge(answer)).toEqual([
      `${BEARER}, error="insufficient_scope", error_description="permission_required"`,
    ]);
  });
});

describe('[7.4.2] a password that was right a moment ago', () => {
  let person: Person;
  const byBasic = () => server.get('/users/me', { basic: [person.email, person.password] });

  beforeEach(async () => {
    person = await server.person();
    expect((await byBasic()).status).toBe(200);
  });

  it('is wrong after a new one was set, and the new one is right', async () => {
    await server.post('/auth/password/forgot', { email: person.email });
    const { token } = await server.newestMail(person.email);
    const password = 'the new one it is';
    const reset = await server.post('/auth/password/reset', { token, password });
    expect(reset.status).toBe(204);
    expect((await byBasic()).body.code).toBe('invalid_credentials');
    const answer = await server.get('/users/me', { basic: [person.email, password] });
    expect(answer.status).toBe(200);
  });

  it('is refused once the account is disabled, and taken once it is enabled', async () => {
    await server.patch(`/users/${person.id}`, { status: 'disabled' }, as(admin));
    const refused = await byBasic();
    expect([refused.status, refused.body.code]).toEqual([403, 'account_disabled']);
    await server.patch(`/users/${person.id}`, { status: 'active' }, as(admin));
    expect((await byBasic()).status).toBe(200);
  });

  it('is wrong once the account is deleted', async () => {
    await server.delete(`/users/${person.id}`, as(admin));
    expect((await byBasic()).body.code).toBe('invalid_credentials');
  });

  it('is wrong under an address the account no longer has', async () => {
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    db.prepare('UPDATE User SET email = ?, emailKey = ? WHERE id = ?').run(
      'moved@example.org',
      'moved@example.org',
      person.id,
    );
    db.close();
    // Another process did it, so it counts within a second instead of at once.
    await soon(async () => expect((await byBasic()).status).toBe(401));
    const answer = await server.get('/users/me', { basic: ['moved@example.org', person.password] });
    expect([answer.status, answer.body.id]).toEqual([200, person.id]);
  });

  it('does not make a wrong one right', async () => {
    for (const password of [`${person.password} `, person.password.toUpperCase(), '']) {
      const answer = await server.get('/users/me', { basic: [person.email, password] });
      expect(answer.status).toBe(401);
    }
  });

  it('opens what a role opens from the moment it is given until it is taken', async () => {
    const options = { basic: [person.email, person.password] as [string, string] };
    expect((await server.get('/users', options)).status).toBe(403);
    await giveRoles(server, admin, person, [await makeRole(server, admin, ['users:read'])]);
    expect((await server.get('/users', options)).status).toBe(200);
    await giveRoles(server, admin, person, []);
    expect((await server.get('/users', options)).status).toBe(403);
  });

  it('stays right when all sessions are ended: it is no session', async () => {
    await server.delete('/auth/sessions', as(person));
    expect((await byBasic()).status).toBe(200);
  });

  it('is right a hundred times at once', async () => {
    const answers = await atOnce(100, byBasic);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 100 });
  });
});
