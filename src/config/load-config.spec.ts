import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './load-config.js';
import { type Variable, VARIABLES } from './variables.js';

const DAY = 86_400_000;
const key = randomBytes(32).toString('base64');
/** The example of Standard Webhooks. */
const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const production = {
  MODE: 'production',
  PUBLIC_URL: 'https://accounts.example.org',
  SMTP_URL: 'smtp://mail.example.org:587',
  MAIL_FROM: 'Example <no-reply@example.org>',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('without any variable', () => {
  it('development runs on this machine alone, with what it makes itself', () => {
    expect(loadConfig({ MODE: 'development' }, folder)).toMatchObject({
      mode: 'development',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      dataDir: join(folder, 'data'),
      databaseFile: join(folder, 'data/latchkey.db'),
      masterKey: undefined,
      smtpUrl: undefined,
      smtpTls: 'opportunistic',
      firstAdministrator: undefined,
      accessTokenTtl: 900_000,
      accessTokenAudience: 'http://localhost:3000',
      sessionIdleTtl: 14 * DAY,
      sessionTtl: 90 * DAY,
      refreshGrace: 10_000,
      emailTokenTtl: DAY,
      passwordResetTtl: 1_800_000,
      bcryptCost: 10,
      passwordMinLength: 8,
      passwordClasses: [],
      breachedPasswordsFile: undefined,
      corsOrigins: [],
      trustProxy: 0,
      tls: undefined,
      rateLimits: true,
      logLevel: 'info',
    });
  });

  it('the mode is production, which says what it needs', () => {
    expect(faultsOf({})).toEqual(['PUBLIC_URL', 'SMTP_URL', 'MAIL_FROM']);
  });

  it('production with what it needs listens on every address and demands TLS for mail', () => {
    expect(loadConfig(production, folder)).toMatchObject({
      mode: 'production',
      host: '0.0.0.0',
      publicUrl: 'https://accounts.example.org',
      accessTokenAudience: 'https://accounts.example.org',
      smtpTls: 'required',
      rateLimits: true,
    });
  });

  it.each(['smtp://localhost:25', 'smtp://127.0.0.1:25', 'smtp://127.9.9.9', 'smtp://[::1]:25'])(
    'production does not demand TLS of the mail server %s, which is this machine',
    (SMTP_URL) => {
      expect(loadConfig({ ...production, SMTP_URL }, folder).smtpTls).toBe('opportunistic');
    },
  );

  it('empty values are as good as none', () => {
    const empty = Object.fromEntries(
      Object.keys(VARIABLES)
        .filter((name) => name !== 'MASTER_KEY')
        .map((name) => [name, '']),
    );
    expect(loadConfig({ ...empty, MODE: 'development' }, folder)).toEqual(
      loadConfig({ MODE: 'development' }, folder),
    );
  });
});

it('a webhook has its address and the bytes of its key', () => {
  const env = { MODE: 'development', WEBHOOK_URL: 'http://127.0.0.1:9/', WEBHOOK_SECRET };
  expect(loadConfig(env, folder).webhook).toEqual({
    url: 'http://127.0.0.1:9/',
    key: Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'),
  });
  expect(loadConfig({ MODE: 'development' }, folder).webhook).toBeUndefined();
});

describe('a fault', () => {
  it('of SMTP_URL does not hide that MAIL_FROM is missing', () => {
    expect(faultsOf({ ...production, SMTP_URL: '', MAIL_FROM: '' })).toEqual([
      'SMTP_URL',
      'MAIL_FROM',
    ]);
    expect(faultsOf({ MODE: 'development', SMTP_URL: 'mail.example.org' })).toEqual([
      'SMTP_URL',
      'MAIL_FROM',
    ]);
  });

  it.each<[string, Record<string, string>]>([
    [
      'MODE',
      {
        MODE: 'staging',
        PUBLIC_URL: 'https://a.example',
        SMTP_URL: 'smtp://m.example',
        MAIL_FROM: 'a@b.example',
      },
    ],
    ['PORT', { PORT: '70000' }],
    ['HOST', { HOST: 'http://localhost' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'accounts' }],
    ['PUBLIC_URL', { ...production, PUBLIC_URL: 'http://accounts.example.org' }],
    ['PUBLIC_URL', { ...production, PUBLIC_URL: '' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://localhost/db' }],
    ['DATABASE_URL', { DATABASE_URL: 'file:./a.db?mode=ro' }],
    ['DATABASE_URL', { DATABASE_URL: 'file:' }],
    ['MASTER_KEY', { MASTER_KEY: '' }],
    ['MASTER_KEY', { MASTER_KEY: 'changeme' }],
    ['SMTP_URL', { SMTP_URL: 'mail.example.org', MAIL_FROM: 'a@example.org' }],
    ['SMTP_URL', { ...production, SMTP_URL: '' }],
    ['SMTP_TLS', { SMTP_TLS: 'yes' }],
    ['MAIL_FROM', { SMTP_URL: 'smtp://mail.example.org' }],
    ['MAIL_FROM', { MAIL_FROM: 'nobody' }],
    ['MAIL_FROM', { ...production, MAIL_FROM: '' }],
    ['ADMIN_EMAIL', { ADMIN_EMAIL: 'ada', ADMIN_PASSWORD: 'correct horse battery staple' }],
    ['ADMIN_EMAIL', { ADMIN_PASSWORD: 'correct horse battery staple' }],
    ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'ada@example.org' }],
    ['ACCESS_TOKEN_TTL', { ACCESS_TOKEN_TTL: '15' }],
    ['ACCESS_TOKEN_TTL', { ACCESS_TOKEN_TTL: '0s' }],
    ['ACCESS_TOKEN_TTL', { ACCESS_TOKEN_TTL: '2d', SESSION_IDLE_TTL: '1d' }],
    ['SESSION_IDLE_TTL', { SESSION_IDLE_TTL: '91d' }],
    ['SESSION_TTL', { SESSION_TTL: 'forever' }],
    ['REFRESH_GRACE', { REFRESH_GRACE: '61s' }],
    ['EMAIL_TOKEN_TTL', { EMAIL_TOKEN_TTL: '1' }],
    ['PASSWORD_RESET_TTL', { PASSWORD_RESET_TTL: '-1m' }],
    ['BCRYPT_COST', { BCRYPT_COST: '3' }],
    ['BCRYPT_COST', { BCRYPT_COST: '5' }],
    ['BCRYPT_COST', { BCRYPT_COST: '16' }],
    ['BCRYPT_COST', { ...production, BCRYPT_COST: '4' }],
    ['PASSWORD_MIN_LENGTH', { PASSWORD_MIN_LENGTH: '7' }],
    ['PASSWORD_CLASSES', { PASSWORD_CLASSES: 'letters' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
    ['RATE_LIMITS', { RATE_LIMITS: 'no' }],
    ['RATE_LIMITS', { ...production, RATE_LIMITS: 'off' }],
    ['LIMIT_GENERAL', { LIMIT_GENERAL: 'none' }],
    ['LIMIT_REGISTER', { LIMIT_REGISTER: '20' }],
    ['LIMIT_MAIL', { LIMIT_MAIL: '0/1h' }],
    ['LIMIT_LOGIN', { LIMIT_LOGIN: '10' }],
    ['LIMIT_TOKEN', { LIMIT_TOKEN: '10/15' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
    ['WEBHOOK_SECRET', { WEBHOOK_URL: 'https://hooks.example.org/' }],
    ['WEBHOOK_URL', { WEBHOOK_SECRET }],
    ['WEBHOOK_URL', { WEBHOOK_SECRET, WEBHOOK_URL: 'hooks.example.org' }],
    ['WEBHOOK_URL', { WEBHOOK_SECRET, WEBHOOK_URL: 'file:///etc/passwd' }],
    ['WEBHOOK_URL', { WEBHOOK_SECRET, WEBHOOK_URL: 'https://10.0.0.1/' }],
    ['WEBHOOK_URL', { WEBHOOK_SECRET, WEBHOOK_URL: 'http://169.254.169.254/' }],
    ['WEBHOOK_URL', { WEBHOOK_SECRET, WEBHOOK_URL: 'https://a%:b@hooks.example.org/' }],
    ['WEBHOOK_URL', { ...production, WEBHOOK_SECRET, WEBHOOK_URL: 'http://hooks.example.org/' }],
    ['WEBHOOK_URL', { ...production, WEBHOOK_SECRET, WEBHOOK_URL: 'https://localhost/' }],
    ['WEBHOOK_URL', { ...production, WEBHOOK_SECRET, WEBHOOK_URL: 'https://0x7f000001/' }],
    ['WEBHOOK_URL', { ...production, WEBHOOK_SECRET, WEBHOOK_URL: 'https://[::1]/' }],
    ...['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_not base64!'].map(
      (secret): [string, Record<string, string>] => [
        'WEBHOOK_SECRET',
        { WEBHOOK_URL: 'https://hooks.example.org/', WEBHOOK_SECRET: secret },
      ],
    ),
    [
      'WEBHOOK_SECRET',
      {
        WEBHOOK_URL: 'https://hooks.example.org/',
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(65, 'x').toString('base64')}`,
      },
    ],
  ])('in %s is named: %j', (variable, env) => {
    expect(faultsOf({ MODE: 'development', ...env })).toEqual([variable]);
  });

  it('does not hide another: all are told at once, each with an example', () => {
    const error = errorOf({
      MODE: 'development',
      PORT: 'x',
      ACCESS_TOKEN_TTL: '15',
      LOG_LEVEL: 'loud',
    });
    expect(error.message.split('\n')).toEqual([
      'PORT must be a whole number between 0 and 65535. Example: PORT=3000',
      'ACCESS_TOKEN_TTL must be a whole number with a unit: s, m, h or d. Example: ACCESS_TOKEN_TTL=15m',
      'LOG_LEVEL must be trace or debug or info or warn or error or silent. Example: LOG_LEVEL=warn',
    ]);
  });

  it('in a secret does not show the secret', () => {
    const secrets = {
      MASTER_KEY: 'hunter2hunter2',
      SMTP_URL: 'ftp://ada:hunter2@mail.example.org',
      WEBHOOK_URL: 'ftp://ada:hunter2@hooks.example.org',
      WEBHOOK_SECRET: 'whsec_hunter2',
    };
    expect(errorOf({ MODE: 'development', ...secrets }).message).not.toContain('hunter2');
  });

  it('writes nothing', () => {
    errorOf({ DATA_DIR: join(folder, 'data') });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a secret', () => {
  it('may be read from the file that NAME_FILE names, without its last line break', () => {
    writeFileSync(join(folder, 'master-key'), `${key}\n`);
    writeFileSync(join(folder, 'password'), 'correct horse battery staple\r\n');
    const config = loadConfig(
      {
        MODE: 'development',
        MASTER_KEY_FILE: join(folder, 'master-key'),
        ADMIN_EMAIL: 'ada@example.org',
        ADMIN_PASSWORD_FILE: 'password',
      },
      folder,
    );
    expect(config.masterKey?.toString('base64')).toBe(key);
    expect(config.firstAdministrator).toEqual({
      email: 'ada@example.org',
      password: 'correct horse battery staple',
    });
  });

  it.each(
    Object.entries(VARIABLES)
      .filter(([, variable]) => (variable as Variable).secret === true)
      .map(([name]) => name),
  )('%s and its file together are a fault', (name) => {
    writeFileSync(join(folder, 'secret'), 'x');
    const message = errorOf({
      MODE: 'development',
      [name]: 'x',
      [`${name}_FILE`]: 'secret',
    }).message;
    expect(message).toContain(`${name} and ${name}_FILE are both set: keep one`);
  });

  it('in a file that is missing or empty is a fault that names the file variable', () => {
    writeFileSync(join(folder, 'empty'), '\n');
    expect(errorOf({ MODE: 'development', MASTER_KEY_FILE: 'missing' }).message).toMatch(
      /^MASTER_KEY_FILE names a file that cannot be read \(ENOENT\)/,
    );
    expect(errorOf({ MODE: 'development', MASTER_KEY_FILE: 'empty' }).message).toMatch(
      /^MASTER_KEY_FILE names an empty file/,
    );
  });

  it('that is needed counts as given when only its file is', () => {
    writeFileSync(join(folder, 'smtp'), 'smtp://user:password@mail.example.org');
    const { SMTP_URL: _, ...rest } = production;
    expect(loadConfig({ ...rest, SMTP_URL_FILE: 'smtp' }, folder).smtpUrl).toContain(
      'mail.example.org',
    );
  });
});

describe('a path', () => {
  it('starts from the working folder unless it is absolute', () => {
    const at = (DATABASE_URL: string) =>
      loadConfig({ MODE: 'development', DATABASE_URL }, folder).databaseFile;
    expect(at('file:./x.db')).toBe(join(folder, 'x.db'));
    expect(at('file:x.db')).toBe(join(folder, 'x.db'));
    expect(at('file:/var/lib/x.db')).toBe('/var/lib/x.db');
    expect(at('file:///var/lib/x.db')).toBe('/var/lib/x.db');
    const filter = { MODE: 'development', BREACHED_PASSWORDS_FILE: 'x.filter' };
    expect(loadConfig(filter, folder).breachedPasswordsFile).toBe(join(folder, 'x.filter'));
  });
});

describe('every variable', () => {
  it.each(Object.entries(VARIABLES))(
    '%s is accepted as its example and its default show it',
    (name, variable) => {
      const isSentence = variable.example.includes(' ') && name !== 'MAIL_FROM';
      if (!isSentence && !variable.example.includes('=')) {
        expect(faultsOf({ MODE: 'development', [name]: variable.example })).not.toContain(name);
      }
      if (variable.default !== null && !/PUBLIC_URL|PORT|DATA_DIR/.test(variable.default)) {
        expect(faultsOf({ MODE: 'development', [name]: variable.default })).toEqual([]);
      }
    },
  );
});

function errorOf(env: Record<string, string>): ConfigError {
  try {
    loadConfig(env, folder);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env, folder);
    return [];
  } catch (error) {
    return (error as ConfigError).faults.map((fault) => fault.variable);
  }
}
