/**
 * Which folder may know which. Arrows point one way:
 *
 *     auth -> users, mail, audit -> common, database, config
 *
 * Run by `npm run arrows`.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Files that need each other cannot be understood or tested apart.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing uses this file.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '\\.spec\\.ts$'] },
      to: {},
    },
    {
      name: 'not-to-spec',
      comment: 'Tests are used by nothing.',
      severity: 'error',
      from: {},
      to: { path: '\\.spec\\.ts$' },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'The server runs without development dependencies.',
      severity: 'error',
      from: { path: '^src', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-declared-packages',
      comment: 'A package is used only when package.json names it.',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },

    {
      name: 'base-knows-no-capability',
      comment: 'common, config and database are what everything else stands on.',
      severity: 'error',
      from: { path: '^src/(common|config|database)/|^src/clock\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(common|config|database|generated)/|^src/clock\\.ts$' },
    },
    {
      name: 'config-knows-common-only',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/', pathNot: '^src/(common|config)/|^src/clock\\.ts$' },
    },
    {
      name: 'database-knows-no-http',
      severity: 'error',
      from: { path: '^src/database/' },
      to: { path: '^src/common/(http|access)/' },
    },
    {
      name: 'access-knows-errors-only',
      comment: 'Who may call a route is decided without knowing anything else of ours.',
      severity: 'error',
      from: { path: '^src/common/access/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/common/access/|^src/common/errors/problem\\.ts$|^src/common/http/fastify\\.d\\.ts$|^src/clock\\.ts$',
      },
    },
    {
      name: 'nobody-knows-auth',
      comment: 'auth stands on top: only what puts the server together knows it.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '^src/(auth|audit-trail|cli|maintenance|metrics|start-page|suspicious-activity)/|^src/[^/]+\\.ts$',
      },
      to: { path: '^src/auth/' },
    },
    {
      name: 'capabilities-below-auth-are-apart',
      comment: 'users, mail, audit and health know the base and each other only in this order.',
      severity: 'error',
      from: { path: '^src/(mail|audit|health)/' },
      to: { path: '^src/(users|access-review|metrics|start-page|cli)/' },
    },
    {
      name: 'audit-stands-alone',
      severity: 'error',
      from: { path: '^src/audit/' },
      to: { path: '^src/(mail|users|pages|openapi)/' },
    },
    {
      name: 'pages-know-no-capability',
      comment: 'A page is text, style and script; what it shows is given to it.',
      severity: 'error',
      from: { path: '^src/pages/' },
      to: { path: '^src/', pathNot: '^src/(pages|common)/' },
    },
    {
      name: 'openapi-knows-no-capability',
      comment: 'The document is made from what routes say of themselves.',
      severity: 'error',
      from: { path: '^src/openapi/' },
      to: { path: '^src/', pathNot: '^src/(openapi|common|config|pages)/' },
    },
    {
      name: 'top-knows-all-and-is-known-by-none',
      comment: 'The files of src itself put the server together; the clock is for everyone.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/cli/' },
      to: { path: '^src/[^/]+\\.ts$', pathNot: '^src/clock\\.ts$' },
    },

    {
      name: 'database-in-one-place',
      comment: 'Only src/database opens a database. (The linter keeps PrismaClient in there, too.)',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(database|generated)/' },
      to: { path: 'node_modules/(@prisma|better-sqlite3)/' },
    },
    {
      name: 'nodemailer-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/mail/transports/' },
      to: { path: 'node_modules/nodemailer/|^nodemailer$' },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/generated/' },
      to: { path: '^src/(?!generated/).*index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^src/generated'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
