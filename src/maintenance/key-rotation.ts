import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { dueSteps } from '../auth/tokens/key.policy.js';
import { SigningKeyStore } from '../auth/tokens/signing-key-store.js';
import { SigningKeys } from '../auth/tokens/signing-keys.js';
import { Clock } from '../clock.js';
import { Config } from '../config/config.js';
import { MaintenanceRuns } from './maintenance-runs.js';

const NAME = 'key-rotation';
/** How often to look whether something is due, give or take a half; it costs no query. */
const LOOK = 60_000;
/** How soon after one run another may begin, in whichever process. */
const EVERY = 10_000;
/** How long shutting down waits for the run under way. */
const LAST_RUN = 2000;

/**
 * Keeps the signing keys to their schedule, in one process at a time: publishes the next one, lets
 * it sign when its time has come, erases those whose tokens have expired.
 */
@Injectable()
export class KeyRotation implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('key-rotation');
  #look: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly keys: SigningKeys,
    private readonly store: SigningKeyStore,
    private readonly runs: MaintenanceRuns,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#lookAgain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#look);
    await Promise.race([this.#running, sleep(LAST_RUN, undefined, { ref: false })]);
  }

  /** Does what is due, unless another process does. */
  async runIfDue(): Promise<void> {
    const steps = dueSteps(
      this.keys.all(),
      this.config,
      this.config.accessTokenTtl,
      this.clock.now(),
    );
    if (steps.length === 0) return;
    const startedAt = await this.runs.claim(NAME, EVERY);
    if (startedAt === undefined) return;
    for (const step of steps) await this[step]();
    await this.runs.finish(NAME, startedAt);
  }

  private async prepare(): Promise<void> {
    await this.store.prepare();
    this.#log.log({ outcome: 'next key published' });
  }

  private async rotate(): Promise<void> {
    this.#log.log({ outcome: 'rotated', ...(await this.store.rotate(false)) });
  }

  private async retire(): Promise<void> {
    this.#log.log({ outcome: 'retired', kids: await this.store.retireDue() });
  }

  #lookAgain(): void {
    this.#look = setTimeout(
      () => {
        this.#running = this.runIfDue()
          .catch((error: unknown) => this.#log.error({ outcome: 'interrupted', err: error }))
          .finally(() => {
            if (!this.#stopped) this.#lookAgain();
          });
      },
      LOOK * (0.5 + Math.random()),
    ).unref();
  }
}
