import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  recipients: string[];
  secure: boolean;
  raw: string;
  parsed: Email;
}

/** A real mail server on this machine that keeps what it gets and fails as it is told. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Every recipient anyone asked for, taken or not. */
  readonly asked: string[] = [];
  /** Reply to RCPT by address; undefined takes it. */
  onRecipient: (address: string) => number | undefined = () => undefined;
  /** Called when a message has come in whole; may wait. */
  onMessage: () => Promise<void> = () => Promise.resolve();
  port = 0;
  #server: SMTPServer | undefined;

  constructor(private readonly options: SMTPServerOptions = { disabledCommands: ['STARTTLS'] }) {}

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Listens; after {@link stop} at the same port as before. */
  async start(): Promise<this> {
    const server = new SMTPServer({
      authOptional: true,
      logger: false,
      disableReverseLookup: true,
      ...this.options,
      onRcptTo: ({ address }, _session, callback) => {
        this.asked.push(address);
        const code = this.onRecipient(address);
        if (code === undefined) return callback();
        callback(Object.assign(new Error(`no ${address} here`), { responseCode: code }));
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          void (async () => {
            this.received.push({
              from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
              recipients: session.envelope.rcptTo.map(({ address }) => address),
              secure: session.secure,
              raw: raw.toString('latin1'),
              parsed: await PostalMime.parse(raw),
            });
            await this.onMessage();
            callback();
          })();
        });
      },
    });
    server.on('error', () => {});
    server.listen(this.port, '127.0.0.1');
    await once(server.server, 'listening');
    this.port = (server.server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** Takes connections and never says a word. */
export class SilentServer {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => {
    this.#sockets.add(socket);
    socket.on('error', () => {});
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
