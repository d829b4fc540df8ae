// npm run docs:configuration          writes docs/configuration.md and .env.example
// npm run docs:configuration:check    fails when they differ from src/config/variables.ts
import { buildOrExit } from './build-if-stale.mjs';
import { writeOrCheck } from './write-or-check.mjs';

await buildOrExit();
const { LIMITS, VARIABLES } = await import('../dist/config/variables.js');

/** Headings of the page and the file, in their order; each variable stands under one of them. */
const GROUPS = {
  Process: [
    'MODE',
    'HOST',
    'PORT',
    'PUBLIC_URL',
    'TLS_CERT_FILE',
    'TLS_KEY_FILE',
    'TRUST_PROXY',
    'CORS_ORIGINS',
  ],
  'Data and keys': ['DATA_DIR', 'DATABASE_URL', 'MASTER_KEY', 'MASTER_KEY_NEW'],
  Mail: ['SMTP_URL', 'SMTP_TLS', 'MAIL_FROM'],
  'First administrator': ['ADMIN_EMAIL', 'ADMIN_PASSWORD'],
  'Tokens and sessions': [
    'JWT_ALGORITHM',
    'KEY_ROTATION',
    'ACCESS_TOKEN_TTL',
    'ACCESS_TOKEN_AUDIENCE',
    'SESSION_IDLE_TTL',
    'SESSION_TTL',
    'REFRESH_GRACE',
    'EMAIL_TOKEN_TTL',
    'PASSWORD_RESET_TTL',
  ],
  'Sign-in': ['MFA_REQUIRED_ROLES', 'MAIL_CODE_LOGIN'],
  Passwords: ['PASSWORD_MIN_LENGTH', 'PASSWORD_CLASSES', 'BREACHED_PASSWORDS_FILE', 'BCRYPT_COST'],
  Watching: ['LOG_LEVEL', 'METRICS_TOKEN', 'METRICS_PORT', 'WEBHOOK_URL', 'WEBHOOK_SECRET'],
  'Audit trail': ['AUDIT_RETENTION'],
  Limits: [
    'RATE_LIMITS',
    'LIMIT_GENERAL',
    'LIMIT_LOGIN',
    'LIMIT_TOKEN',
    'LIMIT_REGISTER',
    'LIMIT_MAIL',
    'LIMIT_API_KEY',
  ],
};

const grouped = Object.values(GROUPS).flat();
const stray = [
  ...Object.keys(VARIABLES).filter((name) => !grouped.includes(name)),
  ...grouped.filter((name) => !(name in VARIABLES)),
];
if (stray.length > 0) {
  console.error(
    `In only one of src/config/variables.ts and the groups of this script: ${stray.join(', ')}`,
  );
  process.exit(1);
}

writeOrCheck('npm run docs:configuration', {
  'docs/configuration.md': page(),
  '.env.example': envExample(),
});

function page() {
  const sections = Object.entries(GROUPS).map(([heading, names]) =>
    [
      `## ${heading}`,
      '',
      '| Variable | Default | Meaning | Example |',
      '| --- | --- | --- | --- |',
      ...names.map((name) => {
        const { default: initial, meaning, example, secret } = VARIABLES[name];
        const names = secret ? `\`${name}\`<br>or \`${name}_FILE\`` : `\`${name}\``;
        return `| ${names} | ${initial === null ? 'unset' : code(initial)} | ${cell(meaning)} | ${example.includes(': ') ? cell(example) : code(example)} |`;
      }),
    ].join('\n'),
  );
  return `<!-- Written by \`npm run docs:configuration\` from src/config/variables.ts. -->

# Configuration

Every setting is an environment variable, and every one is optional in development. A file \`.env\` in the working folder is read if there is one; what the environment says wins over it. An empty value is the same as none, except that an empty \`MASTER_KEY\` is refused.

- **Durations** need a unit: \`90s\`, \`15m\`, \`24h\`, \`14d\`. They are at least \`1s\` unless it says otherwise, and \`ACCESS_TOKEN_TTL\` <= \`SESSION_IDLE_TTL\` <= \`SESSION_TTL\`.
- **Rates** are a count and a window: \`20/1h\`.
- **Secrets** may also be read from a file: set \`NAME_FILE\` to its path instead of \`NAME\`. One line break at its end is left out.
- **Faults** are all told at once, each with the variable and an example. The server then exits with status 78 and has written nothing.

In production \`PUBLIC_URL\` (https), \`SMTP_URL\` and \`MAIL_FROM\` are required.

${sections.join('\n\n')}

### What each limit counts

| Limit | Rate | Counts | Per | Over it |
| --- | --- | --- | --- | --- |
${LIMITS.map(limitRow).join('\n')}

A network is an IPv4 address or the /64 of an IPv6 address, as \`TRUST_PROXY\` lets it be seen. A window begins with the first thing counted in it. A known device is a network that somebody has signed in to the account from within 90 days, or used a mailed link or code of it that confirms an address or sets a password; a browser with the cookie \`__Host-latchkey-device\` that one of these has set; or a session. A 429 carries \`Retry-After\`, \`RateLimit\` and \`RateLimit-Policy\` of the limit that lasts longest.
`;
}

function limitRow({ name, rate, counts, per, over }) {
  const shown = rate in VARIABLES ? `\`${rate}\`` : rate;
  return `| ${name === null ? 'not told' : code(name)} | ${shown} | ${cell(counts)} | ${cell(per)} | ${cell(over)} |`;
}

function envExample() {
  const sections = Object.entries(GROUPS).map(([heading, names]) =>
    [
      `# --- ${heading} ---`,
      '',
      ...names.flatMap((name) => {
        const { default: initial, meaning, secret } = VARIABLES[name];
        return [
          `# ${meaning}${secret ? ` Or ${name}_FILE.` : ''}`,
          `#${name}=${initial === null ? '' : quoted(concrete(initial))}`,
          '',
        ];
      }),
    ].join('\n'),
  );
  return `# Every variable with its default. All are optional in development: nothing here needs to be set.
# Copy this file to .env and remove the # in front of what you change. More: docs/configuration.md

${sections.join('\n').trimEnd()}
`;
}

function code(text) {
  return `\`${cell(text)}\``;
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

/** A default that names another variable, with that variable's default put in. */
function concrete(text) {
  return text
    .replace('PUBLIC_URL', VARIABLES.PUBLIC_URL.default)
    .replace('PORT', VARIABLES.PORT.default)
    .replace('DATA_DIR', VARIABLES.DATA_DIR.default);
}

function quoted(text) {
  return /[\s<>"]/.test(text) ? `"${text}"` : text;
}
