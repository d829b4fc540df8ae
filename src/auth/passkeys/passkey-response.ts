import type { Passkey } from './passkeys.js';
import type { PasskeyDescriptor, PasskeyResponse } from './passkeys.dto.js';

export function toPasskeyResponse(passkey: Passkey): PasskeyResponse {
  const { id, transports } = descriptorOf(passkey);
  return {
    id: passkey.id,
    name: passkey.name,
    credentialId: id,
    transports,
    backupEligible: passkey.backupEligible,
    backedUp: passkey.backedUp,
    createdAt: passkey.createdAt,
    lastUsedAt: passkey.lastUsedAt,
  };
}

/** As options name it to a browser. */
export function descriptorOf({ credentialId, transports }: Passkey): PasskeyDescriptor {
  return {
    id: Buffer.from(credentialId).toString('base64url'),
    type: 'public-key',
    transports: transports === '' ? [] : transports.split(' '),
  };
}
