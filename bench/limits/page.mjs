// The limit of a list: bare node:http, raw SQL for the same page on the server's own database.
import { createServer } from 'node:http';
import BetterSqlite3 from 'better-sqlite3';

process.once('message', ({ file, headers }) => {
  const db = new BetterSqlite3(file, { readonly: true });
  const page = db.prepare(`
    SELECT "page".*, "Role"."name" AS "role", "Role"."permissions" AS "permissions"
    FROM (SELECT * FROM "User" WHERE "id" > '' ORDER BY "id" LIMIT 51) AS "page"
    LEFT JOIN "UserRole" ON "UserRole"."userId" = "page"."id"
    LEFT JOIN "Role" ON "Role"."id" = "UserRole"."roleId"
    ORDER BY "page"."id"`);
  const server = createServer((_, response) => {
    const items = page
      .all()
      .slice(0, 50)
      .map((user) => ({
        id: user.id,
        email: user.email,
        emailVerified: user.emailVerifiedAt !== null,
        name: user.name,
        roles: [user.role],
        permissions: [],
        status: user.status,
        createdAt: user.createdAt,
        updatedAt: user.updatedAt,
        lastLoginAt: user.lastLoginAt,
      }));
    const body = JSON.stringify({ items, nextCursor: items.at(-1)?.id ?? null });
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
});
