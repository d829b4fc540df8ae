// npm run build
import { buildNow, buildOrExit } from './build-if-stale.mjs';

await buildOrExit(buildNow);
