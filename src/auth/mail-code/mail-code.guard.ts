import { type CanActivate, Injectable } from '@nestjs/common';
import { Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';

/** Without MAIL_CODE_LOGIN there is nothing here. */
@Injectable()
export class MailCodeGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  /** @throws Problem not_found */
  canActivate(): boolean {
    if (!this.config.mailCodeLogin) throw new Problem('not_found');
    return true;
  }
}
