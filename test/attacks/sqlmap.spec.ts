import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../support/process.js';

const ADMIN = {
  ADMIN_EMAIL: 'admin@example.org',
  ADMIN_PASSWORD: 'correct horse battery staple',
};
const FOUND = 'identified the following injection point';
const NOT_FOUND = 'all tested parameters do not appear to be injectable';
const AT_ONCE = 2;

interface Schema {
  $ref?: string;
  type?: string | string[];
  example?: string | number | boolean;
  examples?: (string | number | boolean)[];
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

const openapi = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../docs/openapi.json', import.meta.url)), 'utf8'),
);

let server: ServerProcess;
let token: string;
let runs = 0;

beforeAll(async () => {
  server = await ServerProcess.start(ADMIN);
  const { body } = await server.post('/auth/login', {
    email: ADMIN.ADMIN_EMAIL,
    password: ADMIN.ADMIN_PASSWORD,
  });
  token = body.access_token;
});
afterAll(() => server?.dispose());

/** Runs sqlmap with the quick tests for SQLite. A `*` marks where it puts its payloads. */
function sqlmap(url: string, ...options: string[]): Promise<string> {
  const quick = ['--batch', '--dbms=sqlite', '--level=1', '--risk=1', '--technique=BEU'];
  // Runs that share a folder break each other's session file.
  const output = `--output-dir=${join(server.dataDir, `sqlmap-${++runs}`)}`;
  const ignored = '--ignore-code=400,401,403,404,409,415,422,429,503';
  return new Promise((resolve) => {
    execFile(
      '/usr/bin/sqlmap',
      ['-u', url, ...options, ...quick, '--disable-coloring', '--flush-session', ignored, output],
      { maxBuffer: 1e8 },
      (_, stdout) => resolve(stdout),
    );
  });
}

/** Something such a field may hold, with a mark at the end. */
function sampleOf({ $ref, ...schema }: Schema): unknown {
  if ($ref) return sampleOf(openapi.components.schemas[$ref.split('/').at(-1)!]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' || schema.properties) {
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(fields.map(([name, field]) => [name, sampleOf(field)]));
  }
  if (type === 'array') return [sampleOf(schema.items ?? {})];
  const example = schema.example ?? schema.examples?.[0] ?? schema.enum?.[0];
  return `${String(example ?? (type === 'boolean' ? true : 1))}*`;
}

/** An answer without an end. Its parameters are compared in memory, and never reach a statement. */
const ENDLESS = '/audit-events/stream';

/** Each operation that takes anything: method, address and body, with a mark in every parameter. */
function targets(): { method: string; path: string; body: string | undefined }[] {
  const paths = Object.entries(openapi.paths as Record<string, Record<string, Operation>>);
  const tried = paths.filter(([pattern]) => pattern !== ENDLESS);
  return tried.flatMap(([pattern, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters = [], requestBody }]) => {
      const query = parameters
        .filter(({ in: place }) => place === 'query')
        .map(({ name, schema }) => `${name}=${name === 'wait' ? '0*' : sampleOf(schema)}`)
        .join('&');
      const path = pattern.replaceAll(/\{\w+\}/g, '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11*');
      const schema = requestBody?.content['application/json']?.schema;
      const body = schema && JSON.stringify(sampleOf(schema));
      if (!path.includes('*') && query === '' && body === undefined) return [];
      return [{ method: method.toUpperCase(), path: query ? `${path}?${query}` : path, body }];
    }),
  );
}

it('sqlmap finds what there is to find: SQL put together from what was sent', async () => {
  const db = new BetterSqlite3(':memory:');
  db.exec(`CREATE TABLE person (name TEXT); INSERT INTO person VALUES ('ada'), ('grace')`);
  const careless = createServer((request, reply) => {
    const name = new URL(request.url!, 'http://localhost').searchParams.get('name');
    try {
      reply.end(JSON.stringify(db.prepare(`SELECT * FROM person WHERE name = '${name}'`).all()));
    } catch {
      reply.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve) => careless.listen(0, '127.0.0.1', resolve));
  const { port } = careless.address() as { port: number };
  expect(await sqlmap(`http://127.0.0.1:${port}/?name=ada*`)).toContain(FOUND);
  careless.close();
  db.close();
});

it(
  '[1.2.4] sqlmap finds nothing in any parameter of any operation',
  { timeout: 600_000 },
  async () => {
    const waiting = targets();
    expect(waiting.length).toBeGreaterThan(25);
    const suspicious: string[] = [];
    const run = async () => {
      for (let target = waiting.pop(); target; target = waiting.pop()) {
        const { method, path, body } = target;
        const said = await sqlmap(
          server.url + path,
          `--method=${method}`,
          `--headers=Authorization: Bearer ${token}\nContent-Type: application/json`,
          ...(body === undefined ? [] : [`--data=${body}`]),
        );
        if (said.includes(FOUND) || !said.includes(NOT_FOUND)) {
          suspicious.push(`${method} ${path}\n${said.split('\n').slice(-15).join('\n')}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, run));
    expect(suspicious).toEqual([]);
    const asAdministrator = await server.get('/users', { bearer: token });
    expect(asAdministrator.status).toBe(200);
    expect(server.lines.filter((line) => line.includes('internal_error'))).toEqual([]);
  },
);
