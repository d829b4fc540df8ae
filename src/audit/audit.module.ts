import { Global, Module } from '@nestjs/common';
import { SecurityEvents } from '../common/security-events.js';
import { Audit } from './audit.js';

/**
 * The audit trail: one line for each change that matters, written with the change itself. And
 * {@link SecurityEvents}, which are told and not kept.
 */
@Global()
@Module({ providers: [Audit, SecurityEvents], exports: [Audit, SecurityEvents] })
export class AuditModule {}
