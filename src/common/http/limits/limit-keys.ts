import { Injectable } from '@nestjs/common';
import { MasterKey } from '../../crypto/master-key.js';

const LENGTH = 22;

/**
 * Names of what is counted, as they stand in the database: MACs, so that neither the addresses
 * strangers type nor the networks people come from can be read there.
 */
@Injectable()
export class LimitKeys {
  constructor(private readonly masterKey: MasterKey) {}

  /** Stands for an address, known or not. @param emailKey canonical address */
  account(emailKey: string): string {
    return this.of('account', emailKey);
  }

  of(...parts: string[]): string {
    return this.masterKey.mac('limit-key', parts.join('\0')).toString('base64url').slice(0, LENGTH);
  }
}
