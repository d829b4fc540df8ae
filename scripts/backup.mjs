// npm run backup -- create|verify|restore: copies of the database with its key.
import { buildOrExit } from './build-if-stale.mjs';
import { developmentUnlessSet } from './mode.mjs';

await buildOrExit();
developmentUnlessSet();
await import('../dist/cli/backup.js');
