import { Global, Module } from '@nestjs/common';
import { Audit } from './audit.js';
import { ChainCheck } from './chain-check.js';
import { OlderLines } from './older-lines.js';
import { AuditRetention } from './retention.js';
import { Trail } from './trail.js';

/**
 * The audit trail: one line for each change that matters, written with the change itself, each bound
 * to the one before (docs/decisions/0010-audit-chain.md). Owns the tables AuditEvent and
 * AuditCheckpoint. The routes that show it are in audit-trail.
 */
@Global()
@Module({
  providers: [Audit, Trail, ChainCheck, AuditRetention, OlderLines],
  exports: [Audit, Trail, ChainCheck, AuditRetention, OlderLines],
})
export class AuditModule {}
