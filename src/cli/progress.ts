import type { WriteStream } from 'node:tty';

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const LINES_PER_MESSAGE = 10_000;

/** How far a tool has come: a bar on a terminal, otherwise a line now and then. */
export class Progress {
  #drawnAt = 0;
  #saidAt = 0;

  /** @param total bytes or lines; 0 when nobody knows */
  constructor(
    private readonly total: number,
    private readonly out: Pick<WriteStream, 'isTTY' | 'write'> = process.stderr,
  ) {}

  /**
   * @param done so much of the total
   * @param lines lines dealt with
   */
  at(done: number, lines: number): void {
    if (this.out.isTTY) {
      const now = performance.now();
      if (now - this.#drawnAt < REDRAW_MS && done < this.total) return;
      this.#drawnAt = now;
      this.out.write(`\r${this.#bar(done)} ${lines} lines`);
    } else if (lines - this.#saidAt >= LINES_PER_MESSAGE) {
      this.#saidAt = lines;
      this.out.write(`${lines} lines done\n`);
    }
  }

  /** Takes the bar away, so that something else can be written in its place. */
  clear(): void {
    if (this.out.isTTY) this.out.write('\r\x1b[K');
  }

  #bar(done: number): string {
    if (this.total === 0) return '';
    const share = Math.min(1, done / this.total);
    const full = Math.round(share * BAR_WIDTH);
    const percent = String(Math.floor(share * 100)).padStart(3);
    return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${percent} %`;
  }
}
