import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentPrincipal,
  Permissions,
  RecentlySignedIn,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { toUserResponse, UpdateUser, UserResponse } from '../../users/user.dto.js';
import { AcceptedResponse } from '../registration/registration.dto.js';
import { InviteUser } from './administration.dto.js';
import { AdministrationService } from './administration.service.js';

/** What administrators do to accounts that touches their passwords, sessions or mail. */
@ApiTags('Users')
@Controller('users')
export class AdministrationController {
  constructor(private readonly administration: AdministrationService) {}

  /**
   * Makes an account whose person gets a mail to set a password. Until then nobody can sign in to
   * it. A registration of the address that nobody has confirmed is taken over. Nobody gives a role
   * with a permission they lack; to give one beside `user` needs a sign-in within the last five
   * minutes.
   *
   * With `service: true` it is a service account instead: it has a name and no address, no mail is
   * sent, and nobody can sign in to it. Make a key for it at `POST /users/{id}/api-keys`.
   */
  @Post()
  @Permissions('users:write')
  @ApiOperation({
    operationId: 'inviteUser',
    summary: 'Invite a person, or make a service account',
  })
  @ApiCreatedResponse({ type: UserResponse })
  @ApiSignedIn(
    'permission_required',
    'recent_login_required',
    'validation_failed',
    'malformed_json',
    'conflict',
  )
  async invite(
    @CurrentPrincipal() caller: Principal,
    @Body() body: InviteUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResponse> {
    const account = body.service
      ? await this.administration.createService(caller, body)
      : await this.administration.invite(caller, body);
    void reply.header('location', `/users/${account.id}`);
    return toUserResponse(account);
  }

  /** Changes the name, or disables and enables. Disabling ends every session at once. */
  @Patch(':id')
  @Permissions('users:write')
  @ApiOperation({ operationId: 'updateUser', summary: 'Change an account' })
  @ApiOkResponse({ type: UserResponse })
  @ApiSignedIn(
    'permission_required',
    'validation_failed',
    'malformed_json',
    'not_found',
    'last_administrator',
  )
  async update(
    @CurrentPrincipal() caller: Principal,
    @Param('id') id: string,
    @Body() body: UpdateUser,
  ): Promise<UserResponse> {
    return toUserResponse(await this.administration.update(caller, id, body));
  }

  /**
   * Deletes the account with its sessions and roles, in force at the next request. The person is
   * told by mail. Needs a sign-in within the last five minutes.
   */
  @Delete(':id')
  @RecentlySignedIn('users:write')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteUser', summary: 'Delete an account' })
  @ApiNoContentResponse()
  @ApiSignedIn('permission_required', 'recent_login_required', 'not_found', 'last_administrator')
  delete(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.administration.delete(caller, id);
  }

  /**
   * Sends the mail again by which an invited person sets a password. The links of earlier ones no
   * longer work. For accounts that have no password yet.
   */
  @Post(':id/invitation')
  @Permissions('users:write')
  @HttpCode(202)
  @ApiOperation({ operationId: 'repeatInvitation', summary: 'Invite a person again' })
  @ApiAcceptedResponse({ type: AcceptedResponse, description: 'The mail is on its way.' })
  @ApiSignedIn('permission_required', 'not_found', 'conflict')
  async repeatInvitation(
    @CurrentPrincipal() caller: Principal,
    @Param('id') id: string,
  ): Promise<AcceptedResponse> {
    await this.administration.repeatInvitation(caller, id);
    return { message: 'The invitation is on its way.' };
  }

  /**
   * Mails the person a link to set a new password. The present one works until then; nobody
   * chooses a password for somebody else.
   */
  @Post(':id/password-reset')
  @Permissions('users:write')
  @HttpCode(202)
  @ApiOperation({ operationId: 'startPasswordReset', summary: 'Send a person a reset link' })
  @ApiAcceptedResponse({ type: AcceptedResponse, description: 'The mail is on its way.' })
  @ApiSignedIn('permission_required', 'not_found', 'conflict')
  async startPasswordReset(
    @CurrentPrincipal() caller: Principal,
    @Param('id') id: string,
  ): Promise<AcceptedResponse> {
    await this.administration.startPasswordReset(caller, id);
    return { message: 'The mail with the link is on its way.' };
  }

  /** Signs the person out everywhere. */
  @Delete(':id/sessions')
  @Permissions('users:write')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endUserSessions', summary: "End all of an account's sessions" })
  @ApiNoContentResponse()
  @ApiSignedIn('permission_required', 'not_found')
  endSessions(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.administration.endSessions(caller, id);
  }
}
