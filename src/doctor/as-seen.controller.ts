import { Controller, Get, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../clock.js';
import { Public } from '../common/access/access.decorators.js';
import { MasterKey } from '../common/crypto/master-key.js';
import { Problem } from '../common/errors/problem.js';
import { currentAddress } from '../common/http/request-context.js';
import type { AsSeenResponse } from './as-seen.dto.js';
import { isProof, PROOF_HEADER } from './doctor-proof.js';

/** Answers `npm run doctor -- --url`, and nobody else: the request proves to know the master key. */
@Controller('doctor')
@ApiExcludeController()
export class AsSeenController {
  constructor(
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem not_found without a proof: there is nothing here for anybody else */
  @Get('as-seen')
  @Public()
  asSeen(@Req() request: FastifyRequest): AsSeenResponse {
    if (!isProof(this.masterKey, request.headers[PROOF_HEADER], this.clock.now())) {
      throw new Problem('not_found');
    }
    return {
      ip: currentAddress(),
      protocol: request.protocol,
      host: request.host,
      forwarded: request.headers['x-forwarded-for'] !== undefined,
    };
  }
}
