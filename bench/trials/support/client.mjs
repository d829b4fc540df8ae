import { Agent, request } from 'node:http';

/** No answer at all: refused, reset or cut. `code` is the system's, or HUNG after {@link PATIENCE}. */
export class NoAnswer extends Error {
  constructor(code, what = '') {
    super(`no answer: ${code} ${what}`);
    this.code = code;
  }
}

/** A request without an answer for so long, in milliseconds, will not get one. */
const PATIENCE = 60_000;

/** Speaks HTTP over kept connections of its own. */
export class Client {
  #agent;

  constructor(port, { connections = Infinity } = {}) {
    this.port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Closes the connections nothing is sent on; the next request opens another. */
  disconnect() {
    this.#agent.destroy();
  }

  get = (path, options) => this.send('GET', path, options);
  post = (path, json, options) => this.send('POST', path, { ...options, json });
  put = (path, json, options) => this.send('PUT', path, { ...options, json });
  delete = (path, options) => this.send('DELETE', path, options);

  /**
   * @param options json, bearer (access token), basic ([address, password]), headers; `onSent` is
   *   called once the request is written
   * @returns {Promise<{status: number, headers: object, body: any, text: string, ms: number}>}
   * @throws NoAnswer
   */
  send(method, path, { json, bearer, basic, headers = {}, onSent } = {}) {
    const content = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
    const begun = performance.now();
    const what = `${method} ${path.split('?')[0]}`;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: {
            ...(content && {
              'content-type': 'application/json',
              'content-length': content.length,
            }),
            ...(bearer && { authorization: `Bearer ${bearer}` }),
            ...(basic && {
              authorization: `Basic ${Buffer.from(basic.join(':')).toString('base64')}`,
            }),
            ...headers,
          },
        },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk) => (text += chunk));
          incoming.on('error', (error) => reject(new NoAnswer(error.code, what)));
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode,
              headers: incoming.headers,
              body: parsed(text, incoming.headers),
              text,
              ms: performance.now() - begun,
            }),
          );
        },
      );
      outgoing.setTimeout(PATIENCE, () => outgoing.destroy(new NoAnswer('HUNG', what)));
      outgoing.on('error', (error) =>
        reject(error instanceof NoAnswer ? error : new NoAnswer(error.code, what)),
      );
      if (onSent) outgoing.once('finish', onSent);
      outgoing.end(content);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

function parsed(text, headers) {
  return /json/.test(headers['content-type'] ?? '') && text !== '' ? JSON.parse(text) : undefined;
}
