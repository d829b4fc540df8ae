// npm start: builds when needed, then is the server: signals and exit codes are the server's own.
import { buildOrExit } from './build-if-stale.mjs';
import { developmentUnlessSet } from './mode.mjs';

await buildOrExit();
developmentUnlessSet();
await import('../dist/main.js');
