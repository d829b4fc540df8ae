/** What a server answered. */
export interface Answer<Body = any> {
  status: number;
  headers: Headers;
  /** Parsed JSON; text of anything else; undefined when empty. */
  body: Body;
  text: string;
}

export interface RequestOptions {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  raw?: string | Uint8Array<ArrayBuffer>;
  /** Access token. */
  bearer?: string;
  /** Address and password. */
  basic?: [string, string];
  headers?: Record<string, string>;
}

/** Speaks HTTP to a server under test. */
export class Client {
  constructor(readonly url: string) {}

  get = (path: string, options?: RequestOptions) => this.send('GET', path, options);
  post = (path: string, json?: unknown, options?: RequestOptions) =>
    this.send('POST', path, { ...options, json });
  put = (path: string, json?: unknown, options?: RequestOptions) =>
    this.send('PUT', path, { ...options, json });
  patch = (path: string, json?: unknown, options?: RequestOptions) =>
    this.send('PATCH', path, { ...options, json });
  delete = (path: string, options?: RequestOptions) => this.send('DELETE', path, options);

  async send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { json, raw, bearer, basic, headers } = options;
    const body = json === undefined ? raw : JSON.stringify(json);
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(basic === undefined ? {} : { authorization: basicHeader(...basic) }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = endless(response) ? '' : await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
      text,
    };
  }
}

/** A live tail has no end: its head is the answer. */
function endless(response: Response): boolean {
  if (response.headers.get('content-type') !== 'text/event-stream') return false;
  void response.body?.cancel();
  return true;
}

export function basicHeader(userId: string, password: string): string {
  return `Basic ${Buffer.from(`${userId}:${password}`).toString('base64')}`;
}
