import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, TestServer } from './support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ BCRYPT_COST: '10' });
});
afterAll(() => server.stop());

/** Sends a request and hangs up as soon as the server has begun to work on it. */
async function hangUp(path: string, body: object): Promise<void> {
  const json = JSON.stringify(body);
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  await new Promise((resolve) =>
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${json.length}\r\n\r\n${json}`,
      resolve,
    ),
  );
  socket.destroy();
}

describe('who hangs up before the answer', () => {
  it('[16.2.1] is in the audit trail with the address all the same, while others come and go', async () => {
    const admin = await server.administrator();
    const lines = async () => {
      const { body } = await server.get('/audit-events?type=user.registered&limit=100', {
        bearer: admin.accessToken,
      });
      return body.items as { ip: string | null; requestId: string | null }[];
    };
    const others = Array.from({ length: 3 }, () => server.get('/health'));
    for (let nr = 0; nr < 6; nr++) {
      await hangUp('/auth/register', { email: `gone${nr}@example.org`, password: PASSWORD });
      await server.get('/health');
    }
    await Promise.all(others);
    await expect.poll(async () => (await lines()).length, { timeout: 10_000 }).toBe(6);
    for (const { ip, requestId } of await lines()) {
      expect(ip).toBe('127.0.0.1');
      expect(requestId).not.toBeNull();
    }
  });
});
