import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { codeOf, halfWay, withApp } from './support/factors.js';
import { newDevice, register } from './support/passkeys.js';
import { as, pointers } from './support/people.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { makeService, of, type TestService } from './support/services.js';

/** What the outside is told of the routes; all that is tried of every field is driven by it. */
const document = JSON.parse(readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8'));
const UNKNOWN_ID = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';
const FORM = 'application/x-www-form-urlencoded';

let server: TestServer;
let admin: Person;
let service: TestService;

async function start(env: Record<string, string> = {}): Promise<void> {
  server = await TestServer.start(env);
  server.clock.stop();
  admin = await server.administrator();
}

/** A field of a body, or a parameter of the query. */
interface Field {
  /** The operation, the place and the name, such as `POST /auth/login /email`. */
  title: string;
  operation: any;
  method: string;
  path: string;
  place: 'query' | 'form' | 'json';
  /** Names from the outermost to the field's own. */
  names: string[];
  schema: any;
}

function fieldsOf(method: string, path: string, operation: any): Field[] {
  const field = (place: Field['place'], names: string[], schema: any): Field => ({
    title: `${method.toUpperCase()} ${path} ${place} /${names.join('/')}`,
    operation,
    method: method.toUpperCase(),
    path,
    place,
    names,
    schema,
  });
  const query = (operation.parameters ?? [])
    .filter((parameter: any) => parameter.in === 'query')
    .map(({ name, schema }: any) => field('query', [name], schema));
  const body = Object.entries<any>(operation.requestBody?.content ?? {}).flatMap(
    ([type, { schema }]) =>
      texts(schema).map(([names, text]) => field(type === FORM ? 'form' : 'json', names, text)),
  );
  return [...query, ...body];
}

/** The strings in a schema, with the names that lead to each. */
function texts(schema: any, names: string[] = []): [string[], any][] {
  if (schema.$ref) return texts(document.components.schemas[schema.$ref.split('/').at(-1)], names);
  if ([schema.type].flat().includes('string')) return [[names, schema]];
  return [
    ...(schema.allOf ?? []).flatMap((part: any) => texts(part, names)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      texts(property, [...names, name]),
    ),
  ];
}

const FIELDS = Object.entries<any>(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, operation]) => fieldsOf(method, path, operation)),
);

/** Sends the operation with this value in this field, by somebody who may do everything. */
function send(field: Field, value: unknown): Promise<Answer> {
  const { method, place, names } = field;
  const path = field.path.replaceAll(/\{\w+\}/g, UNKNOWN_ID);
  const options: RequestOptions =
    field.operation.security[0] && 'Service' in field.operation.security[0]
      ? { headers: of(service) }
      : as(admin);
  if (place === 'query') {
    return server.send(method, `${path}?${names[0]}=${encodeURIComponent(String(value))}`, options);
  }
  if (place === 'form') {
    return server.send(method, path, {
      headers: { ...options.headers, 'content-type': FORM },
      raw: `${names[0]}=${encodeURIComponent(String(value))}`,
    });
  }
  return server.send(method, path, { ...options, json: bodyOf(names, value) });
}

/** A body with this field. What a browser makes of a passkey is whole, and names it twice. */
function bodyOf([name, ...inner]: string[], value: unknown, within: any = {}): any {
  if (name === undefined) return value;
  if (name === 'id' || name === 'rawId') return { ...within, id: value, rawId: value };
  const beside = name === 'response' ? (within[name] ?? PASSKEY_ANSWER) : {};
  return { ...within, [name]: bodyOf(inner, value, beside) };
}

const PASSKEY_ANSWER = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  clientExtensionResults: {},
  response: {
    clientDataJSON: 'AAAA',
    attestationObject: 'AAAA',
    authenticatorData: 'AAAA',
    signature: 'AAAA',
  },
};

/** Whether this field is what was wrong. */
function isNamed({ names }: Field, answer: Answer): boolean {
  if (answer.status !== 400) return false;
  if (names[0] === 'response') return answer.body.detail.includes('response must be what');
  return pointers(answer).includes(`/${names.join('/')}`);
}

describe('[1.3.3] every text that comes in', () => {
  /** Longer than any text a password may be after Unicode has been normalised. */
  const LONGEST_PASSWORD = 1024;

  const bounded = FIELDS.filter(({ schema }) => schema.maxLength !== undefined).map(
    (field): [string, Field, number] => [
      field.title,
      field,
      field.schema.format === 'password' ? LONGEST_PASSWORD : field.schema.maxLength,
    ],
  );

  beforeAll(async () => {
    await start({ MAIL_CODE_LOGIN: 'on' });
    service = await makeService(server, admin);
  });
  afterAll(() => server.stop());

  /** Nothing is wrong with it but its length, if that is wrong. */
  function textOf({ names, schema }: Field, length: number): string {
    if (schema.format === 'email') {
      const label = 'd'.repeat(63);
      return `@${label}.${label}.${label}.org`.padStart(length, 'x');
    }
    if (names.at(-1) === 'locale') return `en-x${'-aaaaaaaa'.repeat(9)}`.slice(0, length);
    return 'a'.repeat(length);
  }

  it('is known here', () => {
    expect(bounded.length).toBeGreaterThan(70);
  });

  it.each(bounded)('%s: one character more than the longest is refused', async (_, field, max) => {
    const answer = await send(field, textOf(field, max + 1));
    expect([answer.text, isNamed(field, answer)]).toEqual([answer.text, true]);
  });

  /** What the server gives out itself is refused in the same words when it never did. */
  const GIVEN_OUT = ['token', 'mfa_token', 'cursor', 'since'];

  it.each(bounded.filter(([, { names }]) => !GIVEN_OUT.includes(names[0]!)))(
    '%s: the longest is not',
    async (_, field, max) => {
      const answer = await send(field, textOf(field, max));
      expect([answer.text, isNamed(field, answer)]).toEqual([answer.text, false]);
    },
  );
});

describe('[2.2.1] every field that comes in', () => {
  const HOSTILE: unknown[] = [
    null,
    true,
    -1,
    1e308,
    '',
    '\0',
    '\ud800',
    "' OR 1=1 --",
    '../../etc/passwd',
    '%00%0d%0aSet-Cookie: a=b',
    '\u202e\ufeff\u{1f980}',
    [],
    ['a', { b: 'c' }],
    {},
    { not: '' },
    { toString: 'a', length: 1e9 },
  ];

  beforeAll(async () => {
    await start({ MAIL_CODE_LOGIN: 'on' });
    service = await makeService(server, admin);
  });
  afterAll(() => server.stop());

  it.each(FIELDS.map((field): [string, Field] => [field.title, field]))(
    '%s gets an answer that is documented, whatever it holds',
    async (_, field) => {
      const values = field.place === 'json' ? HOSTILE : HOSTILE.filter((value) => isText(value));
      for (const value of values) {
        const { status, text } = await send(field, value);
        const documented = Object.keys(field.operation.responses);
        expect(documented, `${JSON.stringify(value)}: ${text}`).toContain(String(status));
        expect(status, text).toBeLessThan(500);
      }
    },
  );

  it.each(
    FIELDS.filter(({ place }) => place === 'json').map((field): [string, Field] => [
      field.title,
      field,
    ]),
  )('[15.3.5] %s takes text for text, and nothing else', async (_, field) => {
    for (const value of [1, 0, true, false, ['a'], {}, [], { length: 3 }]) {
      const answer = await send(field, value);
      expect([value, answer.text, isNamed(field, answer)]).toEqual([value, answer.text, true]);
    }
  });

  const BODIES = [...new Map(FIELDS.map((field) => [`${field.method} ${field.path}`, field]))]
    .filter(([, { place }]) => place !== 'query')
    .map(([title, field]): [string, Field] => [title, field]);

  it.each(BODIES)('[15.3.3] %s takes no field it does not know', async (_, field) => {
    for (const name of [
      'isAdmin',
      'roles_',
      'emailVerifiedAt',
      'passwordHash',
      'userId_',
      '$set',
    ]) {
      const answer = await send({ ...field, names: [name] }, 'x');
      expect([answer.status, pointers(answer)]).toEqual([
        400,
        expect.arrayContaining([`/${name}`]),
      ]);
    }
  });

  it('and whoever sent it is still signed in: it was refused for what it holds', async () => {
    expect((await server.get('/users/me', as(admin))).status).toBe(200);
  });

  function isText(value: unknown): boolean {
    return typeof value === 'string' && value.isWellFormed();
  }
});

describe('what people call themselves and their things', () => {
  beforeAll(() => start());
  afterAll(() => server.stop());

  it.each([
    '","roles":["admin"],"x":"',
    '"}],"nextCursor":"x',
    'back\\slash \\" \\u0022 \\n',
    '</script><script>alert(1)</script><!--',
    "]]>&lt;&amp;%22'`${7*7}",
    'e\u0301 \u00e9 \u202e \u200d \u{1f468}\u200d\u{1f469} \u{10ffff}',
  ])('[1.2.3] comes back as it was and changes no structure: %j', async (name) => {
    const before = (await server.get('/users/me', as(admin))).body;
    expect((await server.patch('/users/me', { name }, as(admin))).status).toBe(200);
    const after = await server.get('/users/me', as(admin));
    expect({ ...after.body, updatedAt: 0 }).toEqual({ ...before, name, updatedAt: 0 });
    expect(Buffer.from(after.body.name)).toEqual(Buffer.from(name));
    const list = await server.get(`/users?q=${encodeURIComponent(name)}`, as(admin));
    expect(list.body.items.map((item: { name: string }) => item.name)).toEqual([name]);
    expect(Object.keys(list.body)).toEqual(['items', 'nextCursor']);
  });

  it.each(['\u2028', '\u2029', 'a\nb', '\u0085'])(
    '[1.2.3] is one line: %j is refused',
    async (name) => {
      const answer = await server.patch('/users/me', { name: `Ada ${name} Lovelace` }, as(admin));
      expect([answer.status, pointers(answer)]).toEqual([400, ['/name']]);
    },
  );

  it('[1.2.3] is escaped where an error names it', async () => {
    const field = 'a"}],"code":"none\u2028</script>';
    const { body, status } = await server.patch('/users/me', { [field]: 1 }, as(admin));
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.errors[0].pointer).toBe(`/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  });
});

describe('[2.3.1] no step counts without the one before it:', () => {
  beforeAll(() => start({ MAIL_CODE_LOGIN: 'on' }));
  afterAll(() => server.stop());

  async function expectNoWayIn(answer: Answer, status: number, code: string): Promise<void> {
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.text).not.toMatch(/access_token|refresh_token"|eyJ/);
  }

  it('the code without the password', async () => {
    const person = await withApp(server, await server.person());
    const code = codeOf(server, person.secret);
    const alone = await server.post('/auth/mfa/verify', { code });
    expect([alone.status, pointers(alone)]).toEqual([400, ['/mfa_token']]);
    const madeUp = { mfa_token: `lk_mfa_${'A'.repeat(43)}`, code };
    await expectNoWayIn(await server.post('/auth/mfa/verify', madeUp), 400, 'token_invalid');
    const mfa_token = await halfWay(server, person);
    expect((await server.post('/auth/mfa/verify', { mfa_token, code })).status).toBe(200);
  });

  it('anything else with the password alone, when a code is asked for', async () => {
    const mfaToken = await halfWay(server, await withApp(server, await server.person()));
    const asBearer = await server.get('/users/me', { bearer: mfaToken });
    await expectNoWayIn(asBearer, 401, 'token_malformed');
    const refreshed = await server.post('/auth/refresh', { refresh_token: mfaToken });
    await expectNoWayIn(refreshed, 401, 'refresh_token_invalid');
  });

  it('a session before the address is confirmed', async () => {
    const json = { email: 'early@example.org', password: PASSWORD };
    expect((await server.post('/auth/register', json)).status).toBe(202);
    await expectNoWayIn(await server.post('/auth/login', json), 403, 'email_not_verified');
  });

  it('a new password without the mail', async () => {
    const { email } = await server.person();
    expect((await server.post('/auth/password/forgot', { email })).status).toBe(202);
    for (const token of ['', `lk_ot_${'A'.repeat(43)}`]) {
      const answer = await server.post('/auth/password/reset', { token, password: `${PASSWORD}!` });
      await expectNoWayIn(answer, 400, 'token_invalid');
    }
    expect((await server.post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
  });

  it('a new address without the mail', async () => {
    const person = await server.person();
    const json = { newEmail: 'moved@example.org', currentPassword: PASSWORD };
    expect((await server.post('/auth/email/change', json, as(person))).status).toBe(202);
    const token = `lk_ot_${'A'.repeat(43)}`;
    const confirmed = await server.post('/auth/email/confirm', { token }, as(person));
    await expectNoWayIn(confirmed, 400, 'token_invalid');
    expect((await server.get('/users/me', as(person))).body.email).toBe(person.email);
  });

  it('a mailed code without asking for one', async () => {
    const person = await server.person();
    const json = { login_token: `lk_lt_${'A'.repeat(43)}`, code: '000000' };
    const answer = await server.post('/auth/login/code/verify', json);
    expect([answer.status, answer.text.includes('access_token')]).toEqual([400, false]);
    const { body } = await server.get('/auth/sessions', as(person));
    expect(body.items).toHaveLength(1);
  });

  it('an app that was never begun', async () => {
    const person = await server.person();
    const answer = await server.post('/auth/mfa/totp/confirm', { code: '000000' }, as(person));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const { body } = await server.get('/auth/mfa', as(person));
    expect(JSON.stringify(body)).not.toContain('confirmedAt');
  });

  it('a passkey without options of the server', async () => {
    const person = await server.person();
    const device = newDevice(server);
    expect((await register(server, person, device)).status).toBe(201);
    const challenge = Buffer.alloc(64, 1).toString('base64url');
    const options = { challenge, rpId: new URL(server.publicUrl).hostname, allowCredentials: [] };
    const answer = await server.post('/auth/passkeys/authentication', {
      response: device.get(options as never),
    });
    expect([answer.status, answer.text.includes('access_token')]).toEqual([401, false]);
  });
});

describe('[6.3.3] [8.4.2] a role that needs a second factor', () => {
  beforeAll(() => start({ MFA_REQUIRED_ROLES: 'admin' }));
  afterAll(() => server.stop());

  it('lets its holder administer nothing until one is there', async () => {
    const answer = await server.get('/users', as(admin));
    expect([answer.status, answer.body.code]).toEqual([403, 'mfa_enrolment_required']);
    const basic = await server.get('/users', { basic: [admin.email, PASSWORD] });
    expect([basic.status, basic.body.code]).toEqual([403, 'mfa_enrolment_required']);
    expect((await server.get('/users/me', as(admin))).status).toBe(200);

    await withApp(server, admin);
    expect((await server.get('/users', as(admin))).status).toBe(200);
    const byPassword = await server.get('/users', { basic: [admin.email, PASSWORD] });
    expect([byPassword.status, byPassword.body.code]).toEqual([401, 'mfa_required']);
    expect(await halfWay(server, admin)).toMatch(/^lk_mfa_/);
  });
});

describe('[4.2.5] what the server sends', () => {
  /** Half of what nginx takes for all headers of an answer (proxy_buffer_size). */
  const LONGEST_HEADER = 2048;
  /** As long as names may be, and in the longest spelling an address can have. */
  const NAME = '\u{1f980}'.repeat(100);

  beforeAll(() => start());
  afterAll(() => server.stop());

  function longestHeader({ headers }: Answer): number {
    return Math.max(...[...headers].map(([name, value]) => name.length + value.length));
  }

  it('names the next page of a list in a header that is taken everywhere, with the longest filters', async () => {
    for (const person of [await server.person(), await server.person()]) {
      expect((await server.patch('/users/me', { name: NAME }, as(person))).status).toBe(200);
    }
    const filters = `q=${encodeURIComponent(NAME)}&role=user&status=active&count=true`;
    const first = await server.get(`/users?${filters}&limit=1`, as(admin));
    expect(first.body.total).toBe(2);
    expect(longestHeader(first)).toBeLessThan(LONGEST_HEADER);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link')!)![1]!;
    const { pathname, search } = new URL(next, server.url);
    const second = await server.get(pathname + search, as(admin));
    expect(second.body.items).toHaveLength(1);
    expect(second.body.items[0].id).not.toBe(first.body.items[0].id);
  });

  it('puts nothing long that it was sent into a header', async () => {
    const long = 'x'.repeat(6000);
    for (const answer of [
      await server.get(`/users?q=${long}`, as(admin)),
      await server.get(`/nowhere?${long}=${long}`),
      await server.get(`/docs?next=${long}`),
      await server.get(`/${long}`),
      await server.get('/users/me', { bearer: long }),
      await server.get('/users/me', { headers: { authorization: `${long} x` } }),
      await server.get('/health', { headers: { 'x-request-id': long, origin: long } }),
      await server.get('/auth/gateway?role=admin', {
        headers: { 'x-original-uri': `/${long}`, 'x-forwarded-uri': `/${long}` },
      }),
    ]) {
      expect(longestHeader(answer)).toBeLessThan(LONGEST_HEADER);
    }
  });
});
