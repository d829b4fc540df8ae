import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from './support/rows.js';
import { PASSWORD, TestServer } from './support/server.js';
import { switchedOff } from './support/switched-off.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ BCRYPT_COST: '10' });
});
afterAll(() => server.stop());

/** Sends a request, and what is to stand behind it, and hangs up before any is answered. */
async function hangUp(path: string, body: object, behind = ''): Promise<void> {
  const json = JSON.stringify(body);
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  await new Promise((resolve) =>
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${json.length}\r\n\r\n${json}${behind}`,
      resolve,
    ),
  );
  socket.destroy();
}

describe('who hangs up before the answer', () => {
  it('[16.2.1] is in the audit trail with the address all the same, while others come and go', async () => {
    for (let nr = 0; nr < 6; nr++) {
      await hangUp('/auth/register', { email: `gone${nr}@example.org`, password: PASSWORD });
      await server.get('/health');
    }
    await expect.poll(() => registrations().length).toBe(6);
    for (const { ip, requestId } of registrations()) {
      expect(ip).toBe('127.0.0.1');
      expect(requestId).not.toBeNull();
    }
  });

  it('costs nothing afterwards, also with requests behind that nobody hears the answers of', async () => {
    const before = registrations().length;
    const behind = 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(3);
    await hangUp('/auth/register', { email: 'all@example.org', password: PASSWORD }, behind);
    await expect.poll(() => registrations().length).toBe(before + 1);
    await switchedOff();
  });
});

function registrations(): { ip: string | null; requestId: string | null }[] {
  return rows(
    server.dataDir,
    `SELECT "ip", "requestId" FROM "AuditEvent" WHERE "type" = 'user.registered'`,
  );
}
