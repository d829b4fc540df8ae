import type { Config } from '../../config/config.js';
import { ConfigError } from '../../config/load-config.js';
import { refusals } from '../password/passwords.js';

/**
 * Looks at ADMIN_PASSWORD with the eyes of the password policy.
 *
 * @throws ConfigError with every reason against it
 */
export async function assertFirstAdministrator(config: Config): Promise<void> {
  if (!config.firstAdministrator) return;
  const { email, password } = config.firstAdministrator;
  const errors = await refusals(password, { email, name: null }, config, '');
  if (errors.length === 0) return;
  throw new ConfigError([
    {
      variable: 'ADMIN_PASSWORD',
      problem: `cannot be used: ${errors.map((error) => error.detail.replace(/\.$/, '')).join('; ')}`,
      example:
        'ADMIN_PASSWORD_FILE=/run/secrets/admin-password, with several unrelated words in it',
    },
  ]);
}
