import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The ways a mail server can fail here. */
export const FAULTS = [
  'refuses',
  'hangs at the greeting',
  'hangs after the message',
  'puts off (450)',
  'rejects (550)',
  'one byte a second',
  'breaks TLS',
];

/** A mail server on this machine that keeps what it gets, and fails in the way it is told. */
export class MailSink {
  /** One of {@link FAULTS}; undefined: it works. Set it with {@link become}. */
  fault;
  /** By Message-ID: recipient, how often it was taken, how often it came in whole. */
  mails = new Map();
  connections = 0;
  /** Called with the name of each command, and with `message` when one has come in whole. */
  onCommand = () => {};
  port = 0;
  #server;
  #sockets = new Set();

  async start() {
    this.#server = createServer((socket) => this.#talk(socket));
    this.#server.on('error', () => {});
    await new Promise((resolve) => this.#server.listen(this.port, '127.0.0.1', resolve));
    this.port = this.#server.address().port;
    return this;
  }

  get url() {
    return `smtp://127.0.0.1:${this.port}`;
  }

  get taken() {
    return [...this.mails.values()].filter((mail) => mail.taken > 0).length;
  }

  /** As a mail server that is restarted: all connections are cut. */
  async become(fault) {
    await this.stop();
    this.fault = fault;
    if (fault !== 'refuses') await this.start();
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #talk(socket) {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const { fault } = this;
    if (fault === 'hangs at the greeting') return;
    const say = sayer(socket, fault === 'one byte a second');
    const session = { to: '', data: undefined, rest: '' };
    socket.on('data', (chunk) => {
      session.rest += chunk.toString('latin1');
      this.#read(session, say, socket, fault);
    });
    say('220 sink');
  }

  #read(session, say, socket, fault) {
    for (;;) {
      const end = session.rest.indexOf(session.data ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const text = session.rest.slice(0, end);
      session.rest = session.rest.slice(end + (session.data ? 5 : 2));
      if (session.data) {
        session.data = false;
        const mail = this.#keep(text, session.to);
        this.onCommand('message');
        if (fault === 'hangs after the message') return;
        mail.taken++;
        say('250 taken');
      } else {
        this.#command(text, session, say, socket, fault);
      }
    }
  }

  #command(line, session, say, socket, fault) {
    const verb = line.split(/[ :]/, 1)[0].toUpperCase();
    this.onCommand(verb);
    switch (verb) {
      case 'EHLO':
        return say(fault === 'breaks TLS' ? '250-sink\r\n250 STARTTLS' : '250 sink');
      case 'STARTTLS':
        say('220 go on');
        return socket.end('this is not TLS\r\n');
      case 'RCPT':
        if (fault === 'puts off (450)') return say('450 later');
        if (fault === 'rejects (550)') return say('550 unknown');
        session.to = /<([^>]*)>/.exec(line)?.[1] ?? '';
        return say('250 ok');
      case 'DATA':
        session.data = true;
        return say('354 go on');
      case 'QUIT':
        say('221 bye');
        return socket.end();
      default:
        return say('250 ok');
    }
  }

  #keep(text, to) {
    const id = /^Message-ID: <([^@>]+)/im.exec(text)?.[1] ?? '';
    const mail = this.mails.get(id) ?? { to, taken: 0, cameIn: 0 };
    mail.cameIn++;
    this.mails.set(id, mail);
    return mail;
  }
}

/** Says a line, one after the other; perhaps a byte a second. */
function sayer(socket, slowly) {
  let before = Promise.resolve();
  return (text) => {
    const line = `${text}\r\n`;
    if (!slowly) return void socket.write(line);
    before = before.then(async () => {
      for (const byte of line) {
        if (socket.destroyed) return;
        socket.write(byte);
        await sleep(1000, undefined, { ref: false });
      }
    });
  };
}
