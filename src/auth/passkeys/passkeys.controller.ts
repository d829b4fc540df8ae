import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  CurrentPrincipal,
  DuringEnrolment,
  OptionallySignedIn,
  Public,
  RecentlySignedIn,
  SignedIn,
  SignedInPerson,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { List, ListQuery, type Page } from '../../common/http/pagination.js';
import { ApiAlternatives } from '../../openapi/api-alternatives.decorator.js';
import { ApiPage } from '../../openapi/api-page.decorator.js';
import { ApiProblems, ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { OffersCookieMode } from '../session-cookie/offers-cookie-mode.decorator.js';
import { TokenResponse } from '../tokens/token.dto.js';
import { OwnPasskeysService } from './own-passkeys.service.js';
import { PasskeyRegistrationService } from './passkey-registration.service.js';
import { PasskeySignInService } from './passkey-sign-in.service.js';
import {
  PasskeyAuthenticationOptions,
  PasskeyAuthenticationOptionsRequest,
  PasskeyAuthenticationRequest,
  PasskeyRegistrationOptions,
  PasskeyResponse,
  RegisteredPasskey,
  RegisterPasskeyRequest,
  RenamePasskeyRequest,
} from './passkeys.dto.js';

@ApiTags('Passkeys')
@DuringEnrolment()
@Controller('auth/passkeys')
export class PasskeysController {
  constructor(
    private readonly registration: PasskeyRegistrationService,
    private readonly signIn: PasskeySignInService,
    private readonly ownPasskeys: OwnPasskeysService,
  ) {}

  /**
   * What a browser needs to make a passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON()`.
   * The challenge works once, for five minutes, in this session. Needs a sign-in within the last
   * five minutes.
   */
  @Post('registration/options')
  @RecentlySignedIn()
  @HttpCode(200)
  @ApiOperation({ operationId: 'passkeyRegistrationOptions', summary: 'Begin to add a passkey' })
  @ApiOkResponse({ type: PasskeyRegistrationOptions })
  @ApiSignedIn('recent_login_required', 'conflict')
  registrationOptions(@CurrentPrincipal() caller: Principal): Promise<PasskeyRegistrationOptions> {
    return this.registration.options(caller);
  }

  /**
   * Adds the passkey that a browser made of those options. From then on it signs in alone, and any
   * other sign-in asks for a second factor. With the first factor of the account come its recovery
   * codes, shown this once. The owner is told by mail. Needs a sign-in within the last five minutes.
   */
  @Post('registration')
  @RecentlySignedIn()
  @ApiOperation({ operationId: 'registerPasskey', summary: 'Add a passkey' })
  @ApiCreatedResponse({
    type: RegisteredPasskey,
    headers: { Location: { description: 'Address of the passkey.', schema: { type: 'string' } } },
  })
  @ApiSignedIn('validation_failed', 'recent_login_required', 'conflict', 'database_busy')
  async register(
    @CurrentPrincipal() caller: Principal,
    @Body() body: RegisterPasskeyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredPasskey> {
    const passkey = await this.registration.register(caller, body);
    void reply.header('location', `/auth/passkeys/${passkey.id}`);
    return passkey;
  }

  /**
   * What a browser needs to sign somebody in, for `PublicKeyCredential.parseRequestOptionsFromJSON()`.
   *
   * - Without anything: to sign in with a passkey alone. The browser shows the person which they
   *   have; nobody types a name, and nobody learns who has one.
   * - With `mfa_token`: to use a passkey as the second factor of that sign-in.
   * - With `purpose: reauthenticate`, signed in: for `POST /auth/reauthenticate`.
   *
   * The challenge works once, for five minutes, for that alone.
   */
  @Post('authentication/options')
  @OptionallySignedIn()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'passkeyAuthenticationOptions',
    summary: 'Begin to sign in with a passkey',
  })
  @ApiAlternatives(
    PasskeyAuthenticationOptionsRequest,
    {
      'Sign in': {},
      'Second factor': { mfa_token: 'the mfa_token of the answer mfa_required' },
      'Once more': { purpose: 'reauthenticate' },
    },
    { required: false },
  )
  @ApiOkResponse({ type: PasskeyAuthenticationOptions })
  @ApiSignedIn('validation_failed', 'token_invalid', 'rate_limited')
  authenticationOptions(
    @CurrentPrincipal() caller: Principal | undefined,
    @Body() body: PasskeyAuthenticationOptionsRequest,
    @Req() request: FastifyRequest,
  ): Promise<PasskeyAuthenticationOptions> {
    return this.signIn.options(body, caller, request.refusal);
  }

  /**
   * Begins a session with what a browser answered to those options. A passkey that has seen the
   * person's PIN, finger or face is two factors at once, so no code is asked for. With `mfa_token` it
   * is the second factor of that sign-in.
   */
  @Post('authentication')
  @Public()
  @HttpCode(200)
  @OffersCookieMode()
  @ApiOperation({ operationId: 'passkeyAuthentication', summary: 'Sign in with a passkey' })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(
    'passkey_invalid',
    'token_invalid',
    'email_not_verified',
    'account_disabled',
    'rate_limited',
    'database_busy',
  )
  authenticate(@Body() body: PasskeyAuthenticationRequest): Promise<TokenResponse> {
    return this.signIn.authenticate(body);
  }

  /** Oldest first. */
  @Get()
  @SignedIn()
  @List()
  @ApiOperation({ operationId: 'listPasskeys', summary: 'List own passkeys' })
  @ApiPage(PasskeyResponse)
  @ApiSignedIn('validation_failed')
  list(
    @CurrentPrincipal() caller: Principal,
    @Query() query: ListQuery,
  ): Promise<Page<PasskeyResponse>> {
    return this.ownPasskeys.list(caller, query);
  }

  /** Gives it another name, which nothing but this list shows. */
  @Patch(':id')
  @SignedInPerson()
  @ApiOperation({ operationId: 'renamePasskey', summary: 'Rename a passkey' })
  @ApiOkResponse({ type: PasskeyResponse })
  @ApiSignedIn('validation_failed', 'recent_login_required', 'not_found')
  rename(
    @CurrentPrincipal() caller: Principal,
    @Param('id') id: string,
    @Body() { name }: RenamePasskeyRequest,
  ): Promise<PasskeyResponse> {
    return this.ownPasskeys.rename(caller, id, name);
  }

  /**
   * Removes it: from the next request on it signs nobody in. It stays where it is kept until it is
   * removed there, too. The owner is told by mail. Needs a sign-in within the last five minutes.
   */
  @Delete(':id')
  @RecentlySignedIn()
  @HttpCode(204)
  @ApiOperation({ operationId: 'removePasskey', summary: 'Remove a passkey' })
  @ApiNoContentResponse()
  @ApiSignedIn('not_found', 'recent_login_required', 'database_busy')
  remove(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.ownPasskeys.remove(caller, id);
  }
}
