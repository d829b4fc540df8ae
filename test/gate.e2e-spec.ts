import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { by, makeKey } from './support/api-keys.js';
import type { Answer, RequestOptions } from './support/client.js';
import { codeOf, halfWay, withApp } from './support/factors.js';
import { holder, signInBy } from './support/passkeys.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

/**
 * One gate for all ways in: what becomes of each way to prove who one is, in each state an account
 * can be in. A way that is added gets a row, a state a column.
 */

const NEW = 'wholly different words here';

let server: TestServer;
let admin: RequestOptions;
let people = 0;

beforeAll(async () => {
  server = await TestServer.start({
    RATE_LIMITS: 'on',
    LIMIT_REGISTER: '1000/1h',
    LIMIT_MAIL: '1000/1h',
    TRUST_PROXY: '1',
    MAIL_CODE_LOGIN: 'on',
    MFA_REQUIRED_ROLES: 'needy',
  });
  server.clock.stop();
  const { email } = await server.administrator();
  admin = { basic: [email, PASSWORD] };
  const role = { name: 'needy', permissions: ['users:read'] };
  expect((await server.post('/roles', role, admin)).status).toBe(201);
});
afterAll(() => server.stop());

/** Somebody at the gate. */
interface Comer {
  person: Pick<Person, 'id' | 'email'>;
  /** Sent with each request: the network it comes from. */
  from: RequestOptions;
}

interface Way {
  /** Done while the account is as good as any: makes what is proved with later. */
  ready(from: RequestOptions): Promise<{ person: Person; come: Coming }>;
  /** The same for an account whose address nobody has confirmed; left out: there can be no such. */
  unconfirmed?: (from: RequestOptions) => Promise<{ person: Comer['person']; come: Coming }>;
}

/** Comes by this way; gives what became of it. */
type Coming = (comer: Comer) => Promise<string>;

/** `in`; `in, to enrol only`; or the code of the refusal. */
async function reach(options: RequestOptions): Promise<string> {
  const answer = await server.patch('/users/me', { name: 'Ada' }, options);
  if (answer.status === 200) return 'in';
  if (answer.body.code !== 'mfa_enrolment_required') return answer.body.code;
  const me = await server.get('/users/me', options);
  return me.status === 200 ? 'in, to enrol only' : me.body.code;
}

async function withTokens({ body }: Answer, { headers }: RequestOptions): Promise<string> {
  if (body?.access_token === undefined) return body.code;
  return reach({ bearer: body.access_token, headers: headers ?? {} });
}

async function byJson({ person, from }: Comer, password = PASSWORD): Promise<string> {
  const answer = await server.post('/auth/login', { email: person.email, password }, from);
  return withTokens(answer, from);
}

async function byBasicSignIn({ person, from }: Comer): Promise<string> {
  const basic: [string, string] = [person.email, PASSWORD];
  return withTokens(await server.send('POST', '/auth/login', { ...from, basic }), from);
}

function byBasic({ person, from }: Comer): Promise<string> {
  return reach({ ...from, basic: [person.email, PASSWORD] });
}

/** By a link that sets a password: what it answers, and what that password is good for then. */
async function byLink(token: string, comer: Comer): Promise<string> {
  const answer = await server.post('/auth/password/reset', { token, password: NEW }, comer.from);
  if (answer.status !== 204) return answer.body.code;
  expect(answer.text).toBe('');
  expect(answer.headers.get('set-cookie')).toBeNull();
  return `signed in nowhere, then ${await byJson(comer, NEW)}`;
}

async function unconfirmed(come: Coming): Promise<{ person: Comer['person']; come: Coming }> {
  const email = `gate${++people}@example.org`;
  await server.post('/auth/register', { email, password: PASSWORD });
  const { body } = await server.get(`/users?q=${encodeURIComponent(email)}`, admin);
  return { person: { id: body.items[0].id, email }, come };
}

function byPassword(come: Coming): Way {
  return {
    ready: async () => ({ person: await server.person(), come }),
    unconfirmed: () => unconfirmed(come),
  };
}

/** A way of somebody who can sign in already: made ready by what gives how they come. */
function afterwards(
  ready: (person: Person, from: RequestOptions) => Coming | Promise<Coming>,
): Way {
  return {
    ready: async (from) => {
      const person = await server.person();
      return { person, come: await ready(person, from) };
    },
  };
}

const WAYS: Record<string, Way> = {
  'address and password as JSON': byPassword((comer) => byJson(comer)),
  'Basic at sign-in': byPassword(byBasicSignIn),
  'Basic on any route': byPassword(byBasic),
  'password reset': afterwards(async ({ email }, from) => {
    await server.post('/auth/password/forgot', { email }, from);
    const { token } = await server.newestMail(email);
    return (comer) => byLink(token!, comer);
  }),
  invitation: {
    // Nobody has confirmed the address of who is invited: that is how it begins.
    ready: async () => {
      const email = `gate${++people}@example.org`;
      const { body } = await server.post('/users', { email }, admin);
      const { token } = await server.newestMail(email);
      const person = { id: body.id, email } as Person;
      return { person, come: (comer) => byLink(token!, comer) };
    },
  },
  passkey: {
    ready: async () => {
      const { person, device } = await holder(server);
      return { person, come: async ({ from }) => withTokens(await signInBy(server, device), from) };
    },
  },
  'API key': afterwards(async (person) => {
    const { key } = await makeKey(server, person);
    return ({ from }) => reach({ ...from, bearer: key });
  }),
  'API key as Basic password': afterwards(async (person) => {
    const { key } = await makeKey(server, person);
    return ({ from }) => reach({ ...from, basic: [person.email, key] });
  }),
  'API key in a header of its own': afterwards(async (person) => {
    const made = await makeKey(server, person);
    return ({ from }) => reach(by(made, headersOf(from)));
  }),
  'second half of a sign-in': {
    ready: async () => {
      const person = await withApp(server, await server.person());
      const proof = { mfa_token: await halfWay(server, person) };
      const come: Coming = async ({ from }) => {
        const code = codeOf(server, person.secret);
        return withTokens(await server.post('/auth/mfa/verify', { ...proof, code }, from), from);
      };
      return { person, come };
    },
  },
  'gateway by cookie': afterwards(async (person) => {
    const cookie = await cookieOf(person);
    return async ({ from }) => {
      const headers = { ...headersOf(from), ...SAME_ORIGIN, cookie };
      const { status, body } = await server.get('/auth/gateway', { headers });
      return status === 204 ? 'in' : body.code;
    };
  }),
  'refresh by cookie': afterwards(async (person) => {
    const cookie = await cookieOf(person);
    return async ({ from }) => {
      const headers = { ...headersOf(from), ...SAME_ORIGIN, cookie };
      return withTokens(await server.send('POST', '/auth/refresh', { headers }), from);
    };
  }),
  'access token from before': afterwards(
    ({ accessToken }) =>
      ({ from }) =>
        reach({ ...from, bearer: accessToken }),
  ),
  'mail code': afterwards(async ({ email }, before) => {
    const { body } = await server.post('/auth/login/code', { email }, before);
    const { code } = await server.newestMail(email);
    const proof = { login_token: body.login_token, code };
    return async ({ from }) =>
      withTokens(await server.post('/auth/login/code/verify', proof, from), from);
  }),
  'refresh of a session from before': afterwards(({ refreshToken }) => async ({ from }) => {
    const refresh = { refresh_token: refreshToken };
    return withTokens(await server.post('/auth/refresh', refresh, from), from);
  }),
};

/** What a page of the server's own origin sends. */
const SAME_ORIGIN = { 'x-requested-with': 'fetch', 'sec-fetch-site': 'same-origin' };

/** Of somebody who signs in to a page. */
async function cookieOf({ email }: Person): Promise<string> {
  const path = '/auth/login?session=cookie';
  const answer = await server.post(path, { email, password: PASSWORD }, { headers: SAME_ORIGIN });
  const cookies = answer.headers.getSetCookie().map((set) => set.split(';')[0]!);
  return cookies.find((cookie) => cookie.startsWith('__Host-latchkey-session='))!;
}

function headersOf({ headers }: RequestOptions): Record<string, string> {
  return headers ?? {};
}

/** Puts the account in this state. */
const STATES: Record<string, (comer: Comer & { person: Person }) => Promise<void>> = {
  'as any other': async () => {},
  disabled: async ({ person }) => {
    const answer = await server.patch(`/users/${person.id}`, { status: 'disabled' }, admin);
    expect(answer.status).toBe(200);
  },
  'slowed down': async ({ person, from }) => {
    const wrong = { email: person.email, password: 'not it' };
    let status = 0;
    for (let nr = 0; nr < 10 && status !== 429; nr++) {
      ({ status } = await server.post('/auth/login', wrong, from));
    }
    expect(status).toBe(429);
  },
  'with an app': async ({ person }) => {
    // Elsewhere, where a password is enough to sign in: the session it is added in goes on.
    const login = { email: person.email, password: PASSWORD };
    const { body } = await server.post('/auth/login', login);
    await withApp(server, { ...person, accessToken: body.access_token ?? person.accessToken });
  },
  'with a role that needs a factor': async ({ person }) => {
    const answer = await server.put(`/users/${person.id}/roles`, { roles: ['needy'] }, admin);
    expect(answer.status).toBe(200);
  },
};

/**
 * What becomes of each way in each state; null: an account in this state has nothing to come with.
 * A passkey is a second factor by itself, and an API key stands for a program.
 */
const OUTCOMES: Record<string, Record<string, string | null>> = {
  'address and password as JSON': {
    'as any other': 'in',
    disabled: 'account_disabled',
    'slowed down': 'rate_limited',
    'with an app': 'mfa_required',
    'with a role that needs a factor': 'in, to enrol only',
    unconfirmed: 'email_not_verified',
  },
  'Basic at sign-in': {
    'as any other': 'in',
    disabled: 'account_disabled',
    'slowed down': 'rate_limited',
    'with an app': 'mfa_required',
    'with a role that needs a factor': 'in, to enrol only',
    unconfirmed: 'email_not_verified',
  },
  'Basic on any route': {
    'as any other': 'in',
    disabled: 'account_disabled',
    'slowed down': 'rate_limited',
    'with an app': 'mfa_required',
    'with a role that needs a factor': 'in, to enrol only',
    unconfirmed: 'email_not_verified',
  },
  'password reset': {
    'as any other': 'signed in nowhere, then in',
    disabled: 'token_invalid',
    'slowed down': 'signed in nowhere, then rate_limited',
    'with an app': 'signed in nowhere, then mfa_required',
    'with a role that needs a factor': 'signed in nowhere, then in, to enrol only',
    unconfirmed: null,
  },
  invitation: {
    'as any other': 'signed in nowhere, then in',
    disabled: 'token_invalid',
    'slowed down': 'signed in nowhere, then rate_limited',
    'with an app': null,
    'with a role that needs a factor': 'signed in nowhere, then in, to enrol only',
    unconfirmed: null,
  },
  passkey: {
    'as any other': 'in',
    disabled: 'account_disabled',
    'slowed down': 'in',
    'with an app': 'in',
    'with a role that needs a factor': 'in',
    unconfirmed: null,
  },
  'API key': {
    'as any other': 'in',
    disabled: 'account_disabled',
    'slowed down': 'in',
    'with an app': 'in',
    'with a role that needs a factor': 'in',
    unconfirmed: null,
  },
  'API key as Basic password': {
    'as any other': 'in',
    disabled: 'account_disabled',
    'slowed down': 'in',
    'with an app': 'in',
    'with a role that needs a factor': 'in',
    unconfirmed: null,
  },
  'API key in a header of its own': {
    'as any other': 'in',
    disabled: 'account_disabled',
    'slowed down': 'in',
    'with an app': 'in',
    'with a role that needs a factor': 'in',
    unconfirmed: null,
  },
  'second half of a sign-in': {
    'as any other': 'in',
    disabled: 'token_invalid',
    'slowed down': 'in',
    'with an app': null,
    'with a role that needs a factor': 'in',
    unconfirmed: null,
  },
  'gateway by cookie': {
    'as any other': 'in',
    disabled: 'token_missing',
    'slowed down': 'in',
    'with an app': 'token_missing',
    'with a role that needs a factor': 'mfa_enrolment_required',
    unconfirmed: null,
  },
  'refresh by cookie': {
    'as any other': 'in',
    disabled: 'session_ended',
    'slowed down': 'in',
    'with an app': 'session_ended',
    'with a role that needs a factor': 'in, to enrol only',
    unconfirmed: null,
  },
  'access token from before': {
    'as any other': 'in',
    disabled: 'token_revoked',
    'slowed down': 'in',
    'with an app': 'token_revoked',
    'with a role that needs a factor': 'in, to enrol only',
    unconfirmed: null,
  },
  'mail code': {
    'as any other': 'in',
    disabled: 'token_invalid',
    'slowed down': 'in',
    'with an app': 'mfa_required',
    'with a role that needs a factor': 'in, to enrol only',
    unconfirmed: null,
  },
  'refresh of a session from before': {
    'as any other': 'in',
    disabled: 'session_ended',
    'slowed down': 'in',
    'with an app': 'session_ended',
    'with a role that needs a factor': 'in, to enrol only',
    unconfirmed: null,
  },
};

describe('[6.3.4] [6.3.3] [F46] the gate', () => {
  it('has an outcome for each way and each state', () => {
    for (const way of Object.keys(WAYS)) {
      expect(Object.keys(OUTCOMES[way] ?? {})).toEqual([...Object.keys(STATES), 'unconfirmed']);
    }
  });

  const ready = Object.keys(WAYS).flatMap((way) =>
    Object.keys(STATES)
      .map((state) => [way, state, OUTCOMES[way]![state]] as const)
      .filter(([, , outcome]) => outcome !== null),
  );

  it.each(ready)('%s, of an account %s: %s', async (way, state, outcome) => {
    const from = aNetwork();
    const { person, come } = await WAYS[way]!.ready(from);
    await STATES[state]!({ person, from });
    expect(await come({ person, from })).toBe(outcome);
  });

  const unconfirmedWays = Object.entries(WAYS).flatMap(([way, { unconfirmed: make }]) =>
    make ? [[way, make, OUTCOMES[way]!['unconfirmed']] as const] : [],
  );

  it.each(unconfirmedWays)(
    '[F29] %s, of an account nobody has confirmed',
    async (_, make, outcome) => {
      const from = aNetwork();
      const { person, come } = await make(from);
      expect(await come({ person, from })).toBe(outcome);
    },
  );
});

function aNetwork(): RequestOptions {
  return { headers: { 'x-forwarded-for': `203.0.113.${++people % 250}` } };
}
