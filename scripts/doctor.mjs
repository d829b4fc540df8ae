// npm run doctor [-- --url <address>] [--json]: what is not well with the settings, the files, the
// database, the mail server, and the way to a running server; and which line to change.
import { buildOrExit } from './build-if-stale.mjs';

await buildOrExit();
await import('../dist/cli/doctor.js');
