import { Audit } from '../audit/audit.js';
import { OneTimeTokens } from '../auth/one-time-tokens/one-time-tokens.js';
import { Sessions } from '../auth/sessions/sessions.js';
import { TrustedDevices } from '../auth/trusted-devices/trusted-devices.js';
import { restoreBackup } from '../backup/restore.js';
import type { Backup } from '../backup/verify.js';
import { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { withTools } from './tool.js';

/**
 * Restores a backup and says what that means. Unless told otherwise, every session and every link
 * in a mail ends: one that was ended or used after the backup was made would live again.
 */
export async function restore(
  config: Config,
  folder: string,
  { force, keepSessions }: { force: boolean; keepSessions: boolean },
): Promise<void> {
  let ended = 0;
  const prepare = (draft: Config, { manifest, masterKey }: Backup): Promise<void> =>
    withTools(draft, masterKey, async (tools) => {
      if (!keepSessions) {
        ended = await tools.get(Sessions).endEverybodys('restored');
        await tools.get(OneTimeTokens).killEverybodys();
        await tools.get(TrustedDevices).endEverybodys();
      }
      await tools.get(Audit).record({
        type: 'database.restored',
        subject: manifest.id,
        after: { madeAt: manifest.createdAt, sessions: keepSessions ? 'kept' : 'ended' },
      });
    });
  const { backup, aside } = await restoreBackup(folder, config, new Clock().now(), force, prepare);
  const { createdAt } = backup.manifest;
  console.log(`${config.databaseFile} is now as it was at ${createdAt}.`);
  if (aside) console.log(`What was there before: ${aside}`);
  console.log(
    keepSessions
      ? `Sessions stand as they did then: any that was ended since lives again, and whoever has refreshed since has to sign in again.`
      : `${ended} sessions have ended, and links in mails no longer work: people sign in again.`,
  );
  console.log(
    'Passwords, API keys, roles and disabled accounts are as they were then, too: what was changed or ended since has to be done again.',
  );
}
