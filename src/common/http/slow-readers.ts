import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** How long a connection may leave what it was sent untaken, in milliseconds. */
const LONGEST = 25_000;
/** How often to look, in milliseconds. */
const LOOK = 2500;

/**
 * Closes connections whose other end does not read: each holds its answers in memory. Node's own
 * timeouts are about requests that do not arrive; its `server.timeout` would also end requests that
 * are still being worked on, and takes twice its time for a write that is stuck.
 */
export function closeSlowReaders(server: Server): void {
  const stuck = new Map<Socket, { written: number; since: number }>();
  const sockets = new Set<Socket>();
  // Under TLS the socket of the connection does not know what waits in the one above it.
  const made = server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.on(made, (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      stuck.delete(socket);
    });
  });
  const look = setInterval(() => {
    const now = performance.now();
    for (const socket of sockets) {
      const before = stuck.get(socket);
      if (socket.writableLength === 0) stuck.delete(socket);
      else if (before?.written !== socket.bytesWritten)
        stuck.set(socket, { written: socket.bytesWritten, since: now });
      else if (now - before.since > LONGEST) socket.destroy();
    }
  }, LOOK).unref();
  server.once('close', () => clearInterval(look));
}
