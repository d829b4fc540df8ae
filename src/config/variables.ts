/**
 * Every environment variable there is: the source of .env.example and docs/configuration.md
 * (`npm run docs:configuration`), and of the examples in the messages about faults.
 */
export interface Variable {
  /** Text of the default; null when there is none. */
  default: string | null;
  /** One line. */
  meaning: string;
  /** A value that would be accepted, for the message about one that was not. */
  example: string;
  /** A secret may also be read from the file that NAME_FILE names, and is never printed. */
  secret?: true;
}

export const VARIABLES = {
  MODE: {
    default: 'development',
    meaning:
      'development or production. `npm start` takes development when unset, `node dist/main.js` production.',
    example: 'production',
  },
  HOST: {
    default: '127.0.0.1',
    meaning: 'Address to listen on. In production the default is 0.0.0.0.',
    example: '0.0.0.0',
  },
  PORT: { default: '3000', meaning: 'Port to listen on; 0 picks a free one.', example: '3000' },
  PUBLIC_URL: {
    default: 'http://localhost:PORT',
    meaning:
      'Where people reach the server: the one source of links, token issuer and cookie security. Required, and https, in production.',
    example: 'https://accounts.example.org',
  },
  DATA_DIR: {
    default: './data',
    meaning: 'Folder of the database, the keys and the backups.',
    example: './data',
  },
  DATABASE_URL: {
    default: 'file:DATA_DIR/latchkey.db',
    meaning: 'The database: file: and a path for SQLite.',
    example: 'file:./data/latchkey.db',
  },
  MASTER_KEY: {
    default: null,
    meaning:
      'Encrypts keys, seeds and queued mail at rest: 32 random bytes in base64. Unset: made once, in DATA_DIR/master.key.',
    example: 'the output of: openssl rand -base64 32',
    secret: true,
  },
  MASTER_KEY_NEW: {
    default: null,
    meaning:
      'For `npm run keys -- rotate-master` alone: the key that takes the place of MASTER_KEY. Unset: made, where the key is kept in DATA_DIR/master.key.',
    example: 'the output of: openssl rand -base64 32',
    secret: true,
  },
  SMTP_URL: {
    default: null,
    meaning:
      'Mail server. Unset: in development mail is captured and shown at /dev/mail; production refuses to start.',
    example: 'smtp://mail.example.org:587',
    secret: true,
  },
  MAIL_FROM: {
    default: 'Latchkey <no-reply@localhost>',
    meaning: 'Sender of every mail. Required when SMTP_URL is set.',
    example: 'Example <no-reply@example.org>',
  },
  SMTP_TLS: {
    default: 'opportunistic',
    meaning:
      'required or opportunistic. In production the default is required, unless the mail server is on this machine.',
    example: 'required',
  },
  ADMIN_EMAIL: {
    default: null,
    meaning: 'Address of the first administrator, made when the database has none.',
    example: 'ada@example.org',
  },
  ADMIN_PASSWORD: {
    default: null,
    meaning: 'Password of the first administrator; goes with ADMIN_EMAIL.',
    example: 'ADMIN_PASSWORD_FILE=/run/secrets/admin-password',
    secret: true,
  },
  JWT_ALGORITHM: {
    default: 'ES256',
    meaning:
      'ES256, or RS256 for consumers that know nothing else. A change goes by an ordinary rotation: the next key is published first.',
    example: 'ES256',
  },
  KEY_ROTATION: {
    default: '90d',
    meaning:
      'How long one key signs access tokens, at least 1h; 0 or off: until it is told to stop.',
    example: '90d',
  },
  ACCESS_TOKEN_TTL: { default: '15m', meaning: 'Life of an access token.', example: '15m' },
  ACCESS_TOKEN_AUDIENCE: {
    default: 'PUBLIC_URL',
    meaning: 'Audience (aud) of access tokens.',
    example: 'https://api.example.org',
  },
  SESSION_IDLE_TTL: {
    default: '14d',
    meaning: 'Longest pause between two refreshes of a session.',
    example: '14d',
  },
  SESSION_TTL: { default: '90d', meaning: 'Longest life of a session.', example: '90d' },
  REFRESH_GRACE: {
    default: '10s',
    meaning:
      'How long a refresh token that was just used gets the same successor again: 0s to 60s.',
    example: '10s',
  },
  EMAIL_TOKEN_TTL: {
    default: '24h',
    meaning: 'Life of a link that confirms an address or invites a person.',
    example: '24h',
  },
  PASSWORD_RESET_TTL: {
    default: '30m',
    meaning: 'Life of a password-reset link.',
    example: '30m',
  },
  BCRYPT_COST: {
    default: '10',
    meaning:
      'Work factor of password hashes, 10 to 15; a raise re-hashes at the next sign-in. 4 is allowed in development.',
    example: '12',
  },
  PASSWORD_MIN_LENGTH: {
    default: '8',
    meaning: 'Shortest password in characters, 8 to 64.',
    example: '12',
  },
  PASSWORD_CLASSES: {
    default: null,
    meaning: 'Kinds of character a password must hold: any of lower, upper, digit, symbol.',
    example: 'lower,upper,digit',
  },
  BREACHED_PASSWORDS_FILE: {
    default: null,
    meaning:
      'Filter of passwords known from breaches, made by `npm run passwords:filter`; asked beside the one that ships.',
    example: './breached-passwords.filter',
  },
  TLS_CERT_FILE: {
    default: null,
    meaning:
      'Certificate the server speaks TLS with, in PEM, with those that lead to its root; read again when it changes. Unset: plain HTTP, for a proxy in front.',
    example: '/etc/latchkey/tls.crt',
  },
  TLS_KEY_FILE: {
    default: null,
    meaning: 'Private key of TLS_CERT_FILE, in PEM without a passphrase.',
    example: '/etc/latchkey/tls.key',
  },
  MAIL_CODE_LOGIN: {
    default: 'off',
    meaning:
      'on or off: sign-in without a password, by a code that is mailed. It is no second factor.',
    example: 'on',
  },
  MFA_REQUIRED_ROLES: {
    default: 'none',
    meaning:
      'Roles whose holders need a second factor: until they have one, they can do little but add it. In production the default is admin.',
    example: 'admin,support',
  },
  CORS_ORIGINS: {
    default: null,
    meaning: 'Exact origins of browser apps that may call this server. Unset: none.',
    example: 'https://app.example.org,https://admin.example.org',
  },
  TRUST_PROXY: {
    default: '0',
    meaning:
      'Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: a number of hops, or addresses and CIDRs.',
    example: '10.0.0.0/8',
  },
  RATE_LIMITS: {
    default: 'on',
    meaning:
      'on or off; off also ends the watch for suspicious activity, and is allowed in development only.',
    example: 'on',
  },
  LIMIT_GENERAL: {
    default: '6000/1m',
    meaning: 'Requests per network (IPv4 address or IPv6 /64).',
    example: '6000/1m',
  },
  LIMIT_LOGIN: {
    default: '10/15m',
    meaning:
      'Wrong passwords per account and network, or per account and known device. The pauses between them grow.',
    example: '10/15m',
  },
  LIMIT_TOKEN: {
    default: '10/15m',
    meaning: 'Wrong codes per account, over all the mails and challenges they belong to.',
    example: '10/15m',
  },
  LIMIT_REGISTER: {
    default: '20/1h',
    meaning: 'Registrations per network.',
    example: '20/1h',
  },
  LIMIT_MAIL: {
    default: '5/1h',
    meaning:
      'Mails of each kind that strangers can cause to one address; more are silently left out. Also the addresses that one account may ask to be moved to.',
    example: '5/1h',
  },
  LIMIT_API_KEY: {
    default: '3000/1m',
    meaning: 'Requests per API key, beside the limit on the network they come from.',
    example: '3000/1m',
  },
  AUDIT_RETENTION: {
    default: '400d',
    meaning: 'How long the lines of the audit trail are kept; 0: for ever.',
    example: '400d',
  },
  METRICS_TOKEN: {
    default: null,
    meaning:
      'What GET /metrics wants as Authorization: Bearer, at least 16 characters. Unset: it answers 404.',
    example: 'the output of: openssl rand -hex 32',
    secret: true,
  },
  METRICS_PORT: {
    default: null,
    meaning:
      'Another port of HOST that answers GET /metrics to everyone who reaches it, and nothing else; 0 picks a free one. Unset: none.',
    example: '9464',
  },
  WEBHOOK_URL: {
    default: null,
    meaning:
      'Where suspicious activity is reported, as Standard Webhooks say: https and a public address; in development also this machine. Unset: nowhere.',
    example: 'https://hooks.example.org/latchkey',
    secret: true,
  },
  WEBHOOK_SECRET: {
    default: null,
    meaning:
      'Signs what is sent to WEBHOOK_URL: whsec_ and 24 to 64 random bytes in base64. Goes with WEBHOOK_URL.',
    example: 'the output of: echo "whsec_$(openssl rand -base64 32)"',
    secret: true,
  },
  LOG_LEVEL: {
    default: 'info',
    meaning: 'trace, debug, info, warn, error or silent.',
    example: 'warn',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

/** What each limit counts, for the table in docs/configuration.md. */
export interface LimitReference {
  /** As in the field RateLimit-Policy; null where nobody is told. */
  name: string | null;
  /** A variable, or what is fixed. */
  rate: VariableName | '100/15m' | '300/15m';
  counts: string;
  per: string;
  /** What somebody gets who is over it. */
  over: string;
}

export const LIMITS: readonly LimitReference[] = [
  {
    name: 'general',
    rate: 'LIMIT_GENERAL',
    counts: 'every request but /health and preflights, also to what is not there',
    per: 'network, in each process',
    over: '429',
  },
  {
    name: 'register',
    rate: 'LIMIT_REGISTER',
    counts: 'registrations, also known addresses and refused passwords',
    per: 'network',
    over: '429',
  },
  {
    name: null,
    rate: 'LIMIT_MAIL',
    counts: 'mails of each kind that strangers can cause',
    per: 'address',
    over: 'the answer is the same, and no mail is sent',
  },
  {
    name: 'mail-requests',
    rate: '300/15m',
    counts:
      'requests for a reset link, another confirmation or a sign-in code, also for unknown addresses',
    per: 'network',
    over: '429',
  },
  {
    name: 'mail',
    rate: 'LIMIT_MAIL',
    counts: 'other addresses that an account asks to be moved to',
    per: 'account',
    over: '429 (`mail_cooldown`)',
  },
  {
    name: 'login',
    rate: 'LIMIT_LOGIN',
    counts:
      'wrong passwords, wherever they are asked for; after the third in a window the next one is not looked at for 1 s, then 2 s, 4 s, up to 64 s',
    per: 'account and network, or account and known device',
    over: '429, also for the right password',
  },
  {
    name: 'account',
    rate: '100/15m',
    counts: 'wrong passwords',
    per: 'account, from everywhere',
    over: '429 for strangers; known devices go on',
  },
  {
    name: 'account',
    rate: '100/15m',
    counts: 'wrong passwords of known devices',
    per: 'account',
    over: '429 for known devices',
  },
  {
    name: 'token',
    rate: 'LIMIT_TOKEN',
    counts: 'wrong codes',
    per: 'account, over all mails and challenges',
    over: '429, also for the right code; the link in the mail works',
  },
  {
    name: 'second-factor',
    rate: 'LIMIT_TOKEN',
    counts: 'wrong second factors, of whoever knows the password; five for one sign-in',
    per: 'account',
    over: '429, also for the right one',
  },
  {
    name: 'failures',
    rate: '100/15m',
    counts: 'wrong passwords, codes, tokens, links and API keys',
    per: 'network',
    over: '429 for passwords, codes and the setup link; mailed links and API keys that are right work',
  },
  {
    name: 'api-key',
    rate: 'LIMIT_API_KEY',
    counts: 'requests signed in by an API key, beside the general limit',
    per: 'key, in each process',
    over: '429',
  },
];
