import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../src/config/load-config.js';
import { selfSigned, type Identity } from './support/certificate.js';
import { basicHeader, Client } from './support/client.js';
import { exchange } from './support/raw.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';

let folder: string;
let server: TestServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cert = () => join(folder, 'tls.crt');
const key = () => join(folder, 'tls.key');

function put(identity: Partial<Identity>): void {
  if (identity.cert !== undefined) writeFileSync(cert(), identity.cert);
  if (identity.key !== undefined) writeFileSync(key(), identity.key, { mode: 0o600 });
}

function files(): Record<string, string> {
  return { TLS_CERT_FILE: cert(), TLS_KEY_FILE: key() };
}

/** A handshake; fails as TLS does. */
function shake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ...options });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** GET over TLS, trusting this certificate alone. */
function get(path: string, ca: string, agent = new Agent({ ca })): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    const sent = httpsRequest({ host: 'localhost', port, path, agent }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode!));
    });
    sent.once('error', reject).end();
  });
}

/** The fingerprint of the certificate that a new connection is shown. */
async function shown(): Promise<string> {
  const socket = await shake(Number(new URL(server.url).port), { rejectUnauthorized: false });
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

function fingerprint({ cert: pem }: Identity): string {
  return new X509Certificate(pem).fingerprint256;
}

function logged(text: string): string[] {
  return server.logLines.filter((line) => line.includes(text));
}

describe('TLS of its own', () => {
  afterEach(() => server.stop());

  it('is spoken with the given certificate, and nothing else is', async () => {
    const identity = selfSigned();
    put(identity);
    server = await TestServer.start(files());
    expect(server.publicUrl).toMatch(/^https:\/\/localhost:\d+$/);
    expect(await get('/health', identity.cert)).toBe(200);
    await expect(get('/health', selfSigned().cert)).rejects.toThrow(/certificate/i);
    const plain = await exchange(server.url, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(plain.status).toBe(0);
    expect(logged('TLS certificate in use')).toHaveLength(1);
  });

  it('[12.1.1] is TLS 1.2 or 1.3, never older', async () => {
    const identity = selfSigned();
    put(identity);
    server = await TestServer.start(files());
    const port = Number(new URL(server.url).port);
    const old = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1', ca: identity.cert } as const;
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await shake(port, { ...old, maxVersion, servername: 'localhost' });
      expect(socket.getProtocol()).toBe(maxVersion);
      socket.destroy();
    }
    // That the client would speak it shows a server that does.
    const lax = createServer({ ...identity, ciphers: old.ciphers, minVersion: 'TLSv1' });
    await new Promise<void>((resolve) => lax.listen(0, '127.0.0.1', resolve));
    const { port: laxPort } = lax.address() as { port: number };
    for (const maxVersion of ['TLSv1', 'TLSv1.1'] as const) {
      const options = { ...old, maxVersion, servername: 'localhost' };
      const socket = await shake(laxPort, options);
      expect(socket.getProtocol()).toBe(maxVersion);
      socket.destroy();
      await expect(shake(port, options)).rejects.toThrow(/protocol version/);
    }
    lax.close();
  });

  it('[12.1.2] of TLS 1.2 is only what is forward secret and authenticated', async () => {
    put(selfSigned());
    server = await TestServer.start(files());
    const port = Number(new URL(server.url).port);
    const weak = { maxVersion: 'TLSv1.2', rejectUnauthorized: false } as const;
    for (const ciphers of [
      'ECDHE-ECDSA-AES128-SHA256',
      'AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES128-SHA',
    ]) {
      await expect(shake(port, { ...weak, ciphers })).rejects.toThrow(/handshake failure/);
    }
    const good = await shake(port, { ...weak, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' });
    good.destroy();
  });

  it('[3.4.1] tells browsers to use nothing else', async () => {
    const identity = selfSigned();
    put(identity);
    server = await TestServer.start(files());
    const socket = await shake(Number(new URL(server.url).port), {
      ca: identity.cert,
      servername: 'localhost',
    });
    socket.write('GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toContain('404');
    expect(answer.toLowerCase()).toContain(
      'strict-transport-security: max-age=63072000; includesubdomains',
    );
  });

  it('takes a new certificate while requests run, without losing one of them', async () => {
    const [first, second] = [selfSigned(), selfSigned()];
    put(first);
    server = await TestServer.start(files());
    const kept = new Agent({ ca: first.cert, keepAlive: true, maxSockets: 4 });
    const statuses: number[] = [];
    let running = true;
    const load = Array.from({ length: 4 }, async () => {
      while (running) statuses.push(await get('/health', first.cert, kept));
    });
    put({ cert: second.cert }); // for a moment, the pair does not match
    put({ key: second.key });
    await soon(async () => expect(await shown()).toBe(fingerprint(second)));
    running = false;
    await Promise.all(load);
    expect(new Set(statuses)).toEqual(new Set([200]));
    // The connections from before are still open; new ones are for the new certificate.
    expect(await get('/health', first.cert, kept)).toBe(200);
    kept.destroy();
    expect(await get('/health', second.cert)).toBe(200);
    await expect(get('/health', first.cert)).rejects.toThrow(/certificate/i);
  });

  it.each<[string, (good: Identity) => Partial<Identity>, string]>([
    ['half a certificate', ({ cert: pem }) => ({ cert: pem.slice(0, 200) }), 'TLS_CERT_FILE holds'],
    ['nothing', () => ({ cert: '' }), 'TLS_CERT_FILE holds'],
    [
      'the certificate of another key',
      () => ({ cert: selfSigned().cert }),
      'TLS_KEY_FILE holds another key',
    ],
    ['no key', () => ({ key: 'x' }), 'TLS_KEY_FILE holds no private key'],
  ])('goes on with the old one when the new one is %s, and says so', async (_, broken, said) => {
    const good = selfSigned();
    put(good);
    server = await TestServer.start(files());
    put(broken(good));
    await soon(() => expect(logged(said)).toHaveLength(1));
    expect(JSON.parse(logged(said)[0]!).level).toBe(50);
    expect(logged(said)[0]).not.toContain('PRIVATE');
    expect(await shown()).toBe(fingerprint(good));
    const better = selfSigned();
    put(better);
    await soon(async () => expect(await shown()).toBe(fingerprint(better)));
  });

  it('warns of a key that everybody can read, of another host, and of a date that has passed', async () => {
    put(selfSigned('elsewhere.example', -5));
    chmodSync(key(), 0o644);
    server = await TestServer.start(files());
    expect(logged('TLS_KEY_FILE')).toHaveLength(1);
    expect(logged('not for the host')).toHaveLength(1);
    expect(logged('has expired')).toHaveLength(1);
    await server.stop();
    put(selfSigned());
    chmodSync(key(), 0o640);
    server = await TestServer.start(files());
    expect([...logged('TLS_KEY_FILE'), ...logged('not for'), ...logged('expired')]).toEqual([]);
  });
});

describe('a setting of TLS that cannot be used', () => {
  const env = () => ({ MODE: 'development', ...files() });

  function faults(values: Record<string, string>): string[] {
    try {
      loadConfig(values, folder);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults.map(({ variable }) => variable);
    }
    return [];
  }

  it('is named, before anything is written', () => {
    const good = selfSigned();
    expect(faults(env())).toEqual(['TLS_CERT_FILE']);
    put({ cert: good.cert });
    expect(faults(env())).toEqual(['TLS_KEY_FILE']);
    put({ key: 'x' });
    expect(faults(env())).toEqual(['TLS_KEY_FILE']);
    put({ key: selfSigned().key });
    expect(faults(env())).toEqual(['TLS_KEY_FILE']);
    put({ key: good.key });
    expect(faults(env())).toEqual([]);
    put({ cert: readFileSync(key(), 'utf8') });
    expect(faults(env())).toEqual(['TLS_CERT_FILE']);
  });

  it('is one of the two alone, or an address without https', () => {
    put(selfSigned());
    const { TLS_CERT_FILE, TLS_KEY_FILE } = files();
    expect(faults({ MODE: 'development', TLS_CERT_FILE: TLS_CERT_FILE! })).toEqual([
      'TLS_KEY_FILE',
    ]);
    expect(faults({ MODE: 'development', TLS_KEY_FILE: TLS_KEY_FILE! })).toEqual(['TLS_CERT_FILE']);
    expect(faults({ ...env(), PUBLIC_URL: 'http://localhost:3000' })).toEqual(['PUBLIC_URL']);
    const { publicUrl, accessTokenAudience, tls } = loadConfig(env(), folder);
    expect([publicUrl, accessTokenAudience]).toEqual(Array(2).fill('https://localhost:3000'));
    expect(tls).toEqual({ certFile: cert(), keyFile: key() });
  });
});

/** An address of this machine that is not its loopback, if it has any, as a client elsewhere has. */
const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

describe.skipIf(OUTSIDE === undefined)('in clear', () => {
  const PRODUCTION = {
    MODE: 'production',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'https://accounts.example.org',
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'Example <no-reply@example.org>',
    BCRYPT_COST: '10',
    RATE_LIMITS: 'on',
  };
  /** As a proxy of this network says it. */
  const BY_TLS = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
  let ada: Person;

  afterEach(() => server.stop());

  /** The server as it is seen over the network. */
  function outside(): Client {
    return new Client(server.url.replace('127.0.0.1', OUTSIDE!));
  }

  async function production(env: Record<string, string> = {}): Promise<void> {
    server = await TestServer.start({ ...PRODUCTION, ...env });
    ada = await server.administrator('ada@example.org', PASSWORD);
  }

  /** Statuses of a closed route, by what the request says of how it came. */
  async function statuses(client: Client, ...said: Record<string, string>[]): Promise<number[]> {
    const answers = said.map((headers) =>
      client.get('/users/me', { bearer: ada.accessToken, headers }),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  }

  it('[4.1.2] production answers nobody over a network, says what to set, and redirects nowhere', async () => {
    await production({ CORS_ORIGINS: 'https://app.example.org' });
    const { email, password } = ada;
    const origin = 'https://app.example.org';
    for (const answer of [
      await outside().get('/users/me', { bearer: ada.accessToken, headers: { origin } }),
      await outside().get('/users/me', { basic: [email, password], headers: { origin } }),
      await outside().post('/auth/login', { email, password }, { headers: { origin } }),
      await outside().get('/', { headers: { origin } }),
      await outside().get('/nowhere', { headers: { origin } }),
      await outside().get('/healthy', { headers: { origin } }),
      await outside().get('/health/../users/me', { headers: { origin } }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'https_required']);
      expect(answer.body.detail).toMatch(/TRUST_PROXY.*TLS_CERT_FILE/);
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    }
    expect(logged('Plain HTTP is refused')).toHaveLength(1);
    expect(logged('login.succeeded')).toEqual([]);
  });

  it('probes of the machinery around are answered', async () => {
    await production();
    for (const path of ['/health', '/health/live', '/health/ready', '/health?probe=1']) {
      expect([path, (await outside().get(path)).status]).toEqual([path, 200]);
    }
  });

  it('this machine is answered: a proxy on it needs no setting', async () => {
    await production();
    expect(await statuses(server, {}, BY_TLS)).toEqual([200, 200]);
    const { email, password } = ada;
    expect((await server.get('/users/me', { basic: [email, password] })).status).toBe(200);
  });

  it('[4.1.3] [F49] what a client says of itself is not believed', async () => {
    await production();
    expect(
      await statuses(
        outside(),
        BY_TLS,
        { 'x-forwarded-for': '127.0.0.1' },
        { 'x-forwarded-for': 'a', 'x-original-uri': '/health' },
        { forwarded: 'proto=https;for=127.0.0.1', 'x-forwarded-ssl': 'on' },
        { 'front-end-https': 'on', 'x-url-scheme': 'https' },
      ),
    ).toEqual(Array(5).fill(403));
  });

  it('a trusted proxy is believed when it says https, and refused when it does not', async () => {
    await production({ TRUST_PROXY: `${OUTSIDE},127.0.0.1` });
    const said = [
      BY_TLS,
      { ...BY_TLS, 'x-forwarded-proto': 'http, https' },
      { ...BY_TLS, 'x-forwarded-proto': 'http' },
      { ...BY_TLS, 'x-forwarded-proto': 'https, http' },
      { ...BY_TLS, 'x-forwarded-proto': 'HTTPS!' },
      { ...BY_TLS, 'x-forwarded-proto': '' },
    ];
    expect(await statuses(outside(), ...said)).toEqual([200, 200, 403, 403, 403, 403]);
    expect(await statuses(outside(), { 'x-forwarded-for': '203.0.113.9' })).toEqual([403]);
    // On this machine it need not say anything, but is believed, too, when it says http.
    expect(await statuses(server, ...said.slice(0, 4))).toEqual([200, 200, 403, 403]);
    expect(await statuses(server, { 'x-forwarded-for': '203.0.113.9' })).toEqual([200]);
  });

  it('a number of hops is as good as an address', async () => {
    await production({ TRUST_PROXY: '1' });
    expect(await statuses(outside(), BY_TLS, {})).toEqual([200, 403]);
  });

  it('a proxy that is not trusted is not believed', async () => {
    await production({ TRUST_PROXY: '10.255.255.1' });
    expect(await statuses(outside(), BY_TLS, {})).toEqual([403, 403]);
    expect(await statuses(server, BY_TLS, { 'x-forwarded-proto': 'http' })).toEqual([200, 200]);
  });

  it('in development only a password sent by Basic is refused, wherever it is asked for', async () => {
    server = await TestServer.start({ HOST: '0.0.0.0' });
    ada = await server.person();
    const { email, password } = ada;
    const authorization = basicHeader(email, password);
    for (const path of ['/users/me', '/health', '/nowhere']) {
      const answer = await outside().get(path, { headers: { authorization } });
      expect([answer.status, answer.body.code]).toEqual([403, 'https_required']);
    }
    for (const scheme of ['basic', 'BASIC', 'Basic ']) {
      const headers = { authorization: authorization.replace('Basic', scheme) };
      const answer = await outside().send('POST', '/auth/login', { headers });
      expect([scheme, answer.status]).toEqual([scheme, 403]);
    }
    expect(await statuses(outside(), {})).toEqual([200]);
    expect((await outside().post('/auth/login', { email, password })).status).toBe(200);
    expect((await server.get('/users/me', { basic: [email, password] })).status).toBe(200);
  });
});
