/**
 * Signs a browser app in to Latchkey by cookie mode. The refresh token is in a cookie that no script
 * can read; the access token is in memory. All tabs share one session and refresh it one at a time.
 *
 *   const latchkey = new Latchkey('https://accounts.example.org'); // '' when it is the page's origin
 *   latchkey.onSignedOut = () => showSignInForm();
 *   await latchkey.signIn({ email, password });
 *   const me = await (await latchkey.fetch('/users/me')).json();
 */
export class Latchkey {
  /** Called when the session is over, whichever tab it ended in. */
  onSignedOut: () => void = () => {};
  #token: string | undefined;
  #expires = 0;
  readonly #tabs = new BroadcastChannel('latchkey');

  constructor(private readonly server = '') {
    this.#tabs.onmessage = ({ data }: MessageEvent<Access | null>) => this.#learn(data);
  }

  /** Like fetch, signed in. Refreshes when needed, and repeats a request that was refused once. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const send = (token: string): Promise<Response> => {
      const headers = new Headers(init.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(this.server + path, { ...init, headers });
    };
    const token = await this.#freshToken();
    const answer = await send(token);
    return answer.status === 401 ? send(await this.#freshToken(token)) : answer;
  }

  /** Refused with `mfa_required`: go on by `signIn({ mfa_token, code }, '/auth/mfa/verify')`. */
  async signIn(proof: object, path = '/auth/login'): Promise<void> {
    await navigator.locks.request(LOCK, () => this.#obtain(`${path}?session=cookie`, 1, proof));
  }

  async signOut(): Promise<void> {
    try {
      await navigator.locks.request(LOCK, () => this.#post('/auth/logout', 3));
    } catch (error) {
      if (!isOver(error)) throw error; // still signed in
    }
    this.#tell(null);
  }

  /** An access token that has not expired, other than the one that was refused. */
  async #freshToken(refused?: string): Promise<string> {
    const isFresh = () => this.#token !== refused && Date.now() < this.#expires;
    if (!isFresh()) {
      // One tab refreshes; those that waited for the lock take what it got.
      await navigator.locks.request(LOCK, async () => {
        if (!isFresh()) await this.#obtain('/auth/refresh', 3);
      });
    }
    return this.#token!;
  }

  async #obtain(path: string, tries: number, proof?: object): Promise<void> {
    try {
      const { access_token, expires_in } = await this.#post(path, tries, proof);
      this.#tell({ token: access_token, expires: Date.now() + expires_in * 1000 });
    } catch (error) {
      if (isOver(error) && !proof) this.#tell(null);
      throw error;
    }
  }

  /** Sent again when no answer comes: within ten seconds it gets the answer that was lost. */
  async #post(path: string, tries: number, body?: object): Promise<Tokens> {
    try {
      const answer = await fetch(this.server + path, {
        method: 'POST',
        credentials: 'include',
        keepalive: true, // the cookie of the answer is kept although the page may be left
        headers: { 'X-Requested-With': 'fetch', 'Content-Type': 'application/json' },
        body: JSON.stringify(body ?? {}),
        signal: AbortSignal.timeout(4000),
      });
      const json = JSON.parse((await answer.text()) || '{}');
      if (!answer.ok) throw new Refused(answer.status, json);
      return json;
    } catch (error) {
      if (error instanceof Refused || tries === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return this.#post(path, tries - 1, body);
    }
  }

  #tell(access: Access | null): void {
    this.#tabs.postMessage(access);
    this.#learn(access);
  }

  #learn(access: Access | null): void {
    this.#token = access?.token;
    this.#expires = access?.expires ?? 0;
    if (!access) this.onSignedOut();
  }
}

const LOCK = 'latchkey';

type Access = { token: string; expires: number };
type Tokens = { access_token: string; expires_in: number };

/** Anything but 401, such as no network, says nothing about the session. */
const isOver = (error: unknown) => error instanceof Refused && error.status === 401;

/** A refusal (RFC 9457): decide by `problem.code`, show `problem.detail`. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: { code?: string; detail?: string; mfa_token?: string },
  ) {
    super(problem.detail ?? `The server answered ${status}.`);
  }
}
