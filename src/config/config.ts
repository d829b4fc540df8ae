import type { TlsFiles } from './tls-files.js';

/** So many in so much time. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

/** What the environment said, typed and checked. All durations are milliseconds. */
export abstract class Config {
  abstract readonly mode: 'development' | 'production';
  abstract readonly host: string;
  abstract readonly port: number;
  /** Scheme, host and port, without a final slash. */
  abstract readonly publicUrl: string;
  abstract readonly dataDir: string;
  /** Absolute path of the SQLite file. */
  abstract readonly databaseFile: string;
  /** Undefined: kept in DATA_DIR/master.key. */
  abstract readonly masterKey: Buffer | undefined;
  /** What the master key shall be changed to; undefined: made, where it is kept in a file. */
  abstract readonly masterKeyNew: Buffer | undefined;
  /** Undefined: mail is captured (development only). */
  abstract readonly smtpUrl: string | undefined;
  abstract readonly smtpTls: 'required' | 'opportunistic';
  abstract readonly mailFrom: string;
  abstract readonly firstAdministrator: { email: string; password: string } | undefined;
  abstract readonly accessTokenTtl: number;
  abstract readonly accessTokenAudience: string;
  /** What the next signing key is made for. */
  abstract readonly jwtAlgorithm: 'ES256' | 'RS256';
  /** How long one key signs; 0: until it is told to stop. */
  abstract readonly keyRotation: number;
  abstract readonly sessionIdleTtl: number;
  abstract readonly sessionTtl: number;
  abstract readonly refreshGrace: number;
  abstract readonly emailTokenTtl: number;
  abstract readonly passwordResetTtl: number;
  abstract readonly bcryptCost: number;
  abstract readonly passwordMinLength: number;
  abstract readonly passwordClasses: readonly ('lower' | 'upper' | 'digit' | 'symbol')[];
  /** Absolute path of the operator's filter, asked beside the one that ships. */
  abstract readonly breachedPasswordsFile: string | undefined;
  /** Undefined: plain HTTP, for this machine and for proxies. */
  abstract readonly tls: TlsFiles | undefined;
  /** Sign-in without a password, by a mailed code. */
  abstract readonly mailCodeLogin: boolean;
  abstract readonly corsOrigins: readonly string[];
  /** Names of the roles whose holders need a second factor. */
  abstract readonly mfaRequiredRoles: readonly string[];
  abstract readonly trustProxy: number | string[];
  abstract readonly rateLimits: boolean;
  abstract readonly limits: {
    readonly general: Rate;
    readonly register: Rate;
    readonly mail: Rate;
    readonly login: Rate;
    readonly token: Rate;
    readonly apiKey: Rate;
  };
  /** 0: for ever. */
  abstract readonly auditRetention: number;
  /** What GET /metrics wants as Bearer; undefined: it answers 404. */
  abstract readonly metricsToken: string | undefined;
  /** Where metrics are read without a token; undefined: nowhere. 0 picks a free port. */
  abstract readonly metricsPort: number | undefined;
  /** Where security events are sent, and the key they are signed with; undefined: nowhere. */
  abstract readonly webhook: { readonly url: string; readonly key: Buffer } | undefined;
  /** How many threads Node has for hashes, files and names: UV_THREADPOOL_SIZE. */
  abstract readonly poolThreads: number;
  abstract readonly logLevel: string;
}
