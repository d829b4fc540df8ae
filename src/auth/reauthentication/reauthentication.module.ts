import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module.js';
import { AuthModule } from '../auth.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { ReauthenticationController } from './reauthentication.controller.js';
import { ReauthenticationService } from './reauthentication.service.js';
import { RecentSignIns } from './recent-sign-ins.js';

/**
 * Proves again who is signed in, for what `@RecentlySignedIn()` guards. Owns the route
 * /auth/reauthenticate. Each way to do so ends in RecentSignIns.
 */
@Module({
  imports: [AuthModule, PasskeysModule, SecondFactorModule, UsersModule],
  controllers: [ReauthenticationController],
  providers: [ReauthenticationService, RecentSignIns],
})
export class ReauthenticationModule {}
