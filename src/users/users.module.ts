import { Module } from '@nestjs/common';
import { AccountImport } from './account-import.js';
import { Accounts } from './accounts.js';
import { Administrators } from './administrators.js';
import { PermissionObserver } from '../common/access/permission-observer.js';
import { MeController } from './me.controller.js';
import { NewAccounts } from './new-accounts.js';
import { PermissionsController } from './permissions.controller.js';
import { PermissionUses } from './permission-uses.js';
import { RolesController } from './roles.controller.js';
import { RolesService } from './roles.service.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/**
 * Accounts, and what they may do: roles and permissions. Owns the tables User, Role,
 * UserRole and PermissionUse, and the routes /users, /users/me, /users/{id}, /users/{id}/roles, /roles and /permissions.
 * What touches passwords, sessions or mail (inviting, disabling, deleting) is left to auth.
 */
@Module({
  controllers: [MeController, UsersController, RolesController, PermissionsController],
  providers: [
    Accounts,
    AccountImport,
    Administrators,
    NewAccounts,
    PermissionUses,
    { provide: PermissionObserver, useExisting: PermissionUses },
    RolesService,
    UsersService,
  ],
  exports: [
    Accounts,
    AccountImport,
    Administrators,
    NewAccounts,
    PermissionObserver,
    PermissionUses,
    RolesService,
    UsersService,
  ],
})
export class UsersModule {}
