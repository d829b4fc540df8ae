import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalEmail } from '../common/email-address.js';
import type { Config } from './config.js';
import type { Environment } from './environment.js';
import * as parse from './parsers.js';
import { readTlsFiles, type TlsFiles, TlsFilesError } from './tls-files.js';
import { VARIABLES, type Variable, type VariableName } from './variables.js';

/** One thing wrong with the environment: "NAME problem". */
export interface ConfigFault {
  variable: string;
  problem: string;
  example: string;
}

/** Every fault at once; `message` is ready to be shown. */
export class ConfigError extends Error {
  constructor(readonly faults: ConfigFault[]) {
    super(
      faults
        .map((fault) => `${fault.variable} ${fault.problem}. Example: ${fault.example}`)
        .join('\n'),
    );
  }
}

/**
 * Reads the environment into a {@link Config}. Writes nothing.
 *
 * @param env variables by name, as in `process.env`
 * @param cwd folder that relative paths start from
 * @throws ConfigError naming all faults, not only the first
 */
export function loadConfig(env: Environment, cwd: string): Config {
  const reader = new Reader(env, cwd);
  const { read, fault } = reader;

  const mode = read('MODE', parse.oneOf('development', 'production')) ?? 'production';
  const production = mode === 'production';

  const port = read('PORT', parse.integer(0, 65535)) ?? 3000;
  const tls = readTls(reader);
  const publicUrl = read('PUBLIC_URL', parse.origin);
  if (production && !reader.given('PUBLIC_URL')) fault('PUBLIC_URL', 'is required in production');
  if (production && publicUrl?.startsWith('http:')) {
    fault('PUBLIC_URL', 'must begin with https:// in production');
  } else if (tls && publicUrl?.startsWith('http:')) {
    fault('PUBLIC_URL', 'must begin with https:// when TLS_CERT_FILE is set');
  }
  const here = `${tls ? 'https' : 'http'}://localhost:${port}`;

  const dataDir = resolve(cwd, reader.text('DATA_DIR') ?? './data');
  const databaseFile = read('DATABASE_URL', (text) => sqliteFile(text, cwd));

  const smtpUrl = read('SMTP_URL', parse.smtpUrl);
  if (production && !reader.given('SMTP_URL')) {
    fault('SMTP_URL', 'is required in production: without it no mail could be sent');
  }
  const mailFrom = read('MAIL_FROM', parse.mailbox);
  if ((production || reader.given('SMTP_URL')) && !reader.given('MAIL_FROM')) {
    fault('MAIL_FROM', 'is required with SMTP_URL');
  }

  const adminEmail = read('ADMIN_EMAIL', (text) => {
    if (canonicalEmail(text) === undefined) throw new Error('must be an e-mail address');
    return text;
  });
  const adminPassword = reader.text('ADMIN_PASSWORD');
  if (adminEmail && adminPassword === undefined && !reader.given('ADMIN_PASSWORD')) {
    fault('ADMIN_PASSWORD', 'is required when ADMIN_EMAIL is set');
  }
  if (adminPassword !== undefined && !reader.given('ADMIN_EMAIL')) {
    fault('ADMIN_EMAIL', 'is required when ADMIN_PASSWORD is set');
  }

  const accessTokenTtl = read('ACCESS_TOKEN_TTL', parse.duration()) ?? 900_000;
  const sessionIdleTtl = read('SESSION_IDLE_TTL', parse.duration()) ?? 14 * 86_400_000;
  const sessionTtl = read('SESSION_TTL', parse.duration()) ?? 90 * 86_400_000;
  if (accessTokenTtl > sessionIdleTtl) {
    fault('ACCESS_TOKEN_TTL', 'must not be longer than SESSION_IDLE_TTL');
  }
  if (sessionIdleTtl > sessionTtl) {
    fault('SESSION_IDLE_TTL', 'must not be longer than SESSION_TTL');
  }

  const bcryptCost = read('BCRYPT_COST', parse.integer(4, 15)) ?? 10;
  if (bcryptCost < 10 && (production || bcryptCost !== 4)) {
    fault('BCRYPT_COST', production ? 'must be 10 to 15 in production' : 'must be 10 to 15, or 4');
  }
  const rateLimits = read('RATE_LIMITS', parse.oneOf('on', 'off')) !== 'off';
  if (production && !rateLimits) fault('RATE_LIMITS', 'may be off in development only');

  const metricsPort = read('METRICS_PORT', parse.integer(0, 65535));
  if (metricsPort !== undefined && metricsPort !== 0 && metricsPort === port) {
    fault('METRICS_PORT', 'must not be the same as PORT');
  }

  const webhookUrl = read('WEBHOOK_URL', parse.webhookUrl(production));
  const webhookKey = read('WEBHOOK_SECRET', parse.webhookSecret);
  if (webhookUrl && !reader.given('WEBHOOK_SECRET')) {
    fault('WEBHOOK_SECRET', 'is required when WEBHOOK_URL is set');
  }
  if (webhookKey && !reader.given('WEBHOOK_URL')) {
    fault('WEBHOOK_URL', 'is required when WEBHOOK_SECRET is set');
  }

  const config: Config = {
    mode,
    host: read('HOST', parse.host) ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port,
    publicUrl: publicUrl ?? here,
    dataDir,
    databaseFile: databaseFile ?? resolve(dataDir, 'latchkey.db'),
    masterKey: read('MASTER_KEY', parse.masterKey),
    masterKeyNew: read('MASTER_KEY_NEW', parse.masterKey),
    smtpUrl,
    smtpTls:
      read('SMTP_TLS', parse.oneOf('required', 'opportunistic')) ??
      (production && !isLoopback(smtpUrl) ? 'required' : 'opportunistic'),
    mailFrom: mailFrom ?? 'Latchkey <no-reply@localhost>',
    firstAdministrator:
      adminEmail && adminPassword !== undefined
        ? { email: adminEmail, password: adminPassword }
        : undefined,
    accessTokenTtl,
    accessTokenAudience: reader.text('ACCESS_TOKEN_AUDIENCE') ?? publicUrl ?? here,
    jwtAlgorithm: read('JWT_ALGORITHM', parse.oneOf('ES256', 'RS256')) ?? 'ES256',
    keyRotation: read('KEY_ROTATION', parse.rotation) ?? 90 * 86_400_000,
    sessionIdleTtl,
    sessionTtl,
    refreshGrace: read('REFRESH_GRACE', parse.duration(0, 60_000)) ?? 10_000,
    emailTokenTtl: read('EMAIL_TOKEN_TTL', parse.duration()) ?? 86_400_000,
    passwordResetTtl: read('PASSWORD_RESET_TTL', parse.duration()) ?? 1_800_000,
    bcryptCost,
    passwordMinLength: read('PASSWORD_MIN_LENGTH', parse.integer(8, 64)) ?? 8,
    passwordClasses:
      read('PASSWORD_CLASSES', parse.subsetOf('lower', 'upper', 'digit', 'symbol')) ?? [],
    breachedPasswordsFile: read('BREACHED_PASSWORDS_FILE', (text) => resolve(cwd, text)),
    tls,
    mailCodeLogin: read('MAIL_CODE_LOGIN', parse.oneOf('on', 'off')) === 'on',
    corsOrigins: read('CORS_ORIGINS', parse.origins) ?? [],
    mfaRequiredRoles: read('MFA_REQUIRED_ROLES', parse.roleNames) ?? (production ? ['admin'] : []),
    trustProxy: read('TRUST_PROXY', parse.trustProxy) ?? 0,
    rateLimits,
    limits: {
      general: read('LIMIT_GENERAL', parse.rate) ?? parse.rate(VARIABLES.LIMIT_GENERAL.default),
      register: read('LIMIT_REGISTER', parse.rate) ?? parse.rate(VARIABLES.LIMIT_REGISTER.default),
      mail: read('LIMIT_MAIL', parse.rate) ?? parse.rate(VARIABLES.LIMIT_MAIL.default),
      login: read('LIMIT_LOGIN', parse.rate) ?? parse.rate(VARIABLES.LIMIT_LOGIN.default),
      token: read('LIMIT_TOKEN', parse.rate) ?? parse.rate(VARIABLES.LIMIT_TOKEN.default),
      apiKey: read('LIMIT_API_KEY', parse.rate) ?? parse.rate(VARIABLES.LIMIT_API_KEY.default),
    },
    auditRetention: read('AUDIT_RETENTION', parse.zeroOr(parse.duration())) ?? 400 * 86_400_000,
    metricsToken: read('METRICS_TOKEN', parse.token),
    metricsPort,
    webhook: webhookUrl && webhookKey ? { url: webhookUrl, key: webhookKey } : undefined,
    poolThreads: Number(env.UV_THREADPOOL_SIZE) || 4, // Node's own; it takes what is no number for 4
    logLevel:
      read('LOG_LEVEL', parse.oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent')) ?? 'info',
  };
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  return config;
}

/** Takes one variable at a time, and remembers what is wrong instead of stopping at it. */
class Reader {
  readonly faults: ConfigFault[] = [];
  readonly #fromFile = new Map<string, string | undefined>();

  constructor(
    private readonly env: Environment,
    private readonly cwd: string,
  ) {}

  /** The absolute path that a variable names. */
  path(name: VariableName): string | undefined {
    const text = this.text(name);
    return text && resolve(this.cwd, text);
  }

  /** True when the variable (or its NAME_FILE) is set, also to something that is no good. */
  given(name: VariableName): boolean {
    return this.#set(name) || (isSecret(name) && this.#set(`${name}_FILE`));
  }

  /** The variable's text; undefined when it is unset or empty. */
  text(name: VariableName): string | undefined {
    if (!isSecret(name) || !this.#set(`${name}_FILE`)) return this.env[name] || undefined;
    if (!this.#fromFile.has(name)) this.#fromFile.set(name, this.#readFile(name));
    return this.#fromFile.get(name);
  }

  readonly read = <Value>(
    name: VariableName,
    parser: (text: string) => Value,
  ): Value | undefined => {
    // An empty key would otherwise silently mean "make one"; all other empty values mean unset.
    if (name === 'MASTER_KEY') {
      if (this.env.MASTER_KEY === '') this.fault(name, 'is empty');
      if (this.env.MASTER_KEY_FILE === '')
        this.fault(name, 'would come from MASTER_KEY_FILE, which is empty');
    }
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      return parser(text);
    } catch (error) {
      this.fault(name, (error as Error).message);
      return undefined;
    }
  };

  readonly fault = (name: VariableName, problem: string): void => {
    this.faults.push({ variable: name, problem, example: showExample(name) });
  };

  #set(name: string): boolean {
    return this.env[name] !== undefined && this.env[name] !== '';
  }

  #readFile(name: VariableName): string | undefined {
    const variable = `${name}_FILE`;
    if (this.#set(name)) {
      this.fault(name, `and ${variable} are both set: keep one`);
      return undefined;
    }
    const example = `${variable}=/run/secrets/${name.toLowerCase().replaceAll('_', '-')}`;
    try {
      const text = readFileSync(resolve(this.cwd, this.env[variable]!), 'utf8').replace(
        /\r?\n$/,
        '',
      );
      if (text === '') this.faults.push({ variable, problem: 'names an empty file', example });
      return text || undefined;
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      this.faults.push({
        variable,
        problem: `names a file that cannot be read (${reason})`,
        example,
      });
      return undefined;
    }
  }
}

/** Both files, or none; they are read and tried here, so that nothing is begun with others. */
function readTls(reader: Reader): TlsFiles | undefined {
  const certFile = reader.path('TLS_CERT_FILE');
  const keyFile = reader.path('TLS_KEY_FILE');
  if (certFile && !keyFile) reader.fault('TLS_KEY_FILE', 'is required when TLS_CERT_FILE is set');
  if (keyFile && !certFile) reader.fault('TLS_CERT_FILE', 'is required when TLS_KEY_FILE is set');
  if (!certFile || !keyFile) return undefined;
  try {
    readTlsFiles({ certFile, keyFile });
  } catch (error) {
    if (!(error instanceof TlsFilesError)) throw error;
    reader.fault(error.variable, error.message);
  }
  return { certFile, keyFile };
}

function isSecret(name: VariableName): boolean {
  return (VARIABLES[name] as Variable).secret === true;
}

function showExample(name: VariableName): string {
  const { example } = VARIABLES[name];
  return example.includes('=') || example.includes(': ') ? example : `${name}=${example}`;
}

function sqliteFile(text: string, cwd: string): string {
  if (!text.startsWith('file:') || text.length === 5) {
    throw new Error('must begin with file: and name a SQLite file');
  }
  if (text.includes('?')) throw new Error('must not hold options: the server sets them itself');
  return text.startsWith('file://') ? fileURLToPath(text) : resolve(cwd, text.slice(5));
}

function isLoopback(url: string | undefined): boolean {
  if (!url) return false;
  const name = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
