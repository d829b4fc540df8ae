import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeSlowReaders } from './slow-readers.js';

afterEach(() => vi.useRealTimers());

describe('a connection whose other end does not read', () => {
  it('is closed, and one that has taken its answer is not', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    // More than the system takes off our hands for a connection.
    const server = createServer((request, answer) => {
      answer.end(request.url === '/large' ? Buffer.alloc(2 ** 26) : 'small');
    });
    closeSlowReaders(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = async (path: string) => {
      const client = connect(port, '127.0.0.1');
      client.on('error', () => {});
      const [socket] = await once(server, 'connection');
      client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      return { client, socket };
    };
    const reader = await accepted('/small');
    await once(reader.client, 'data');
    const deaf = await accepted('/large');
    await once(server, 'request');

    vi.advanceTimersByTime(20_000);
    expect([deaf.socket.destroyed, reader.socket.destroyed]).toEqual([false, false]);
    vi.advanceTimersByTime(15_000);
    expect([deaf.socket.destroyed, reader.socket.destroyed]).toEqual([true, false]);
    reader.client.destroy();
    deaf.client.destroy();
    server.close();
  });
});
