// npm run test:system [-- <vitest arguments>]: tests that drive programs of the operating system.
// npm run test:attacks: the same with programs that attack; some minutes, so not for every change.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildOrExit, root } from './build-if-stale.mjs';
import { runNode } from './run-node.mjs';

/** File -> Debian package that brings it. */
const NEEDED = {
  system: {
    '/usr/bin/chromium': 'chromium',
    '/usr/bin/curl': 'curl',
    '/usr/bin/oathtool': 'oathtool',
    '/usr/bin/script': 'bsdutils',
    '/usr/lib/python3/dist-packages/werkzeug/security.py': 'python3-werkzeug',
    '/usr/sbin/nginx': 'nginx-light',
    '/usr/bin/caddy': 'caddy',
    '/usr/lib/python3/dist-packages/jwt/api_jwt.py': 'python3-jwt',
    '/usr/lib/python3/dist-packages/cryptography/fernet.py': 'python3-cryptography',
    '/usr/lib/python3/dist-packages/flask/app.py': 'python3-flask',
    '/usr/lib/python3/dist-packages/flask_jwt_extended/jwt_manager.py':
      'python3-python-flask-jwt-extended',
  },
  attacks: { '/usr/bin/hydra': 'hydra', '/usr/bin/sqlmap': 'sqlmap' },
};
/** Has hundreds of packages, so it is apart from everybody's installation. */
const BRUNO = 'clients/bruno';

const [folder, ...args] = process.argv.slice(2);
const missing = Object.entries(NEEDED[folder]).filter(([file]) => !existsSync(file));
if (missing.length > 0) {
  for (const [file] of missing) console.error(`${file} is missing.`);
  console.error(`Run: sudo apt-get install ${missing.map(([, name]) => name).join(' ')}`);
  process.exit(1);
}
if (folder === 'system' && !existsSync(join(root, BRUNO, 'node_modules'))) {
  console.error(`The CLI of Bruno is missing.\nRun: npm ci --ignore-scripts --prefix ${BRUNO}`);
  process.exit(1);
}

await buildOrExit();
process.exitCode = await runNode('node_modules/vitest/vitest.mjs', [
  'run',
  '--config=vitest.system.config.ts',
  `--dir=test/${folder}`,
  ...args,
]);
