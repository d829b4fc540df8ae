import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../clock.js';
import { mustBeRecent } from '../../common/access/recent-sign-in.guard.js';
import type { Principal } from '../../common/access/principal.js';
import { canonicalEmail } from '../../common/email-address.js';
import { type FieldError, Problem } from '../../common/errors/problem.js';
import { invalid, missing } from '../../common/http/validation.js';
import { Database } from '../../database/database.js';
import { type DecidedMail, Outbox } from '../../mail/outbox/outbox.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { NewAccounts } from '../../users/new-accounts.js';
import { Administrators } from '../../users/administrators.js';
import { RolesService } from '../../users/roles.service.js';
import type { UpdateUser } from '../../users/user.dto.js';
import { UsersService } from '../../users/users.service.js';
import { Notices } from '../notices/notices.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { PasswordResetMail } from '../password-reset/password-reset.mail.js';
import { RegistrationMail } from '../registration/registration.mail.js';
import { Sessions } from '../sessions/sessions.js';
import type { InviteUser } from './administration.dto.js';

/** Invites, disables, enables and deletes accounts, and ends their sessions. */
@Injectable()
export class AdministrationService {
  constructor(
    private readonly users: UsersService,
    private readonly accounts: Accounts,
    private readonly newAccounts: NewAccounts,
    private readonly administrators: Administrators,
    private readonly roles: RolesService,
    private readonly sessions: Sessions,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly registrationMail: RegistrationMail,
    private readonly passwordResetMail: PasswordResetMail,
    private readonly notices: Notices,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * A registration of the address that nobody confirmed is taken over.
   *
   * @throws Problem conflict when the address has any other account; validation_failed for an
   *   unknown role; permission_required for a role with a permission the caller lacks;
   *   recent_login_required to give one
   */
  async invite(caller: Principal, { email: typed, name, roles }: InviteUser): Promise<Account> {
    const email = typed!.trim();
    const emailKey = canonicalEmail(email)!;
    // Everybody has `user`; any other role goes the same way as PUT /users/{id}/roles.
    if (roles?.some((role) => role !== 'user')) mustBeRecent(caller, this.clock.now());
    return this.database.transaction(async () => {
      const id = await this.newAccounts.createInvited({ email, emailKey, name: name || undefined });
      if (id === undefined) {
        throw new Problem('conflict', { detail: 'There is an account with this address.' });
      }
      // Mails of a registration that was taken over must not confirm or change anything.
      await this.oneTimeTokens.kill(id);
      await this.audit.record({ type: 'user.invited', actor: caller.userId, subject: id });
      if (roles) await this.roles.assign(caller, id, roles);
      const account = (await this.accounts.fresh(id))!;
      await this.#mail(await this.registrationMail.invitation(account), account);
      return account;
    });
  }

  /**
   * Makes an account that no person stands behind.
   *
   * @throws Problem validation_failed when it has an address, no name or an unknown role;
   *   permission_required as for {@link invite}
   */
  async createService(caller: Principal, { email, name, roles }: InviteUser): Promise<Account> {
    const errors = [
      ...(email === undefined ? [] : [noAddress()]),
      ...(name ? [] : [missing('name')]),
    ];
    if (errors.length > 0) throw invalid(errors);
    return this.database.transaction(async () => {
      const id = await this.newAccounts.createService(name!);
      await this.audit.record({
        type: 'service_account.created',
        actor: caller.userId,
        subject: id,
      });
      if (roles) await this.roles.assign(caller, id, roles);
      return (await this.accounts.fresh(id))!;
    });
  }

  /**
   * @throws Problem not_found or last_administrator; permission_required when the account holds a
   *   permission the caller lacks: nobody takes away what they do not hold themselves
   */
  async update(caller: Principal, id: string, { name, status }: UpdateUser): Promise<Account> {
    return this.administrators.keepingOne(async () => {
      const before = await this.users.updateProfile(
        caller.userId,
        id,
        name === undefined ? {} : { name },
      );
      if (status === undefined || status === before.status) return before;
      await this.roles.mustHold(caller, [...before.permissions]);
      await this.accounts.update(id, { status });
      if (status === 'disabled') {
        await this.oneTimeTokens.kill(id);
        await this.sessions.endAll(id, 'account_disabled', caller.userId);
      }
      await this.audit.record({
        type: status === 'disabled' ? 'user.disabled' : 'user.enabled',
        actor: caller.userId,
        subject: id,
      });
      return (await this.accounts.fresh(id))!;
    });
  }

  /**
   * Deletes an account, and tells its person by mail.
   *
   * @throws Problem not_found, last_administrator, or permission_required as for {@link update}
   */
  async delete(caller: Principal, id: string): Promise<void> {
    await this.administrators.keepingOne(async () => {
      const account = await this.#existing(id);
      await this.roles.mustHold(caller, [...account.permissions]);
      await this.sessions.endAll(id, 'account_deleted', caller.userId);
      await this.accounts.delete(id);
      await this.audit.record({ type: 'user.deleted', actor: caller.userId, subject: id });
      // Mails with links that lead nowhere now, and who got what when.
      await this.outbox.forget(account.emailKey);
      // An address that nobody has confirmed may be that of somebody who knows of no account.
      if (account.emailVerifiedAt) await this.notices.accountDeleted(account);
    });
  }

  /** @throws Problem not_found; conflict when there is nothing to invite to any more */
  async repeatInvitation(caller: Principal, id: string): Promise<void> {
    await this.database.transaction(async () => {
      const account = await this.#reachable(id);
      if (account.passwordHash !== null) {
        throw new Problem('conflict', { detail: 'The person has set a password already.' });
      }
      await this.#mail(await this.registrationMail.invitation(account), account);
      await this.audit.record({ type: 'invitation.repeated', actor: caller.userId, subject: id });
    });
  }

  /** @throws Problem not_found; conflict when there is no password to replace */
  async startPasswordReset(caller: Principal, id: string): Promise<void> {
    await this.database.transaction(async () => {
      const account = await this.#reachable(id);
      if (account.passwordHash === null) {
        throw new Problem('conflict', {
          detail: 'The person has no password yet: repeat the invitation.',
        });
      }
      await this.#mail(await this.passwordResetMail.resetLink(account), account);
      await this.audit.record({
        type: 'password.reset_started',
        actor: caller.userId,
        subject: id,
      });
    });
  }

  /** As it is in the database now. */
  async #existing(id: string): Promise<Account> {
    await this.users.get(id);
    const account = await this.accounts.fresh(id);
    if (!account) throw new Problem('not_found');
    return account;
  }

  /** An account that can be mailed a link: one that may sign in with what the link sets. */
  async #reachable(id: string): Promise<Account> {
    const account = await this.#existing(id);
    if (account.status === 'disabled') {
      throw new Problem('conflict', { detail: 'The account is disabled.' });
    }
    if (account.serviceAccount) {
      throw new Problem('conflict', {
        detail: 'A service account has neither mailbox nor password.',
      });
    }
    return account;
  }

  #mail({ template, recipient, data }: DecidedMail, { emailKey }: Account): Promise<void> {
    return this.outbox.send(template, recipient, emailKey, data);
  }

  /** @throws Problem not_found, or permission_required as for {@link update} */
  async endSessions(caller: Principal, id: string): Promise<void> {
    await this.database.transaction(async () => {
      const { permissions } = await this.users.get(id);
      await this.roles.mustHold(caller, [...permissions]);
      await this.sessions.endAll(id, 'ended_by_administrator', caller.userId);
    });
  }
}

function noAddress(): FieldError {
  return {
    pointer: '/email',
    code: 'not_allowed',
    detail: 'A service account has no address: leave email out.',
  };
}
