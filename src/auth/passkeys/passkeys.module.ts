import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module.js';
import { AuthModule } from '../auth.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { OwnPasskeysService } from './own-passkeys.service.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { PasskeyProof } from './passkey-proof.js';
import { PasskeyRegistrationService } from './passkey-registration.service.js';
import { PasskeySignInService } from './passkey-sign-in.service.js';
import { PasskeysController } from './passkeys.controller.js';
import { RelyingParty } from './relying-party.js';

/**
 * Passkeys (WebAuthn), as the only factor or as the second. Owns the tables Passkey and
 * SpentPasskeyChallenge and the routes under /auth/passkeys. Whether somebody may sign in, and what
 * follows when a factor comes or goes, it leaves to auth and second-factor.
 */
@Module({
  imports: [AuthModule, SecondFactorModule, UsersModule],
  controllers: [PasskeysController],
  providers: [
    PasskeyChallenges,
    PasskeyProof,
    PasskeyRegistrationService,
    PasskeySignInService,
    OwnPasskeysService,
    RelyingParty,
  ],
  exports: [PasskeyChallenges, PasskeyProof],
})
export class PasskeysModule {}
