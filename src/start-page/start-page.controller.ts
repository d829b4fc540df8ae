import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../common/access/access.decorators.js';
import { OwnHostGuard } from '../common/http/own-host.guard.js';
import { sendPage } from '../common/http/page.js';
import { Config } from '../config/config.js';
import { startPage } from './start.page.js';
import { type StartState } from './start-state.js';
import { StartStateService } from './start-state.service.js';
import { steps } from './steps.js';

/** Development only: the page that takes a newcomer through the first five steps. */
@Public()
@ApiExcludeController()
@Controller()
export class StartPageController {
  constructor(
    private readonly config: Config,
    private readonly start: StartStateService,
  ) {}

  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    const url = this.config.publicUrl;
    const captured = this.config.smtpUrl === undefined;
    const state = await this.start.state();
    sendPage(reply, startPage({ url, captured, steps: steps(url, captured), state }));
  }

  /** Asked every second by an open page, so it gets no line in the log. */
  @Get('start/state')
  @UseGuards(OwnHostGuard)
  @RouteConfig({ quiet: true })
  state(): Promise<StartState> {
    return this.start.state();
  }
}
