import { invalid } from '../common/http/validation.js';

/** Every permission there is, by name. Names are stable; new ones are added. */
export const PERMISSIONS = {
  'users:read': 'See all accounts.',
  'users:write': 'Invite, change, disable and delete accounts, and end their sessions.',
  'roles:read': 'See roles and permissions.',
  'roles:write': 'Make, change and delete roles.',
  'roles:assign': 'Give roles to accounts and take them away.',
  'audit:read': 'See the audit trail and who may do what.',
  'audit:review': 'Record a review of who may do what.',
  'services:read': 'See the registered services.',
  'services:write': 'Register and remove services.',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof PERMISSIONS;

/** Let nobody see or change what is about others. All permissions but these are sensitive. */
const HARMLESS: ReadonlySet<string> = new Set<Permission>(['roles:read', 'services:read']);

/** Whether it matters who holds the permission, and when they last used it. */
export function isSensitive(name: string): name is Permission {
  return isPermission(name) && !HARMLESS.has(name);
}

/** What a role's stored list grants; `*` stands for every permission. */
export function expand(stored: readonly string[]): Permission[] {
  const all = Object.keys(PERMISSIONS) as Permission[];
  return stored.includes('*') ? all : all.filter((name) => stored.includes(name));
}

/**
 * The names of a request as permissions, sorted.
 *
 * @throws Problem validation_failed with one entry for each name (`/permissions/0`) that is none
 */
export function knownPermissions(names: readonly string[]): Permission[] {
  const unknown = names.flatMap((name, i) => (isPermission(name) ? [] : [i]));
  if (unknown.length > 0) {
    throw invalid(
      unknown.map((i) => ({
        pointer: `/permissions/${i}`,
        code: 'unknown_permission',
        detail: 'There is no permission of this name. GET /permissions lists them.',
      })),
    );
  }
  return names.filter(isPermission).sort();
}

/** Whether there is a permission of this name. */
export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}
