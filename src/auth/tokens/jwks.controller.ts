import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/access/access.decorators.js';
import { JWKS_MAX_AGE } from './key.policy.js';
import { JwksResponse } from './jwks.dto.js';
import { SigningKeys } from './signing-keys.js';

@ApiTags('Tokens')
@Controller()
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  /**
   * The public keys of access tokens, for any standard JWT library: the key that signs, the one that
   * will after it, and those whose tokens have not expired yet. Tell them apart by `kid`.
   */
  @Get('.well-known/jwks.json')
  @Public()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE}`)
  @ApiOperation({ operationId: 'getJwks', summary: 'Public keys (RFC 7517)' })
  @ApiOkResponse({ type: JwksResponse })
  jwks(): JwksResponse {
    return { keys: this.keys.publicKeys() };
  }
}
