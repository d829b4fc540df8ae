import { UnusableHash } from '../auth/password/formats/format.js';
import type { PortableHashes } from '../auth/password/portable-hashes.js';
import { canonicalEmail } from '../common/email-address.js';
import { Problem } from '../common/errors/problem.js';
import { parseStrictJson, StrictJsonError } from '../common/http/strict-json.js';
import { validationPipe } from '../common/http/validation.js';
import type { ImportedAccount } from '../users/account-import.js';
import type { Account } from '../users/accounts.js';
import { canonicalLocale } from '../users/locale.js';
import { UserRow } from './users-row.dto.js';

/** A line that cannot be imported; the message says why and holds no part of a hash. */
export class RefusedRow extends Error {}

const pipe = validationPipe();

/**
 * The account that a line of an import file describes.
 *
 * @throws RefusedRow
 */
export async function readRow(line: Buffer, hashes: PortableHashes): Promise<ImportedAccount> {
  try {
    const value = parseStrictJson(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new RefusedRow('The line is not a JSON object.');
    }
    const row = (await pipe.transform(value, { type: 'body', metatype: UserRow })) as UserRow;
    return {
      id: row.id?.toLowerCase(),
      email: row.email.trim(),
      emailKey: canonicalEmail(row.email)!,
      name: row.name || null,
      locale: row.locale ? canonicalLocale(row.locale)! : null,
      emailVerified: row.emailVerified,
      status: row.status ?? 'active',
      roles: row.roles ?? ['user'],
      passwordHash: row.passwordHash === null ? null : hashes.toStored(row.passwordHash),
    };
  } catch (error) {
    if (error instanceof StrictJsonError) {
      throw new RefusedRow(error.message.replace('The body', 'The line'));
    }
    if (error instanceof UnusableHash) throw new RefusedRow(error.message);
    if (error instanceof Problem) throw new RefusedRow(error.detail.replaceAll(/\p{C}/gu, '?'));
    throw error;
  }
}

/** The line of an export file that describes the account; {@link readRow} takes it back. */
export function toRow(account: Account, hashes: PortableHashes, withHashes: boolean): UserRow {
  const { passwordHash } = account;
  return {
    id: account.id,
    email: account.email,
    ...(account.name === null ? {} : { name: account.name }),
    ...(account.locale === null ? {} : { locale: account.locale }),
    emailVerified: account.emailVerifiedAt !== null,
    ...(account.status === 'disabled' ? { status: account.status } : {}),
    roles: [...account.roles],
    passwordHash: withHashes && passwordHash !== null ? hashes.toPortable(passwordHash) : null,
  };
}
