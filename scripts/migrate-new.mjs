// npm run migrate:new -- <name>    writes the SQL that leads from the migrations to the schema
// npm run migrate:check            fails when the two differ
// Offline: the schema engine is the WebAssembly build from npm, and its shadow database is in memory.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const schemaPath = join(root, 'prisma/schema.prisma');
const folder = join(root, 'prisma/migrations/sqlite');

const name = process.argv[2];
const checkOnly = name === '--check';
if (!checkOnly && !/^[a-z][a-z0-9_]{2,60}$/.test(name ?? '')) {
  console.error('Usage: npm run migrate:new -- <name>   (lower-case letters, digits, underscores)');
  process.exit(64);
}

const engine = await loadEngine();
const { stdout, exitCode } = await engine.diff({
  from: { tag: 'migrations', path: folder, ...migrationsAsLists() },
  to: { tag: 'schemaDatamodel', files: [schemaFile()] },
  script: true,
  exitCode: true,
  shadowDatabaseUrl: null,
  filters: { externalTables: [], externalEnums: [] },
});

if (exitCode === 0) {
  console.log('The migrations and prisma/schema.prisma agree.');
} else if (checkOnly) {
  console.error('prisma/schema.prisma has changed without a migration:\n');
  console.error(stdout);
  console.error('Run: npm run migrate:new -- <name>');
  process.exit(1);
} else {
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const target = join(folder, `${stamp}_${name}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'migration.sql'), stdout);
  console.log(
    `Wrote ${join('prisma/migrations/sqlite', `${stamp}_${name}`, 'migration.sql')}: read it before you commit it.`,
  );
}
process.exit();

function schemaFile() {
  return { path: schemaPath, content: readFileSync(schemaPath, 'utf8') };
}

function migrationsAsLists() {
  const lockfile = {
    path: 'migration_lock.toml',
    content: readFileSync(join(root, 'prisma/migrations/migration_lock.toml'), 'utf8'),
  };
  const migrationDirectories = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(folder, path, 'migration.sql'), 'utf8') },
      },
    }));
  const list = { baseDir: folder, lockfile, shadowDbInitScript: '', migrationDirectories };
  return { ...list, migrationsList: list };
}

async function loadEngine() {
  const glue = createRequire(import.meta.url).resolve(
    '@prisma/schema-engine-wasm/schema_engine_bg',
  );
  const bindings = await import(glue);
  const { instance } = await WebAssembly.instantiate(readFileSync(glue.replace(/js$/, 'wasm')), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const factory = migrationAware(new PrismaBetterSqlite3({ url: ':memory:' }));
  return bindings.SchemaEngine.new(
    { datamodels: [[schemaPath, readFileSync(schemaPath, 'utf8')]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

/** The adapter runs one statement per call; the engine sends whole scripts without arguments. */
function migrationAware(factory) {
  const patch = (adapter) => {
    const executeRaw = adapter.executeRaw.bind(adapter);
    adapter.executeRaw = async (query) => {
      if (query.args.length > 0) return executeRaw(query);
      await adapter.executeScript(query.sql);
      return 0;
    };
    return adapter;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => patch(await factory.connect()),
    connectToShadowDb: async () => patch(await factory.connectToShadowDb()),
  };
}
