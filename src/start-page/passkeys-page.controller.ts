import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../common/access/access.decorators.js';
import { sendPage } from '../common/http/page.js';
import { passkeysPage } from '../pages/passkeys.page.js';

/** Development only: a page that uses passkeys, which the API documentation cannot. */
@Public()
@ApiExcludeController()
@Controller('docs/passkeys')
export class PasskeysPageController {
  @Get()
  page(@Res() reply: FastifyReply): void {
    sendPage(reply, passkeysPage);
  }
}
