import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { vi } from 'vitest';

/** An event as a client of the HTML standard takes it from the text. */
export interface StreamedEvent {
  id: string;
  data: any;
}

/** A client of server-sent events that is still connected. */
export class EventStream {
  text = '';
  /** How it was closed: whole, or cut off; undefined while it is open. */
  closed: 'whole' | 'cut' | undefined;

  private constructor(
    readonly status: number,
    readonly answer: IncomingMessage,
    private readonly request: ClientRequest,
  ) {
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => (this.text += chunk));
    answer.on('error', () => {}); // 'close' follows
    answer.on('close', () => (this.closed = answer.complete ? 'whole' : 'cut'));
  }

  static open(url: string, headers: Record<string, string>): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, agent: false }, (answer) =>
        resolve(new EventStream(answer.statusCode!, answer, request)),
      );
      request.on('error', reject);
    });
  }

  get events(): StreamedEvent[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => /^data:/m.test(block))
      .map((block) => {
        const fields = Object.fromEntries(
          block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]),
        );
        return { id: fields.id, data: JSON.parse(fields.data) };
      });
  }

  /** Waits until so many events have come, and gives all. */
  async until(count: number): Promise<StreamedEvent[]> {
    await vi.waitFor(
      () => {
        if (this.events.length < count) throw new Error(`Only this has come: ${this.text}`);
      },
      { timeout: 60_000, interval: 10 },
    );
    return this.events;
  }

  /** Waits until the server has closed it; gives how many milliseconds that took. */
  async end(): Promise<number> {
    const began = performance.now();
    await vi.waitFor(
      () => {
        if (this.closed === undefined) throw new Error('It is still open.');
      },
      { timeout: 60_000, interval: 10 },
    );
    return performance.now() - began;
  }

  close(): void {
    this.request.destroy();
  }
}
