import {
  type CanActivate,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  type INestApplication,
  Injectable,
  Module,
  Post,
  type Provider,
  RequestMethod,
  type Type,
} from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { APP_GUARD, DiscoveryModule, DiscoveryService, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_DECISION, type AccessDecision } from '../src/common/access/access-decision.js';
import {
  OptionallySignedIn,
  Permissions,
  Public,
  Roles,
  SignedIn,
} from '../src/common/access/access.decorators.js';
import { ClosedByDefault } from '../src/common/access/closed-by-default.js';
import { RolesGuard } from '../src/common/access/roles.guard.js';
import { digest } from './support/rows.js';
import { type Person, TestServer } from './support/server.js';

async function start(module: Type, ...providers: Provider[]): Promise<NestFastifyApplication> {
  @Module({ imports: [DiscoveryModule, module], providers: [ClosedByDefault, ...providers] })
  class Root {}
  const app = await NestFactory.create<NestFastifyApplication>(Root, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  await app.init();
  return app;
}

describe('a route without a decision about who may call it', () => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  @Controller('forgotten')
  class Forgotten {
    @Get()
    @Public()
    decided(): string {
      return 'anyone';
    }

    @Get('one')
    undecided(): string {
      return 'anyone?';
    }

    @Post('two')
    another(): void {}

    helper(): void {}
  }
  @Module({ controllers: [Forgotten] })
  class ForgottenModule {}

  it('stops the start, and is named', async () => {
    await expect(start(ForgottenModule)).rejects.toThrow(
      'No decision about who may call Forgotten.undecided, Forgotten.another',
    );
  });

  it('in a class that has decided for all of its routes is none', async () => {
    @SignedIn()
    @Controller('decided')
    class Decided {
      @Get()
      one(): void {}

      @Delete()
      @Public()
      two(): void {}
    }
    @Module({ controllers: [Decided] })
    class DecidedModule {}
    app = await start(DecidedModule);
  });
});

describe('what a route decides', () => {
  @Controller()
  class Doors {
    @Get('public')
    @Public()
    public(): string {
      return 'open';
    }

    @Get('optional')
    @OptionallySignedIn()
    optional(): string {
      return 'open';
    }

    @Get('signed-in')
    @SignedIn()
    signedIn(): string {
      return 'open';
    }

    @Get('either-role')
    @Roles('admin', 'auditor')
    eitherRole(): string {
      return 'open';
    }

    @Get('both-permissions')
    @Permissions('users:read', 'roles:read')
    bothPermissions(): string {
      return 'open';
    }
  }

  @Roles('admin')
  @Controller('inside')
  class Inside {
    @Get('as-the-class-says')
    asTheClassSays(): string {
      return 'open';
    }

    @Get('lobby')
    @Public()
    lobby(): string {
      return 'open';
    }
  }
  @Module({ controllers: [Doors, Inside] })
  class DoorsModule {}

  /** Whoever the request says it is. */
  @Injectable()
  class Believing implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      const { roles, permissions } = request.headers as Record<string, string | undefined>;
      if (roles === undefined && permissions === undefined) return true;
      request.principal = {
        userId: 'x',
        scheme: 'Bearer',
        sessionId: undefined,
        authTime: undefined,
        roles: roles?.split(',') ?? [],
        permissions: new Set(permissions?.split(',')),
      };
      return true;
    }
  }

  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await start(
      DoorsModule,
      { provide: APP_GUARD, useClass: Believing },
      { provide: APP_GUARD, useClass: RolesGuard },
    );
  });
  afterAll(() => app.close());

  it.each([
    ['/public', {}, 200],
    ['/optional', {}, 200],
    ['/signed-in', {}, 403],
    ['/signed-in', { roles: '' }, 200],
    ['/either-role', {}, 403],
    ['/either-role', { roles: 'user' }, 403],
    ['/either-role', { roles: 'Admin' }, 403],
    ['/either-role', { permissions: 'admin' }, 403],
    ['/either-role', { roles: 'user,auditor' }, 200],
    ['/either-role', { roles: 'admin' }, 200],
    ['/both-permissions', { permissions: 'users:read' }, 403],
    ['/both-permissions', { permissions: 'roles:read' }, 403],
    ['/both-permissions', { roles: 'users:read,roles:read' }, 403],
    ['/both-permissions', { permissions: 'users:read,roles:read' }, 200],
    ['/inside/as-the-class-says', { roles: 'user' }, 403],
    ['/inside/as-the-class-says', { roles: 'admin' }, 200],
    ['/inside/lobby', {}, 200],
  ])('%s is called with %j: %i', async (url, headers, status) => {
    const answer = await app.inject({ url, headers: headers as Record<string, string> });
    expect(answer.statusCode).toBe(status);
  });
});

interface Route {
  method: string;
  path: string;
  decision: AccessDecision;
}

/** Every route of the server, from its own metadata: a new one is tried without being listed. */
function routesOf(app: INestApplication): Route[] {
  const controllers = app.get(DiscoveryService, { strict: false }).getControllers();
  return controllers.flatMap(({ metatype }) => {
    const prototype = metatype!.prototype as Record<string, object>;
    const base = Reflect.getMetadata(PATH_METADATA, metatype!) as string;
    return Object.getOwnPropertyNames(prototype)
      .filter((name) => name !== 'constructor')
      .map((name) => prototype[name]!)
      .filter((handler) => Reflect.hasMetadata(PATH_METADATA, handler))
      .map((handler) => ({
        method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!,
        path: `/${base}/${Reflect.getMetadata(PATH_METADATA, handler) as string}`
          .replace(/\/+/g, '/')
          .replace(/(?<=.)\/$/, ''),
        decision: (Reflect.getMetadata(ACCESS_DECISION, handler) ??
          Reflect.getMetadata(ACCESS_DECISION, metatype!)) as AccessDecision,
      }));
  });
}

describe('[2.2.2] [8.2.1] [8.3.1] every route of the server', () => {
  let server: TestServer;
  let admin: Person;
  let ada: Person;
  let routes: Route[];

  beforeAll(async () => {
    server = await TestServer.start();
    admin = await server.administrator();
    ada = await server.person();
    routes = routesOf(server.app);
  });
  afterAll(() => server.stop());

  /** By password, because some of the routes end sessions. */
  async function call({ method, path }: Route, person?: Person): Promise<[number, string?]> {
    const target = path.replaceAll(/:\w+/g, '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11');
    const { status, body } = await server.send(
      method,
      target,
      person ? { basic: [person.email, person.password] } : {},
    );
    return [status, body?.code];
  }

  it('is known here', () => {
    const paths = routes.map(({ method, path }) => `${method} ${path}`);
    for (const path of [
      'POST /auth/login',
      'GET /users/me',
      'PUT /users/:id/roles',
      'DELETE /auth/sessions/:id',
      'GET /health/ready',
    ]) {
      expect(paths).toContain(path);
    }
  });

  it('is closed to strangers unless it is public', async () => {
    for (const route of routes.filter(({ decision }) => decision.kind === 'signed-in')) {
      expect([route, await call(route)]).toEqual([route, [401, 'token_missing']]);
    }
  });

  it('that needs a permission or role is closed to those who have none', async () => {
    for (const route of routes) {
      if (route.decision.kind !== 'signed-in') continue;
      const { roles, permissions } = route.decision;
      const [status, code] = await call(route, ada);
      if (roles.length > 0) expect([route, status, code]).toEqual([route, 403, 'role_required']);
      else if (permissions.length > 0) {
        expect([route, status, code]).toEqual([route, 403, 'permission_required']);
      } else expect([route, [401, 403].includes(status)]).toEqual([route, false]);
    }
  });

  it('is open to administrators', async () => {
    for (const route of routes.filter(({ decision }) => decision.kind === 'signed-in')) {
      const [status] = await call(route, admin);
      expect([route, [401, 403, 405, 500].includes(status)]).toEqual([route, false]);
    }
  });

  it('that needs a permission names one there is', async () => {
    const { body } = await server.get('/permissions', { basic: [admin.email, admin.password] });
    const known = body.items.map(({ name }: { name: string }) => name);
    const needed = routes.flatMap(({ decision }) =>
      decision.kind === 'signed-in' ? [...decision.permissions] : [],
    );
    expect(new Set(needed).size).toBeGreaterThan(3);
    for (const name of needed) expect(known).toContain(name);
  });

  it('[3.5.3] that is asked by GET or HEAD changes nothing', async () => {
    await server.settled();
    const before = digest(server.dataDir);
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      for (const method of ['GET', 'HEAD', 'GET']) {
        const [status] = await call({ ...route, method }, admin);
        expect([route.path, status < 500]).toEqual([route.path, true]);
      }
    }
    expect(digest(server.dataDir)).toBe(before);
  });
});
