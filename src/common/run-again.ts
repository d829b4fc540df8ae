/**
 * Runs a piece of work one at a time. Asked for while it runs, it runs once more afterwards, so
 * that nothing that came in meanwhile is missed.
 */
export class RunAgain {
  #running: Promise<void> | undefined;
  #again = false;

  constructor(private readonly work: () => Promise<void>) {}

  /** Resolves when there was a run that began after this call. Never rejects if the work does not. */
  run(): Promise<void> {
    this.#again = true;
    return (this.#running ??= this.#loop());
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #loop(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.work();
      }
    } finally {
      this.#running = undefined;
    }
  }
}
