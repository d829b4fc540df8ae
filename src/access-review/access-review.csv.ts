import { csvRecord } from '../common/http/csv.js';
import type { AccessReviewItem } from './access-review.dto.js';

/** In a list inside a field: no role, permission, id or time holds it. */
const BETWEEN = ' ';
const NEVER = 'never';
const SERVER = 'server';

const COLUMNS: Record<string, (item: AccessReviewItem) => string> = {
  user_id: ({ user }) => user.id,
  email: ({ user }) => user.email,
  name: ({ user }) => user.name ?? '',
  status: ({ user }) => user.status,
  created_at: ({ user }) => user.createdAt.toISOString(),
  roles: ({ roles }) => roles.map(({ name }) => name).join(BETWEEN),
  granted_by: ({ roles }) => roles.map(({ grantedBy }) => grantedBy ?? SERVER).join(BETWEEN),
  granted_at: ({ roles }) => roles.map(({ grantedAt }) => grantedAt.toISOString()).join(BETWEEN),
  permissions: ({ permissions }) => permissions.join(BETWEEN),
  permissions_last_used: ({ sensitivePermissions }) =>
    sensitivePermissions
      .map(({ name, lastUsedAt }) => `${name}=${timeOrNever(lastUsedAt)}`)
      .join(BETWEEN),
  last_login_at: ({ lastLoginAt }) => timeOrNever(lastLoginAt),
  second_factor: ({ secondFactor }) => (secondFactor ? 'yes' : 'no'),
  api_keys: ({ apiKeys }) => String(apiKeys.length),
  api_keys_last_used: ({ apiKeys }) =>
    apiKeys.map(({ id, lastUsedAt }) => `${id}=${timeOrNever(lastUsedAt)}`).join(BETWEEN),
  last_review_at: ({ lastReviewAt }) => timeOrNever(lastReviewAt),
  flags: ({ flags }) => flags.join(BETWEEN),
};

export const CSV_HEAD = csvRecord(Object.keys(COLUMNS));

/** One person as a line of the file. Of roles, the n-th giver and time belong to the n-th name. */
export function csvLine(item: AccessReviewItem): string {
  return csvRecord(Object.values(COLUMNS).map((column) => column(item)));
}

function timeOrNever(at: Date | null): string {
  return at?.toISOString() ?? NEVER;
}
