// The server as dist/main.js starts it, which cleans up when it is told to instead of every hour.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createApp } from '../../../dist/app.setup.js';
import { stopGracefully } from '../../../dist/app.stop.js';
import { Clock } from '../../../dist/clock.js';
import { createLog } from '../../../dist/common/log.js';
import { loadConfig } from '../../../dist/config/load-config.js';
import { CleanUp } from '../../../dist/maintenance/clean-up.js';

const config = loadConfig(process.env, process.cwd());
const app = await createApp(config, await createLog(config.logLevel), new Clock());
await app.listen(config.port, config.host);
stopGracefully(app, { log: () => {}, error: console.error });

process.on('message', () => void cleanUp());

async function cleanUp() {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const removed = await app.get(CleanUp).runIfDue();
  delay.disable();
  process.send({ removed, loopDelayMs: delay.max / 1e6 });
}
