import { existsSync } from 'node:fs';

/**
 * MODE=development, unless the environment or .env says otherwise. The file is read here as well
 * as by the server: a mode set in it must not lose against our default.
 */
export function developmentUnlessSet() {
  if (existsSync('.env')) process.loadEnvFile('.env');
  process.env.MODE ||= 'development';
}
