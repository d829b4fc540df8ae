// npm run keys -- list|rotate|retire|compromise: the keys that sign access tokens.
import { buildOrExit } from './build-if-stale.mjs';
import { developmentUnlessSet } from './mode.mjs';

await buildOrExit();
developmentUnlessSet();
await import('../dist/cli/keys.js');
