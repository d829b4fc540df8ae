import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../common/access/access.decorators.js';
import { sendPage } from '../common/http/page.js';
import { neutralPage } from '../pages/neutral.page.js';

/** Production: a first page that tells nothing. */
@Public()
@ApiExcludeController()
@Controller()
export class NeutralPageController {
  @Get()
  page(@Res() reply: FastifyReply): void {
    sendPage(reply, neutralPage);
  }
}
