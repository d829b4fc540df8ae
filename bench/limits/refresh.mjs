// The limit of a refresh: bare node:http, the same guarded update by raw better-sqlite3 with
// synchronous=FULL, an ES256 signature, and the next refresh token.
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import BetterSqlite3 from 'better-sqlite3';

process.once('message', ({ file, sessions, headers, claims }) => {
  const db = new BetterSqlite3(file);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;');
  db.exec(
    'CREATE TABLE "Session" (id TEXT PRIMARY KEY, generation INT, usedAt TEXT, endedAt TEXT)',
  );
  const insert = db.prepare('INSERT INTO "Session" VALUES (?, 0, ?, NULL)');
  db.transaction(() => {
    for (let i = 0; i < sessions; i++) insert.run(String(i), new Date().toISOString());
  })();
  const rotate = db.prepare(
    'UPDATE "Session" SET generation = ?, usedAt = ? WHERE id = ? AND generation = ? AND endedAt IS NULL',
  );
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
  const mac = randomBytes(32);
  const head = Buffer.from('{"alg":"ES256","typ":"at+jwt"}').toString('base64url');

  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { refresh_token } = JSON.parse(Buffer.concat(chunks));
      const [id, generation, tag] = refresh_token.split('.');
      const text = `${id}.${generation}`;
      if (createHmac('sha256', mac).update(text).digest('base64url') !== tag && tag !== 'first') {
        throw new Error('forged');
      }
      const next = Number(generation) + 1;
      const { changes } = rotate.run(next, new Date().toISOString(), id, Number(generation));
      if (changes !== 1) throw new Error('lost the race');
      const iat = Math.floor(Date.now() / 1000);
      const payload = Buffer.from(JSON.stringify({ ...claims, iat })).toString('base64url');
      const signature = sign('sha256', Buffer.from(`${head}.${payload}`), key);
      const successor = `${id}.${next}`;
      const body = JSON.stringify({
        access_token: `${head}.${payload}.${signature.toString('base64url')}`,
        token_type: 'Bearer',
        expires_in: 900,
        refresh_token: `${successor}.${createHmac('sha256', mac).update(successor).digest('base64url')}`,
      });
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
});
