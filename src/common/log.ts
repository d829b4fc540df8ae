import type { LoggerService, LogLevel } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { LogLines } from './log-lines.js';

/** How many bytes are kept while they cannot be written; further lines are dropped. */
const MOST_UNWRITTEN = 2 ** 20;

/**
 * One JSON line per event on stdout, or readable text when stdout is a terminal. Callers log
 * objects of facts; none of them may hold a password, a token, a code, a cookie or a header.
 */
export async function createLog(level: string): Promise<Logger> {
  const options = {
    level,
    base: null,
    timestamp,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (!process.stdout.isTTY) {
    const output = pino.destination({ fd: 1, sync: true, maxLength: MOST_UNWRITTEN });
    // A log on a full disk, or that nobody reads any more, must not fail the request that is told
    // of. What fits is written once there is room again.
    output.on('error', () => {});
    return pino(options, new LogLines(output));
  }
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ sync: true, ignore: 'time', singleLine: true }));
}

let writtenAt = 0;
let written = '';

/** The time as pino's `isoTime` has it. Lines of the same millisecond share one text. */
export function timestamp(): string {
  const now = Date.now();
  if (now !== writtenAt) {
    writtenAt = now;
    written = `,"time":"${new Date(now).toISOString()}"`;
  }
  return written;
}

/** Lets Nest and our own `Logger`s write through pino. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, context?: string): void {
    // What Nest says while it wires itself together interests whoever debugs that, nobody else.
    if (NEST_STARTUP.has(context ?? '')) this.#write('debug', message, context);
    else this.#write('info', message, context);
  }
  error(message: unknown, ...rest: unknown[]): void {
    // That it cannot listen; it throws that, too, and whoever started it explains it.
    if (rest.at(-1) === 'NestApplication') return;
    this.#write('error', message, rest.at(-1));
  }
  warn(message: unknown, context?: string): void {
    this.#write('warn', message, context);
  }
  debug(message: unknown, context?: string): void {
    this.#write('debug', message, context);
  }
  verbose(message: unknown, context?: string): void {
    this.#write('trace', message, context);
  }
  setLogLevels(_levels: LogLevel[]): void {}

  #write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error',
    message: unknown,
    context: unknown,
  ): void {
    const from = typeof context === 'string' ? { context } : {};
    if (message instanceof Error) this.pino[level]({ ...from, err: message });
    else if (typeof message === 'object' && message !== null)
      this.pino[level]({ ...from, ...message });
    else this.pino[level](from, String(message));
  }
}

const NEST_STARTUP = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);
