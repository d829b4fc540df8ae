// npm run users -- import|export: brings accounts in, and writes them out.
import { buildOrExit } from './build-if-stale.mjs';
import { developmentUnlessSet } from './mode.mjs';

await buildOrExit();
developmentUnlessSet();
await import('../dist/cli/users.js');
