import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODES } from '../src/common/errors/codes.js';
import { ServerProcess } from './support/process.js';

const committed = JSON.parse(
  readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8'),
);

let server: ServerProcess;
let served: any;

beforeAll(async () => {
  server = await ServerProcess.start();
  served = (await server.get('/openapi.json')).body;
});
afterAll(() => server.dispose());

/** Every operation as `[POST /auth/login, operation]`. */
function operations(): [string, any][] {
  return Object.entries<any>(committed.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, any] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

describe('the OpenAPI document', () => {
  it('that is served is the one in docs/openapi.json, but for the address of the server', () => {
    const [{ url }] = served.servers;
    const readdressed = JSON.stringify(served).replaceAll(url, committed.servers[0].url);
    expect(JSON.parse(readdressed)).toEqual(committed);
  });

  it('names the public address of this server', () => {
    expect(served.servers).toEqual([{ url: server.url.replace('127.0.0.1', 'localhost') }]);
    expect(served.openapi).toBe('3.1.0');
  });

  it('holds each route of the core', () => {
    expect(operations().map(([route]) => route)).toEqual(
      expect.arrayContaining([
        'GET /.well-known/jwks.json',
        'POST /auth/register',
        'POST /auth/verify-email',
        'POST /auth/verify-email/resend',
        'POST /auth/login',
        'POST /auth/refresh',
        'POST /auth/logout',
        'GET /auth/sessions',
        'DELETE /auth/sessions',
        'DELETE /auth/sessions/{id}',
        'POST /auth/password/forgot',
        'POST /auth/password/reset',
        'GET /users/me',
        'PATCH /users/me',
        'GET /users',
        'POST /users',
        'GET /users/{id}',
        'PATCH /users/{id}',
        'DELETE /users/{id}',
        'PUT /users/{id}/roles',
        'DELETE /users/{id}/sessions',
        'GET /roles',
        'POST /roles',
        'PATCH /roles/{name}',
        'DELETE /roles/{name}',
        'GET /permissions',
        'GET /health',
        'GET /health/live',
        'GET /health/ready',
      ]),
    );
  });

  it('says nothing of the mailbox where there is none', async () => {
    const withMailServer = await ServerProcess.start({
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'no-reply@example.org',
    });
    const { body } = await withMailServer.get('/openapi.json');
    await withMailServer.dispose();
    expect(Object.keys(body.paths).filter((path) => path.startsWith('/dev'))).toEqual([]);
  });
});

describe('each operation', () => {
  it('has an id of its own, a summary, a description and one tag that is described', () => {
    const tags = committed.tags.map((tag: any) => tag.name);
    for (const [route, operation] of operations()) {
      expect(operation.operationId, route).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary, route).toBeTruthy();
      expect(operation.description, route).toBeTruthy();
      expect(tags, route).toEqual(expect.arrayContaining(operation.tags));
      expect(operation.tags, route).toHaveLength(1);
    }
    const ids = operations().map(([, operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('that is closed to people takes Bearer, Basic and API keys alike, and documents 401 and 403', () => {
    const closed = operations().filter(
      ([, { security }]) =>
        security.length > 0 && !security.some(isNothing) && !('Service' in security[0]),
    );
    expect(closed.length).toBeGreaterThan(15);
    for (const [route, operation] of closed) {
      expect(operation.security, route).toEqual([{ Bearer: [] }, { Basic: [] }, { ApiKey: [] }]);
      expect(Object.keys(operation.responses), route).toEqual(
        expect.arrayContaining(['401', '403']),
      );
    }
  });

  it('that is called closed refuses a stranger, and no other does', async () => {
    for (const [route, operation] of operations()) {
      const [method, path] = route.split(' ') as [string, string];
      const { status } = await server.send(method, path.replaceAll(/\{\w+\}/g, 'nothing'));
      if (operation.security.some(isNothing)) continue; // may be called either way
      expect([route, status === 401]).toEqual([route, operation.security.length > 0]);
    }
  });

  it('answers a stranger with nothing but a status it documents', async () => {
    for (const [route, operation] of operations()) {
      const [method, path] = route.split(' ') as [string, string];
      for (const options of [
        {},
        { json: {} },
        { json: { unknown: 1 } },
        { raw: '{', headers: JSON_BODY },
      ]) {
        if (method === 'GET' && Object.keys(options).length > 0) continue;
        const { status } = await server.send(
          method,
          path.replaceAll(/\{\w+\}/g, 'nothing'),
          options,
        );
        expect(Object.keys(operation.responses), route).toContain(String(status));
      }
    }
  });

  it('documents its problems as application/problem+json, each code with an example', () => {
    for (const [route, operation] of operations()) {
      for (const [status, response] of Object.entries<any>(operation.responses)) {
        const { content, headers } = resolve(response);
        expect(headers, route).toHaveProperty('X-Request-Id');
        if (Number(status) < 400) continue;
        const { schema, examples } = content['application/problem+json'];
        expect(schema).toEqual({ $ref: '#/components/schemas/Problem' });
        for (const [code, example] of Object.entries<any>(examples)) {
          expect(resolve(example).value).toMatchObject({ code, status: Number(status) });
        }
      }
    }
  });
});

describe('an id in a path', () => {
  it('is a UUID; what is none is answered like one that nobody has', () => {
    const ids = operations().flatMap(([, { parameters = [] }]) =>
      parameters.filter(({ name }: { name: string }) => name === 'id'),
    );
    expect(ids.length).toBeGreaterThan(5);
    for (const { schema } of ids) expect(schema).toEqual({ type: 'string', format: 'uuid' });
  });
});

describe('a body with alternatives', () => {
  it.each([
    ['/auth/login', [['email', 'password'], []]],
    ['/auth/verify-email', [['token'], ['email', 'code']]],
  ])('%s names each, and takes the example of each', async (path, alternatives) => {
    const { content } = committed.paths[path].post.requestBody;
    const { schema, examples } = content['application/json'];
    const all = alternatives.flat();
    for (const [i, fields] of alternatives.entries()) {
      const others = all.filter((name) => !fields.includes(name));
      expect(schema.oneOf[i].required).toEqual(fields);
      expect(schema.oneOf[i].not?.anyOf.flatMap(({ required }: any) => required) ?? []).toEqual(
        others,
      );
    }
    expect(Object.keys(resolve(schema.allOf[0]).properties)).toEqual(
      expect.arrayContaining(alternatives.flat()),
    );
    for (const { value } of Object.values<any>(examples)) {
      const basic: [string, string] = ['ada@example.org', 'correct horse battery staple'];
      const { body } = await server.post(path, value, { basic });
      expect(['invalid_credentials', 'token_invalid']).toContain(body.code);
    }
  });
});

describe('each schema', () => {
  it('[15.3.1] has properties, and no others', () => {
    for (const [name, schema] of Object.entries<any>(committed.components.schemas)) {
      expect(Object.keys(schema.properties), name).not.toEqual([]);
      expect(schema.additionalProperties, name).toBe(false);
    }
  });

  it('of a list has items and nextCursor', () => {
    const lists = ['/users', '/roles', '/permissions', '/auth/sessions', '/dev/mail/messages'];
    for (const path of lists) {
      const { parameters, responses } = committed.paths[path].get;
      const { schema } = responses['200'].content['application/json'];
      expect(Object.keys(schema.properties), path).toEqual(['items', 'nextCursor', 'total']);
      expect(schema.required, path).toEqual(['items', 'nextCursor']);
      expect(
        parameters.map((parameter: any) => parameter.name),
        path,
      ).toEqual(expect.arrayContaining(['limit', 'cursor', 'count']));
    }
  });

  it('of a problem knows every code', () => {
    expect(committed.components.schemas.Problem.properties.code.enum).toEqual(
      Object.keys(CODES).sort(),
    );
  });
});

describe('Swagger UI', () => {
  it('loads files of this server only', async () => {
    const { status, body, headers } = await server.get('/docs');
    expect(status).toBe(200);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("default-src 'none'");
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match: string[]) => match[1]!);
    for (const file of files.filter((name: string) => !name.startsWith('data:'))) {
      const asset = await server.get(file);
      expect([file, asset.status]).toEqual([file, 200]);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=3600');
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
      expect(asset.headers.get('x-request-id')).toBeTruthy();
    }
  });

  it.each([
    '/docs/package.json',
    '/docs/index.html',
    '/docs/swagger-ui-bundle.js.map',
    '/docs/..%2fpackage.json',
  ])('does not serve %s', async (path) => {
    expect(await server.get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

const JSON_BODY = { 'content-type': 'application/json' };

function isNothing(way: object): boolean {
  return Object.keys(way).length === 0;
}

/** What a `$ref` inside the document stands for. */
function resolve(node: any): any {
  if (!node.$ref) return node;
  return node.$ref
    .slice(2)
    .split('/')
    .reduce((parent: any, name: string) => parent[name], committed);
}
