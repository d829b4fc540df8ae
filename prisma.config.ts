// `prisma generate` asks for the schema engine's binary even though it never runs it, and would
// download one. Naming any executable keeps the build offline. Migrations do not go through this
// engine: see docs/decisions/0004-migrations.md.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default { schema: 'prisma/schema.prisma' };
