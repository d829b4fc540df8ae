import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { createApp } from '../../src/app.setup.js';
import { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { ApiKeyUses } from '../../src/auth/api-keys/api-key-uses.js';
import { PermissionUses } from '../../src/users/permission-uses.js';
import { OutboxWorker } from '../../src/mail/outbox/outbox.worker.js';
import { AdministratorMaker } from '../../src/auth/setup/administrator-maker.js';
import { Client } from './client.js';
import { TestClock } from './clock.js';
import { freePort } from './ports.js';

export interface CapturedMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  link: string | null;
  token: string | null;
  code: string | null;
  sentAt: string;
}

export interface Person {
  id: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
}

export const PASSWORD = 'correct horse battery staple';

let people = 0;

/** The whole server, in this process, on a port and a database file of its own. */
export class TestServer extends Client {
  /** Every line it has logged, as text. */
  readonly logLines: string[];

  private constructor(
    readonly app: NestFastifyApplication,
    url: string,
    readonly dataDir: string,
    readonly clock: TestClock,
    private readonly env: Record<string, string>,
    logLines: string[],
  ) {
    super(url);
    this.logLines = logLines;
  }

  static async start(
    env: Record<string, string> = {},
    dataDir = mkdtempSync(join(tmpdir(), 'latchkey-test-')),
    clock = new TestClock(),
  ): Promise<TestServer> {
    const config = loadConfig(
      {
        MODE: 'development',
        PORT: env.PORT ?? String(await freePort()),
        BCRYPT_COST: '4',
        RATE_LIMITS: 'off',
        DATA_DIR: dataDir,
        ...env,
      },
      dataDir,
    );
    const logLines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
    const app = await createApp(config, log, clock);
    await app.listen(config.port, config.host);
    return new TestServer(app, `http://127.0.0.1:${config.port}`, dataDir, clock, env, logLines);
  }

  /**
   * Stops it and starts it again on the same data, at the same port and time.
   *
   * @param env variables that have another value from now on
   */
  async restart(env: Record<string, string> = {}): Promise<TestServer> {
    const { publicUrl } = this;
    await this.app.close();
    await sleep(20);
    // Until fetch has seen that its kept connections are closed.
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    const { port } = new URL(this.url);
    return TestServer.start(
      { ...this.env, PORT: port, PUBLIC_URL: publicUrl, ...env },
      this.dataDir,
      this.clock,
    );
  }

  async stop(): Promise<void> {
    await this.app.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Where its links lead, and the issuer of its tokens. */
  get publicUrl(): string {
    return this.app.get(Config).publicUrl;
  }

  /** Waits until every mail that is due has been decided and sent. */
  async mailSettled(): Promise<void> {
    await this.app.get(OutboxWorker).drain();
  }

  /** Waits until nothing is under way that it would write by itself within the next minute. */
  async settled(): Promise<void> {
    await this.mailSettled();
    await this.app.get(PermissionUses).flush();
    await this.app.get(ApiKeyUses).flush();
  }

  /** Everything the address has got, newest first. */
  async mailbox(to: string): Promise<CapturedMail[]> {
    await this.mailSettled();
    const { body } = await this.get(`/dev/mail/messages?limit=200&to=${encodeURIComponent(to)}`);
    return body.items;
  }

  /** The newest mail of the address. */
  async newestMail(to: string): Promise<CapturedMail> {
    const [newest] = await this.mailbox(to);
    if (!newest) throw new Error(`No mail has reached ${to}.`);
    return newest;
  }

  /** Someone who has registered, confirmed and signed in. */
  async person(email = `person${++people}@example.org`, password = PASSWORD): Promise<Person> {
    expectStatus(await this.post('/auth/register', { email, password }), 202);
    const { token } = await this.newestMail(email);
    expectStatus(await this.post('/auth/verify-email', { token }), 200);
    return this.signIn(email, password);
  }

  /** Someone who holds the role admin. */
  async administrator(
    email = `admin${++people}@example.org`,
    password = PASSWORD,
  ): Promise<Person> {
    await this.app.get(AdministratorMaker).makeAnother(email, password);
    return this.signIn(email, password);
  }

  async signIn(email: string, password = PASSWORD): Promise<Person> {
    const { body } = expectStatus(await this.post('/auth/login', { email, password }), 200);
    const me = expectStatus(await this.get('/users/me', { bearer: body.access_token }), 200);
    return {
      id: me.body.id,
      email,
      password,
      accessToken: body.access_token,
      refreshToken: body.refresh_token,
    };
  }
}

function expectStatus<Result extends { status: number; text: string }>(
  answer: Result,
  status: number,
): Result {
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer;
}
