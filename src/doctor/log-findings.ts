import type { Logger } from 'pino';
import { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { checkFiles } from './files.checks.js';

/** What costs next to nothing to look at, at each start in production; only what is not well. */
export function logFindings(config: Config, log: Logger): void {
  for (const { severity, what, ...more } of checkFiles(config, new Clock().now())) {
    if (severity !== 'ok') log.warn(more, what);
  }
}
