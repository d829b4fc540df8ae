// npm run admin -- <command>: the command-line tool for administrators.
import { buildOrExit } from './build-if-stale.mjs';
import { developmentUnlessSet } from './mode.mjs';

await buildOrExit();
developmentUnlessSet();
await import('../dist/cli/admin.js');
