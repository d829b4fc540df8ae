// npm run audit -- verify: proves that nobody has changed the audit trail.
import { buildOrExit } from './build-if-stale.mjs';
import { developmentUnlessSet } from './mode.mjs';

await buildOrExit();
developmentUnlessSet();
await import('../dist/cli/audit.js');
