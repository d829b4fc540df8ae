// npm run openapi          writes docs/openapi.json
// npm run openapi:check    fails when it differs from what the server would publish
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOrExit } from './build-if-stale.mjs';
import { writeOrCheck } from './write-or-check.mjs';

await buildOrExit();
const { createApp } = await import('../dist/app.setup.js');
const { createLog } = await import('../dist/common/log.js');
const { loadConfig } = await import('../dist/config/load-config.js');
const { createOpenApiDocument } = await import('../dist/openapi/document.js');

const folder = mkdtempSync(join(tmpdir(), 'latchkey-openapi-'));
try {
  const config = loadConfig({ MODE: 'development', DATA_DIR: folder, LOG_LEVEL: 'silent' }, folder);
  const app = await createApp(config, await createLog('silent'));
  await app.init();
  const document = sorted(createOpenApiDocument(app, config));
  await app.close();
  writeOrCheck('npm run openapi', {
    'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  });
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();

/** Paths and components by name, so that moving a file changes nothing. */
function sorted(document) {
  const components = Object.entries(document.components).map(([kind, named]) => [
    kind,
    byName(named),
  ]);
  return {
    ...document,
    paths: byName(document.paths),
    components: byName(Object.fromEntries(components)),
  };
}

function byName(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
