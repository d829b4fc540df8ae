import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module.js';
import { AuthModule } from '../auth.module.js';
import { LoginTokens } from './login-token.js';
import { MailCodeController } from './mail-code.controller.js';
import { MailCodeMail } from './mail-code.mail.js';
import { MailCodeService } from './mail-code.service.js';

/**
 * Sign-in without a password, by a code that is mailed; off unless MAIL_CODE_LOGIN says so. Owns
 * the routes under /auth/login/code and no table: codes are one-time tokens, and what follows a
 * right one is for the sign-in.
 */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [MailCodeController],
  providers: [MailCodeService, MailCodeMail, LoginTokens],
})
export class MailCodeModule {}
