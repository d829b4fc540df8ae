import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AccessReviewModule } from '../access-review/access-review.module.js';
import { ClosedByDefault } from '../common/access/closed-by-default.js';
import { RolesGuard } from '../common/access/roles.guard.js';
import { ServicesModule } from '../services/services.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountLimitsController } from './administration/account-limits.controller.js';
import { AccountLimitsService } from './administration/account-limits.service.js';
import { AdministrationController } from './administration/administration.controller.js';
import { AdministrationService } from './administration/administration.service.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { UserApiKeysController } from './api-keys/user-api-keys.controller.js';
import { EmailChangeController } from './email-change/email-change.controller.js';
import { EmailChangeMail } from './email-change/email-change.mail.js';
import { EmailChangeService } from './email-change/email-change.service.js';
import { EmailVerificationController } from './email-verification/email-verification.controller.js';
import { EmailVerificationService } from './email-verification/email-verification.service.js';
import { GatewayController } from './gateway/gateway.controller.js';
import { GatewayService } from './gateway/gateway.service.js';
import { FailedBursts } from './login/failed-bursts.js';
import { LoginController } from './login/login.controller.js';
import { LoginService } from './login/login.service.js';
import { SignInService } from './login/sign-in.service.js';
import { Notices } from './notices/notices.js';
import { NotMeController } from './notices/not-me.controller.js';
import { NotMeService } from './notices/not-me.service.js';
import { OneTimeTokens } from './one-time-tokens/one-time-tokens.js';
import { AccountExporter } from './own-account/account-export.js';
import { FarewellService } from './own-account/farewell.service.js';
import { OwnAccountController } from './own-account/own-account.controller.js';
import { CurrentPassword } from './password/current-password.js';
import { DeviceCookie } from './password/device-cookie.js';
import { KnownPlaces } from './password/known-places.js';
import { PasswordCheck } from './password/password-check.js';
import { PasswordHasher } from './password/password-hasher.js';
import { Passwords } from './password/passwords.js';
import { PasswordChangeController } from './password-change/password-change.controller.js';
import { PasswordChangeService } from './password-change/password-change.service.js';
import { PasswordResetController } from './password-reset/password-reset.controller.js';
import { PasswordResetMail } from './password-reset/password-reset.mail.js';
import { PasswordResetService } from './password-reset/password-reset.service.js';
import { RegistrationController } from './registration/registration.controller.js';
import { RegistrationMail } from './registration/registration.mail.js';
import { RegistrationService } from './registration/registration.service.js';
import { ApiKeyStrategy } from './schemes/api-key.strategy.js';
import { Passkeys } from './passkeys/passkeys.js';
import { AuthenticationGuard } from './schemes/authentication.guard.js';
import { BasicSuccesses } from './schemes/basic-successes.js';
import { BasicStrategy } from './schemes/basic.strategy.js';
import { JwtStrategy } from './schemes/jwt.strategy.js';
import { StandingCheck } from './schemes/standing.js';
import { MfaChallenges } from './second-factor/challenges.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { CookieModeInterceptor } from './session-cookie/cookie-mode.interceptor.js';
import { CookieSessions } from './session-cookie/cookie-sessions.js';
import { SessionCookie } from './session-cookie/session-cookie.js';
import { IntrospectionService } from './services/introspection.service.js';
import { RevocationService } from './services/revocation.service.js';
import { RevocationFeedController } from './services/revocation-feed.controller.js';
import { RevocationFeed } from './services/revocation-feed.js';
import { ServiceCredentials } from './services/service-credentials.js';
import { TokenQueriesController } from './services/token-queries.controller.js';
import { EndedSessions } from './sessions/ended-sessions.js';
import { OwnSessionsService } from './sessions/own-sessions.service.js';
import { RefreshService } from './sessions/refresh.service.js';
import { Sessions } from './sessions/sessions.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { TokenIssuer } from './sessions/token-issuer.js';
import { AdministratorMaker } from './setup/administrator-maker.js';
import { SetupController } from './setup/setup.controller.js';
import { SetupLink } from './setup/setup-link.js';
import { SetupService } from './setup/setup.service.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { JwksController } from './tokens/jwks.controller.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { SigningKeyStore } from './tokens/signing-key-store.js';
import { SigningKeys } from './tokens/signing-keys.js';
import { OwnTrustedDevicesService } from './trusted-devices/own-trusted-devices.service.js';
import { TrustedDeviceCookie } from './trusted-devices/trusted-device-cookie.js';
import { TrustedDevices } from './trusted-devices/trusted-devices.js';
import { TrustedDevicesController } from './trusted-devices/trusted-devices.controller.js';
import { SignedStatements } from './tokens/signed-statements.js';
import { TokenGrants } from './tokens/token-grants.js';

/**
 * How people prove who they are and stay signed in: registration, sign-in, sessions, tokens. Owns
 * the tables Session, EndedSession, OneTimeToken, MfaChallenge and SigningKey, the routes under /auth, and the two guards in
 * front of every route. Accounts and roles it asks of users, mails of mail.
 */
@Module({
  imports: [
    UsersModule,
    ServicesModule,
    AccessReviewModule,
    ApiKeysModule,
    PassportModule,
    JwtModule.register({}),
    DiscoveryModule,
  ],
  controllers: [
    RegistrationController,
    EmailVerificationController,
    PasswordResetController,
    PasswordChangeController,
    EmailChangeController,
    OwnAccountController,
    LoginController,
    SessionsController,
    JwksController,
    GatewayController,
    TokenQueriesController,
    RevocationFeedController,
    AdministrationController,
    ApiKeysController,
    UserApiKeysController,
    AccountLimitsController,
    SetupController,
    NotMeController,
    TrustedDevicesController,
  ],
  providers: [
    ClosedByDefault,
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
    JwtStrategy,
    BasicStrategy,
    BasicSuccesses,
    ApiKeyStrategy,
    StandingCheck,
    RegistrationService,
    RegistrationMail,
    EmailVerificationService,
    PasswordResetService,
    PasswordResetMail,
    CurrentPassword,
    PasswordChangeService,
    EmailChangeService,
    EmailChangeMail,
    AccountExporter,
    FarewellService,
    OneTimeTokens,
    TrustedDevices,
    TrustedDeviceCookie,
    OwnTrustedDevicesService,
    Notices,
    NotMeService,
    PasswordHasher,
    PasswordCheck,
    DeviceCookie,
    KnownPlaces,
    Passwords,
    LoginService,
    SignInService,
    Passkeys,
    MfaChallenges,
    SecondFactors,
    FailedBursts,
    GatewayService,
    Sessions,
    EndedSessions,
    OwnSessionsService,
    RefreshService,
    SessionCookie,
    CookieSessions,
    CookieModeInterceptor,
    TokenIssuer,
    TokenGrants,
    AccessTokens,
    RefreshTokens,
    SigningKeys,
    SignedStatements,
    ServiceCredentials,
    IntrospectionService,
    RevocationService,
    RevocationFeed,
    SigningKeyStore,
    AdministrationService,
    ApiKeysService,
    AccountLimitsService,
    AdministratorMaker,
    SetupService,
    SetupLink,
  ],
  exports: [
    CurrentPassword,
    MfaChallenges,
    SecondFactors,
    SignInService,
    TrustedDevices,
    Sessions,
    SessionCookie,
    CookieSessions,
    EndedSessions,
    OneTimeTokens,
    Notices,
    Passkeys,
    PasswordHasher,
    SigningKeys,
    SigningKeyStore,
    SetupService,
    StandingCheck,
  ],
})
export class AuthModule {}
