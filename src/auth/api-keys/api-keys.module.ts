import { Global, Module } from '@nestjs/common';
import { ReviewedApiKeys } from '../../access-review/reviewed-api-keys.js';
import { UsersModule } from '../../users/users.module.js';
import { ApiKeyCheck } from './api-key-check.js';
import { ApiKeyLimit } from './api-key-limit.js';
import { ApiKeyUses } from './api-key-uses.js';
import { ApiKeys } from './api-keys.js';

/**
 * What an API key is and whether it lets somebody in. Owns the table ApiKey. Its routes,
 * /auth/api-keys and /users/{id}/api-keys, belong to AuthModule, because making one sends a notice.
 * Global for the access review's sake, which lists keys and knows nothing of auth.
 */
@Global()
@Module({
  imports: [UsersModule],
  providers: [
    ApiKeys,
    { provide: ReviewedApiKeys, useExisting: ApiKeys },
    ApiKeyUses,
    ApiKeyLimit,
    ApiKeyCheck,
  ],
  exports: [ApiKeys, ReviewedApiKeys, ApiKeyCheck],
})
export class ApiKeysModule {}
