import type { Config } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { VARIABLES, type Variable, type VariableName } from '../config/variables.js';

/** A variable, what it comes to, and who says so. */
export interface Setting {
  readonly name: VariableName;
  /** As text with its unit; for a secret only whether there is one. */
  readonly value: string;
  readonly source: 'environment' | '.env' | 'file' | 'default';
}

/** Defaults that hang on other settings, as they came out. */
const DECIDED: Partial<Record<VariableName, (config: Config) => string>> = {
  MODE: ({ mode }) => mode,
  HOST: ({ host }) => host,
  PUBLIC_URL: ({ publicUrl }) => publicUrl,
  DATA_DIR: ({ dataDir }) => dataDir,
  DATABASE_URL: ({ databaseFile }) => `file:${databaseFile}`,
  ACCESS_TOKEN_AUDIENCE: ({ accessTokenAudience }) => accessTokenAudience,
  SMTP_TLS: ({ smtpTls }) => smtpTls,
};

/**
 * Every setting with its source.
 *
 * @param env what the process was given
 * @param dotenv what the file .env says; `env` wins over it
 * @param config what both came to; undefined when they came to nothing
 */
export function listSettings(
  env: Environment,
  dotenv: Environment,
  config: Config | undefined,
): Setting[] {
  return (Object.keys(VARIABLES) as VariableName[]).map((name) => {
    const variable: Variable = VARIABLES[name];
    const fromFile = variable.secret && (env[`${name}_FILE`] || dotenv[`${name}_FILE`]);
    const given = env[name] || dotenv[name];
    if (fromFile) return { name, value: `set, from ${fromFile}`, source: 'file' };
    if (given) {
      const value = variable.secret ? 'set' : given;
      return { name, value, source: env[name] ? 'environment' : '.env' };
    }
    const decided = config && DECIDED[name]?.(config);
    return { name, value: decided ?? variable.default ?? 'unset', source: 'default' };
  });
}
