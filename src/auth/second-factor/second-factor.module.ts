import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module.js';
import { AuthModule } from '../auth.module.js';
import { AccountFactorsController } from './account-factors.controller.js';
import { AccountFactorsService } from './account-factors.service.js';
import { Enrolments } from './enrolments.js';
import { FactorProof } from './factor-proof.js';
import { MfaController } from './mfa.controller.js';
import { OwnFactorsService } from './own-factors.service.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpFactors } from './totp-factors.js';
import { TotpService } from './totp.service.js';
import { VerificationService } from './verification.service.js';

/**
 * What is proved beside a password: codes of an authenticator app, and recovery codes. Owns the
 * tables TotpFactor and RecoveryCode and the routes under /auth/mfa, and
 * /users/{id}/mfa. Passkeys are a factor of their
 * own module; that a sign-in has come half way is known to challenges.ts, which auth itself asks.
 */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [MfaController, AccountFactorsController],
  providers: [
    AccountFactorsService,
    Enrolments,
    FactorProof,
    OwnFactorsService,
    RecoveryCodes,
    TotpFactors,
    TotpService,
    VerificationService,
  ],
  exports: [Enrolments, FactorProof, RecoveryCodes, TotpFactors],
})
export class SecondFactorModule {}
