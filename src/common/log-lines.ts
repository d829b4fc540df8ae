/** Larger pieces are written at once, in characters. */
const LARGEST_PIECE = 64 * 1024;

/**
 * Collects the log lines of one turn of the event loop and writes them by one call: under load a
 * line would otherwise cost a system call of its own, several microseconds. What has been logged
 * is written before the loop waits for anything new, and when the process exits.
 */
export class LogLines {
  #lines = '';
  #scheduled = false;

  /** @param out writes synchronously */
  constructor(private readonly out: { write(text: string): unknown }) {
    process.on('exit', () => this.#flush());
  }

  write(line: string): void {
    this.#lines += line;
    if (this.#lines.length >= LARGEST_PIECE) this.#flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.out.write(lines);
  }
}
