import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './support/client.js';
import { as, pointers } from './support/people.js';
import { type Person, TestServer } from './support/server.js';

function emails({ body }: Answer): string[] {
  return body.items.map((user: { email: string }) => user.email);
}

describe('finding people', () => {
  let server: TestServer;
  let finder: Person;

  const NAMES: Record<string, string> = {
    'percent%sign@example.org': '100% sure',
    'under_score@example.org': 'Özil Şahin',
    'Mixed.Case@Example.org': "Conan O'Brien",
    'back@example.org': 'back\\slash',
    'plain@example.org': '1000 sure',
  };

  const find = async (query: Record<string, string>) =>
    emails(await server.get(`/users?${new URLSearchParams(query)}`, as(finder)));

  beforeAll(async () => {
    server = await TestServer.start();
    finder = await server.administrator('root@localhost');
    for (const [email, name] of Object.entries(NAMES)) {
      const person = await server.person(email);
      await server.patch('/users/me', { name }, as(person));
    }
  });

  afterAll(() => server.stop());

  it.each([
    ['mixed.CASE', ['Mixed.Case@Example.org']],
    ['SURE', ['percent%sign@example.org', 'plain@example.org']],
    ['özil', ['under_score@example.org']],
    ['ÖZIL ŞA', ['under_score@example.org']],
    ["o'b", ['Mixed.Case@Example.org']],
    ['%', ['percent%sign@example.org']],
    ['100%', ['percent%sign@example.org']],
    ['_', ['under_score@example.org']],
    ['under_score', ['under_score@example.org']],
    ['underXscore', []],
    ['\\', ['back@example.org']],
    ['\\%', []],
    ['*', []],
    ["' OR 1=1 --", []],
    ['nobody at all', []],
  ])('q=%s finds %j: letters of either case, wildcards as themselves', async (q, found) => {
    expect(await find({ q })).toEqual(found);
  });

  it('lists in the order the accounts were made', async () => {
    expect(await find({})).toEqual(['root@localhost', ...Object.keys(NAMES)]);
    expect(await find({ q: '' })).toEqual(['root@localhost', ...Object.keys(NAMES)]);
  });

  it('filters by role and by status, together with q', async () => {
    expect(await find({ role: 'admin' })).toEqual(['root@localhost']);
    expect(await find({ role: 'ADMIN' })).toEqual([]);
    expect(await find({ role: 'user', q: 'sure' })).toEqual([
      'percent%sign@example.org',
      'plain@example.org',
    ]);

    const [plain] = (await server.get('/users?q=plain@', as(finder))).body.items;
    await server.patch(`/users/${plain.id}`, { status: 'disabled' }, as(finder));
    await server.post('/users', { email: 'invited@example.org' }, as(finder));
    expect(await find({ status: 'disabled' })).toEqual(['plain@example.org']);
    expect(await find({ status: 'unverified' })).toEqual(['invited@example.org']);
    expect(await find({ status: 'active', q: 'sure' })).toEqual(['percent%sign@example.org']);
  });

  it.each(['enabled', 'Active', ''])('refuses the status %j', async (status) => {
    const answer = await server.get(`/users?status=${status}`, as(finder));
    expect([answer.status, pointers(answer)]).toEqual([400, ['/status']]);
  });
});

describe('pages of accounts', () => {
  let server: TestServer;
  let finder: Person;
  const PEOPLE = 12;

  beforeAll(async () => {
    server = await TestServer.start();
    finder = await server.administrator('root@localhost');
    for (let i = 1; i < PEOPLE; i++) {
      await server.post('/users', { email: `number${i}@example.org` }, as(finder));
    }
  });

  afterAll(() => server.stop());

  const list = (query: string) => server.get(`/users?${query}`, as(finder));

  it('following the Link header meets everyone once, and it is absent at the end', async () => {
    const met: string[] = [];
    let path: string | undefined = '/users?limit=5&status=unverified';
    while (path !== undefined) {
      const page = await server.get(path, as(finder));
      expect(page.status).toBe(200);
      met.push(...emails(page));
      const link: string | undefined = /^<(.+)>; rel="next"$/.exec(
        page.headers.get('link') ?? '',
      )?.[1];
      expect(link === undefined).toBe(page.body.nextCursor === null);
      if (link !== undefined)
        expect(new URL(link).searchParams.get('cursor')).toBe(page.body.nextCursor);
      path = link === undefined ? undefined : new URL(link).pathname + new URL(link).search;
    }
    expect(met).toEqual(Array.from({ length: PEOPLE - 1 }, (_, i) => `number${i + 1}@example.org`));
  });

  it('an account that is deleted between two pages moves nobody else', async () => {
    const extra = await server.post('/users', { email: 'soon-gone@example.org' }, as(finder));
    const first = await list('limit=6');
    const last = first.body.items.at(-1);
    await server.delete(`/users/${extra.body.id}`, as(finder));
    await server.delete(`/users/${last.id}`, as(finder));
    const second = await list(`limit=200&cursor=${first.body.nextCursor}`);
    expect(emails(second)).toEqual(
      Array.from({ length: PEOPLE - 6 }, (_, i) => `number${i + 6}@example.org`),
    );
    await server.post('/users', { email: last.email }, as(finder));
  });

  it('holds at most limit items, and 50 when that is left out', async () => {
    expect((await list('limit=1')).body.items).toHaveLength(1);
    expect((await list('limit=200')).body.items).toHaveLength(PEOPLE);
    expect((await list('')).body.items).toHaveLength(PEOPLE);
  });

  it('says how many there are in all when asked to', async () => {
    expect((await list('limit=1&count=true')).body.total).toBe(PEOPLE);
    expect((await list('limit=1&count=true&status=active')).body.total).toBe(1);
    expect((await list('q=number&count=true')).body.total).toBe(PEOPLE - 1);
    expect((await list('limit=1&count=false')).body).not.toHaveProperty('total');
    expect((await list('limit=1')).body).not.toHaveProperty('total');
  });

  it.each(['-1', '0', '201', '1e3', '9007199254740992', '1.5', '0x10', '', 'ten', '%205', '١'])(
    'refuses limit=%s',
    async (limit) => {
      const answer = await list(`limit=${limit}`);
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
      expect(new Set(pointers(answer))).toEqual(new Set(['/limit']));
    },
  );

  it.each(['1', 'yes', 'TRUE', ''])('refuses count=%s', async (count) => {
    const answer = await list(`count=${count}`);
    expect([answer.status, pointers(answer)]).toEqual([400, ['/count']]);
  });

  it.each(['limit=1&limit=2', 'q=a&q=b', 'status=active&status=active', 'cursor=a&cursor=b'])(
    'refuses a parameter that stands there twice: %s',
    async (query) => {
      const answer = await list(query);
      expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'duplicate']);
    },
  );

  it.each([
    'offset=1',
    'page=2',
    'sort=email',
    'q[contains]=a',
    'where=1',
    'Limit=5',
    'constructor=1',
    '__proto__=1',
  ])('refuses a parameter it does not know: %s', async (query) => {
    const answer = await list(query);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  });

  it('refuses a cursor with any one character changed', async () => {
    const { nextCursor } = (await list('limit=1')).body;
    for (let i = 0; i < nextCursor.length; i++) {
      const other = nextCursor[i] === 'A' ? 'B' : 'A';
      const answer = await list(
        `cursor=${nextCursor.slice(0, i)}${other}${nextCursor.slice(i + 1)}`,
      );
      expect([i, answer.status, answer.body.errors?.[0].code]).toEqual([i, 400, 'invalid_cursor']);
    }
  });

  it('refuses a cursor that is cut, lengthened, empty, in another spelling, or a bare id', async () => {
    const { nextCursor, items } = (await list('limit=1')).body;
    for (const cursor of [
      '',
      nextCursor.slice(0, -1),
      `${nextCursor}A`,
      `${nextCursor}=`,
      ` ${nextCursor}`,
      items[0].id,
      Buffer.from(items[0].id).toString('base64url'),
      'A'.repeat(512),
      'A'.repeat(513),
    ]) {
      const answer = await list(`cursor=${encodeURIComponent(cursor)}`);
      expect([cursor, answer.status, pointers(answer)]).toEqual([cursor, 400, ['/cursor']]);
    }
  });

  it('refuses a cursor of another list, and of the same list with other filters', async () => {
    const { nextCursor } = (await list('limit=1')).body;
    expect((await list(`limit=1&cursor=${nextCursor}`)).status).toBe(200);
    for (const path of [
      `/users?q=example&cursor=${nextCursor}`,
      `/users?status=active&cursor=${nextCursor}`,
      `/users?role=user&cursor=${nextCursor}`,
      `/roles?cursor=${nextCursor}`,
      `/permissions?cursor=${nextCursor}`,
      `/auth/sessions?cursor=${nextCursor}`,
    ]) {
      const answer = await server.get(path, as(finder));
      expect([path, answer.status, answer.body.errors?.[0].code]).toEqual([
        path,
        400,
        'invalid_cursor',
      ]);
    }
  });

  it('a cursor goes on with another limit, after a restart too', async () => {
    const { nextCursor } = (await list('limit=2')).body;
    const before = await list(`limit=3&cursor=${nextCursor}`);
    server = await server.restart();
    expect((await list(`limit=3&cursor=${nextCursor}`)).body).toEqual(before.body);
  });
});
