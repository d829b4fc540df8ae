import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../common/access/access.decorators.js';
import { canonicalEmail } from '../../common/email-address.js';
import { Problem } from '../../common/errors/problem.js';
import { OwnHostGuard } from '../../common/http/own-host.guard.js';
import { sendPage } from '../../common/http/page.js';
import { List, type Page, Pagination } from '../../common/http/pagination.js';
import { ApiPage } from '../../openapi/api-page.decorator.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { CapturedMails, type KeptMail } from './captured-mails.js';
import {
  CapturedMailResponse,
  LatestMail,
  LatestMailQuery,
  ListMailQuery,
  toCapturedMailResponse,
  toLatestMail,
} from './dev-mail.dto.js';
import { mailboxPage } from './dev-mail.page.js';
import { DevMailbox } from './dev-mailbox.js';

const SHOWN = 50;

/** The mailbox of a server that has no mail server. There only in development. */
@ApiTags('Development')
@UseGuards(OwnHostGuard)
@Controller('dev/mail')
export class DevMailController {
  constructor(
    private readonly mailbox: DevMailbox,
    private readonly mails: CapturedMails,
    private readonly pagination: Pagination,
  ) {}

  @Get()
  @Public()
  @ApiExcludeEndpoint()
  async page(@Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, mailboxPage(await this.mails.list(undefined, undefined, SHOWN)));
  }

  /** Newest first; the newest 200 are kept. */
  @Get('messages')
  @Public()
  @List()
  @ApiOperation({ operationId: 'listCapturedMail', summary: 'List captured mail' })
  @ApiPage(CapturedMailResponse)
  @ApiProblems('validation_failed', 'not_found')
  async messages(@Query() query: ListMailQuery): Promise<Page<CapturedMailResponse>> {
    const key = keyOf(query.to);
    const page = await this.pagination.page<KeptMail>(query, {
      list: `captured-mail\0${key ?? ''}`,
      rows: (after, take) => this.mails.list(key, after, take),
      keyOf: (mail) => mail.id,
      total: () => this.mails.count(key),
    });
    return { ...page, items: page.items.map(toCapturedMailResponse) };
  }

  /** Waits for a mail that is under way, so that it can be asked for right after what causes it. */
  @Get('latest')
  @Public()
  @ApiOperation({ operationId: 'getLatestCapturedMail', summary: 'Read the newest captured mail' })
  @ApiOkResponse({ type: LatestMail })
  @ApiProblems('validation_failed', 'not_found')
  async latest(
    @Query() query: LatestMailQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LatestMail> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const mail = await this.mailbox.latest(keyOf(query.to), (query.wait ?? 0) * 1000, gone.signal);
    if (mail === undefined)
      throw new Problem('not_found', { detail: 'There is no such mail yet.' });
    return toLatestMail(mail);
  }
}

function keyOf(address: string | undefined): string | undefined {
  return address === undefined ? undefined : canonicalEmail(address);
}
