import type { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** How long requests that are on their way have to arrive, in milliseconds. */
const LAST_ARRIVALS = 100;
/** How long requests in flight have before their connections are cut, in milliseconds. */
const LONGEST_REQUEST = 7000;
/** How often connections whose last request is answered are looked for, in milliseconds. */
const LOOK = 50;

/**
 * On SIGTERM or SIGINT: stops accepting, finishes requests in flight, closes the database, exits
 * 0. Nest's own shutdown hooks would wait for idle and silent connections without end.
 */
export function stopGracefully(app: NestFastifyApplication, log: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.log({ msg: 'stopping', signal });
    const server = app.getHttpServer();
    setTimeout(() => server.closeAllConnections(), LONGEST_REQUEST).unref();
    // Closed at once, the system would reset the connections that wait to be accepted.
    setTimeout(() => {
      server.close(); // now; Nest would first wait for the mails on their way
      setInterval(() => server.closeIdleConnections(), LOOK).unref();
      app.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error(error);
          process.exit(1);
        },
      );
    }, LAST_ARRIVALS);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
