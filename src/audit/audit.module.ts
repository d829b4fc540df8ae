import { Global, Module } from '@nestjs/common';
import { Audit } from './audit.js';

/** The audit trail: one line for each change that matters, written with the change itself. */
@Global()
@Module({ providers: [Audit], exports: [Audit] })
export class AuditModule {}
