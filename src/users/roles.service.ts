import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../clock.js';
import type { Principal } from '../common/access/principal.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { Problem } from '../common/errors/problem.js';
import { invalid } from '../common/http/validation.js';
import { type ListQuery, type Page, Pagination } from '../common/http/pagination.js';
import { SecurityEvents } from '../common/security-events.js';
import { Database } from '../database/database.js';
import type { Role } from '../generated/prisma/client.js';
import { type Account, Accounts } from './accounts.js';
import { Administrators } from './administrators.js';
import { expand, knownPermissions, type Permission } from './permissions.js';
import { type CreateRole, ROLE_NAME, type RoleResponse, type UpdateRole } from './role.dto.js';

/**
 * Owner of the tables Role and UserRole.
 *
 * One rule stands above all changes: nobody hands out, takes away or alters what they do not hold
 * themselves, so no chain of changes ends with more than its authors had. What someone holds is
 * read inside the transaction of the change.
 */
@Injectable()
export class RolesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
    private readonly administrators: Administrators,
    private readonly audit: Audit,
    private readonly pagination: Pagination,
    private readonly events: SecurityEvents,
  ) {}

  async list(query: ListQuery): Promise<Page<RoleResponse>> {
    const page = await this.pagination.page(query, {
      list: 'roles',
      rows: (after, take) =>
        this.database.client.role.findMany({
          ...(after === undefined ? {} : { where: { name: { gt: after } } }),
          orderBy: { name: 'asc' },
          take,
        }),
      keyOf: (role) => role.name,
      total: () => this.database.client.role.count(),
    });
    return { ...page, items: page.items.map(toRoleResponse) };
  }

  /**
   * @throws Problem validation_failed unknown permission; permission_required a permission the
   *   caller lacks; conflict the name is taken
   */
  async create(caller: Principal, wanted: CreateRole): Promise<RoleResponse> {
    const permissions = knownPermissions(wanted.permissions);
    return this.database.transaction(async () => {
      await this.mustHold(caller, permissions);

      const now = this.clock.now();
      const id = uuidv7(now);
      const description = wanted.description ?? '';
      const made = await this.database.execute`
        INSERT INTO "Role" ("id", "name", "description", "permissions", "builtIn", "createdAt")
        VALUES (${id}, ${wanted.name}, ${description}, ${JSON.stringify(permissions)}, FALSE, ${now})
        ON CONFLICT ("name") DO NOTHING`;
      if (made === 0) {
        throw new Problem('conflict', { detail: 'There is a role of this name already.' });
      }
      const role = { name: wanted.name, description, permissions, builtIn: false };
      await this.audit.record({
        type: 'role.created',
        actor: caller.userId,
        subject: id,
        after: recorded(role),
      });
      return role;
    });
  }

  /**
   * @throws Problem not_found; conflict the role is built in; validation_failed unknown permission;
   *   permission_required the role holds, or shall hold, a permission the caller lacks
   */
  async change(caller: Principal, name: string, wanted: UpdateRole): Promise<RoleResponse> {
    return this.database.transaction(async () => {
      const role = await this.#changeable(name);
      const before = toRoleResponse(role);
      const permissions =
        wanted.permissions === undefined
          ? before.permissions
          : knownPermissions(wanted.permissions);
      await this.mustHold(caller, [...before.permissions, ...permissions]);

      const after = {
        ...before,
        description: wanted.description ?? before.description,
        permissions,
      };
      if (same(before, after)) return before;
      await this.database.client.role.updateMany({
        where: { id: role.id },
        data: { description: after.description, permissions },
      });
      await this.audit.record({
        type: 'role.changed',
        actor: caller.userId,
        subject: role.id,
        before: recorded(before),
        after: recorded(after),
      });
      this.#raised(caller, role.id, before.permissions, after.permissions);
      this.accounts.anyRoleChanged();
      return after;
    });
  }

  /**
   * Deletes the role and takes it from everyone who holds it.
   *
   * @throws Problem not_found; conflict the role is built in; permission_required it holds a
   *   permission the caller lacks
   */
  async delete(caller: Principal, name: string): Promise<void> {
    await this.database.transaction(async () => {
      const role = await this.#changeable(name);
      const before = toRoleResponse(role);
      await this.mustHold(caller, before.permissions);

      await this.database.client.role.deleteMany({ where: { id: role.id } });
      await this.audit.record({
        type: 'role.deleted',
        actor: caller.userId,
        subject: role.id,
        before: recorded(before),
      });
      this.accounts.anyRoleChanged();
    });
  }

  /**
   * Gives the account exactly these roles. Who granted a role that stays, and when, is kept.
   *
   * @throws Problem not_found; validation_failed unknown role; permission_required a role that is
   *   given or taken holds a permission the caller lacks; conflict a role is given to somebody who
   *   has only registered; last_administrator
   */
  async assign(caller: Principal, userId: string, names: readonly string[]): Promise<Account> {
    return this.administrators.keepingOne(async () => {
      const account = await this.accounts.fresh(userId);
      if (!account) throw new Problem('not_found');
      const wanted = await this.#named(names);
      const held = await this.database.client.role.findMany({
        where: { users: { some: { userId } } },
      });
      const given = without(wanted, held);
      const taken = without(held, wanted);
      if (given.length === 0 && taken.length === 0) return account;
      await this.mustHold(caller, [...given, ...taken].flatMap(permissionsOf));
      mustBeProved(account, given);

      const grantedAt = this.clock.now();
      await this.database.client.userRole.deleteMany({
        where: { userId, roleId: { in: taken.map((role) => role.id) } },
      });
      await this.database.client.userRole.createMany({
        data: given.map((role) => ({
          userId,
          roleId: role.id,
          grantedBy: caller.userId,
          grantedAt,
        })),
      });
      const changed = (await this.accounts.fresh(userId))!;
      await this.audit.record({
        type: 'roles.changed',
        actor: caller.userId,
        subject: userId,
        before: [...account.roles],
        after: [...changed.roles],
      });
      this.#raised(caller, userId, [...account.permissions], [...changed.permissions]);
      this.accounts.changedElsewhere(userId);
      return changed;
    });
  }

  /**
   * Refuses when the caller lacks one of `permissions`, by what the request was let in with and by
   * what the account holds at this moment: somebody else's change may have come first.
   */
  async mustHold(caller: Principal, permissions: readonly string[]): Promise<void> {
    const account = await this.accounts.fresh(caller.userId);
    const stands = account?.status === 'active';
    const lacking = permissions.filter(
      (name) => !stands || !caller.permissions.has(name) || !account.permissions.has(name),
    );
    if (lacking.length === 0) return;
    throw new Problem('permission_required', {
      detail: `This needs the permission ${[...new Set(lacking)].sort().join(' and ')}.`,
    });
  }

  #raised(
    caller: Principal,
    subject: string,
    before: readonly string[],
    after: readonly string[],
  ): void {
    const permissions = after.filter((name) => !before.includes(name));
    if (permissions.length === 0) return;
    this.database.afterCommit(() =>
      this.events.emit('permission.raised', { actor: caller.userId, subject, permissions }),
    );
  }

  async #changeable(name: string): Promise<Role> {
    const role = ROLE_NAME.test(name)
      ? await this.database.client.role.findUnique({ where: { name } })
      : null;
    if (!role) throw new Problem('not_found');
    if (role.builtIn) {
      throw new Problem('conflict', {
        detail: 'This role is built in: it can be neither changed nor deleted.',
      });
    }
    return role;
  }

  /** The roles of these names; `names` holds each once. */
  async #named(names: readonly string[]): Promise<Role[]> {
    const roles = await this.database.client.role.findMany({ where: { name: { in: [...names] } } });
    const unknown = names.flatMap((name, i) =>
      roles.some((role) => role.name === name) ? [] : [i],
    );
    if (unknown.length === 0) return roles;
    throw invalid(
      unknown.map((i) => ({
        pointer: `/roles/${i}`,
        code: 'unknown_role',
        detail: 'There is no role of this name. GET /roles lists them.',
      })),
    );
  }
}

/**
 * The password of an unconfirmed account may be a stranger's: whoever then follows the link in the
 * mail would let the stranger in, with the role. Everybody gets `user`, so that is no gift.
 */
function mustBeProved(
  { emailVerifiedAt, passwordHash }: Account,
  given: readonly Pick<Role, 'name'>[],
): void {
  const proved = emailVerifiedAt !== null || passwordHash === null;
  if (proved || given.every(({ name }) => name === 'user')) return;
  throw new Problem('conflict', {
    detail:
      'Nobody has confirmed the address of this account yet. Invite the person instead (POST /users), or wait until it is confirmed.',
  });
}

function toRoleResponse(role: Role): RoleResponse {
  return {
    name: role.name,
    description: role.description,
    permissions: permissionsOf(role),
    builtIn: role.builtIn,
  };
}

function permissionsOf(role: Role): Permission[] {
  return expand(role.permissions as string[]).sort();
}

/** A role as the audit trail keeps it. */
function recorded({ name, description, permissions }: RoleResponse) {
  return { name, description, permissions };
}

function same(a: RoleResponse, b: RoleResponse): boolean {
  return a.description === b.description && a.permissions.join() === b.permissions.join();
}

function without(roles: Role[], others: Role[]): Role[] {
  return roles.filter((role) => !others.some((other) => other.id === role.id));
}
