import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { Database } from '../database/database.js';
import { Accounts, UNPROVED } from './accounts.js';

/** Makes accounts one by one: registered, invited, for a service, by whoever holds the server. */
@Injectable()
export class NewAccounts {
  constructor(
    private readonly accounts: Accounts,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes a registration. An earlier registration of the address that nobody confirmed is taken
   * over: its password, name and language are gone. A confirmed account stays as it is, and so does an
   * invited one and one that was given a role: what they hold must not fall to whoever registers
   * the address. One statement either way, so that a stranger cannot tell by time.
   *
   * @returns id of the account that holds the address; pending: it waits with this password
   */
  async registerPending(person: {
    email: string;
    emailKey: string;
    name: string | undefined;
    /** Canonical language tag. */
    locale: string | undefined;
    passwordHash: string;
  }): Promise<{ id: string; pending: boolean }> {
    const now = this.clock.now();
    const name = person.name ?? null;
    const locale = person.locale ?? null;
    // The same condition in each line, rather than a WHERE: RETURNING must give the id of an
    // account that stays as it is, too. (SQLite: a SET reads the row as it was before.)
    const rows = await this.database.query<{ id: string; pending: number }>`
      INSERT INTO "User" ("id", "email", "emailKey", "name", "locale", "passwordHash",
                          "passwordChangedAt", "status", "createdAt", "updatedAt")
      VALUES (${uuidv7(now)}, ${person.email}, ${person.emailKey}, ${name}, ${locale},
              ${person.passwordHash}, ${now}, 'active', ${now}, ${now})
      ON CONFLICT ("emailKey") DO UPDATE SET
        "email"             = CASE WHEN ${UNPROVED} THEN excluded."email" ELSE "email" END,
        "name"              = CASE WHEN ${UNPROVED} THEN excluded."name" ELSE "name" END,
        "locale"            = CASE WHEN ${UNPROVED} THEN excluded."locale" ELSE "locale" END,
        "passwordHash"      = CASE WHEN ${UNPROVED} THEN excluded."passwordHash" ELSE "passwordHash" END,
        "passwordChangedAt" = CASE WHEN ${UNPROVED} THEN excluded."passwordChangedAt" ELSE "passwordChangedAt" END,
        "updatedAt"         = CASE WHEN ${UNPROVED} THEN excluded."updatedAt" ELSE "updatedAt" END
      RETURNING "id", ("passwordHash" = ${person.passwordHash}) AS "pending"`;
    const { id, pending } = rows[0]!;
    await this.#grantUserRole(id, now);
    this.accounts.changedElsewhere(id);
    return { id, pending: Number(pending) === 1 };
  }

  /**
   * Makes an account without a password. A mere registration of the address is taken over: its
   * password, name and language are gone. Undefined: the address is taken for good.
   */
  async createInvited(person: {
    email: string;
    emailKey: string;
    name: string | undefined;
  }): Promise<string | undefined> {
    const now = this.clock.now();
    const rows = await this.database.query<{ id: string }>`
      INSERT INTO "User" ("id", "email", "emailKey", "name", "status", "createdAt", "updatedAt")
      VALUES (${uuidv7(now)}, ${person.email}, ${person.emailKey}, ${person.name ?? null}, 'active', ${now}, ${now})
      ON CONFLICT ("emailKey") DO UPDATE SET
        "email" = excluded."email", "name" = excluded."name", "locale" = NULL,
        "passwordHash" = NULL, "passwordChangedAt" = NULL, "updatedAt" = excluded."updatedAt"
      WHERE ${UNPROVED}
      RETURNING "id"`;
    if (rows[0] === undefined) return undefined;
    const { id } = rows[0];
    await this.#grantUserRole(id, now);
    this.accounts.changedElsewhere(id);
    return id;
  }

  /**
   * Makes an account that no person stands behind. Its address is one that cannot exist (RFC 6761
   * section 6.4), and what it is looked up by is none: no flow that begins with an address finds it.
   */
  async createService(name: string): Promise<string> {
    const now = this.clock.now();
    const id = uuidv7(now);
    await this.database.execute`
      INSERT INTO "User" ("id", "email", "emailKey", "name", "emailVerifiedAt", "serviceAccount",
                          "status", "createdAt", "updatedAt")
      VALUES (${id}, ${`${id}@service.invalid`}, ${`service:${id}`}, ${name}, ${now}, TRUE,
              'active', ${now}, ${now})`;
    await this.#grantUserRole(id, now);
    this.accounts.changedElsewhere(id);
    return id;
  }

  /**
   * An account with this address, confirmed and with this password, whether there was one before
   * or not; for administrators made by whoever holds the server.
   */
  async createConfirmed(email: string, emailKey: string, passwordHash: string): Promise<string> {
    const now = this.clock.now();
    const rows = await this.database.query<{ id: string }>`
      INSERT INTO "User" ("id", "email", "emailKey", "passwordHash", "passwordChangedAt",
                          "emailVerifiedAt", "status", "createdAt", "updatedAt")
      VALUES (${uuidv7(now)}, ${email}, ${emailKey}, ${passwordHash}, ${now}, ${now}, 'active', ${now}, ${now})
      ON CONFLICT ("emailKey") DO UPDATE SET
        "passwordHash" = excluded."passwordHash", "passwordChangedAt" = excluded."passwordChangedAt",
        "emailVerifiedAt" = coalesce("emailVerifiedAt", excluded."emailVerifiedAt"),
        "status" = 'active', "updatedAt" = excluded."updatedAt"
      RETURNING "id"`;
    const { id } = rows[0]!;
    await this.#grantUserRole(id, now);
    this.accounts.changedElsewhere(id);
    return id;
  }

  async #grantUserRole(userId: string, now: Date): Promise<void> {
    await this.database.execute`
      INSERT INTO "UserRole" ("userId", "roleId", "grantedAt")
      SELECT ${userId}, "id", ${now} FROM "Role" WHERE "name" = 'user'
      ON CONFLICT DO NOTHING`;
  }
}
