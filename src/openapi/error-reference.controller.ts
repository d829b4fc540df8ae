import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../common/access/access.decorators.js';
import { sendPage } from '../common/http/page.js';
import { errorReferencePage } from './error-reference.page.js';

/** Where the `type` of every problem answer leads: `/docs/errors#invalid_credentials`. */
@Public()
@ApiExcludeController()
@Controller('docs/errors')
export class ErrorReferenceController {
  @Get()
  page(@Res() reply: FastifyReply): void {
    sendPage(reply, errorReferencePage);
  }
}
