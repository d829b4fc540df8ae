import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/access/access.decorators.js';
import { LimitedBy } from '../../common/http/limits/limited-by.decorator.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { AcceptedResponse, RegisterRequest } from './registration.dto.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('Registration')
@Controller('auth/register')
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /**
   * Asks for an account. A mail with a link and a code confirms the address; until then nobody can
   * sign in. Registering again before that replaces the earlier password and mail. A known address
   * gets the same answer, and its owner a mail.
   */
  @Post()
  @Public()
  @LimitedBy('register')
  @HttpCode(202)
  @ApiOperation({ operationId: 'register', summary: 'Register' })
  @ApiAcceptedResponse({ type: AcceptedResponse })
  @ApiProblems(
    'validation_failed',
    'password_rejected',
    'rate_limited',
    'overloaded',
    'database_busy',
  )
  async register(@Body() body: RegisterRequest): Promise<AcceptedResponse> {
    await this.registration.register(body);
    return { message: 'If this address can be used, a mail is on its way.' };
  }
}
