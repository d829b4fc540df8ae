import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type { components, paths } from './schema.js';

export type TokenResponse = components['schemas']['TokenResponse'];

/** What is kept between requests. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** Where tokens are kept: memory, KeyStore, Keychain. Shared by everything that signs in as one. */
export interface TokenStorage {
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  set(tokens: Tokens | undefined): void | Promise<void>;
}

/** Tokens for as long as this page or process lives. */
export class MemoryStorage implements TokenStorage {
  #tokens: Tokens | undefined;

  get(): Tokens | undefined {
    return this.#tokens;
  }

  set(tokens: Tokens | undefined): void {
    this.#tokens = tokens;
  }
}

export interface LatchkeyOptions {
  /** PUBLIC_URL of the server. */
  baseUrl: string;
  storage?: TokenStorage;
  fetch?: typeof fetch;
  /** Called when the session is over: ask the person to sign in again. */
  onSignedOut?: () => void;
}

/** Refusals of an access token that a new one cures, if the session still stands. */
const RENEWABLE = new Set(['token_expired', 'token_revoked', 'token_signature_invalid']);
const LOCK = 'latchkey-refresh';

/**
 * A client of the server: `api` has every route, typed, and sends the access token. One that is no
 * longer taken is renewed and the request sent again, once; any number of requests wait for the same
 * renewal.
 */
export class Latchkey {
  readonly api: Client<paths>;
  readonly #storage: TokenStorage;
  readonly #fetch: typeof fetch;
  #refreshing: Promise<boolean> | undefined;

  constructor(private readonly options: LatchkeyOptions) {
    this.#storage = options.storage ?? new MemoryStorage();
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.api = createFetchClient<paths>({
      baseUrl: options.baseUrl,
      fetch: (request) => this.#send(request),
    });
  }

  /**
   * Signs in with a password. With a second factor enrolled the error is `mfa_required`: prove it by
   * `api.POST('/auth/mfa/verify', ...)` and hand what that gives to {@link adopt}.
   */
  async signIn(email: string, password: string) {
    const answer = await this.api.POST('/auth/login', { body: { email, password } });
    if (answer.data) await this.adopt(answer.data as TokenResponse);
    return answer;
  }

  /** Goes on with the tokens of a sign-in that was made in any way but cookie mode. */
  async adopt(tokens: Pick<TokenResponse, 'access_token' | 'refresh_token'>): Promise<void> {
    const { access_token: accessToken, refresh_token: refreshToken } = tokens;
    if (refreshToken === undefined)
      throw new TypeError('This sign-in keeps its token in a cookie.');
    await this.#storage.set({ accessToken, refreshToken });
  }

  /** Ends the session, at the server if it can be reached, here in any case. */
  async signOut(): Promise<void> {
    const tokens = await this.#storage.get();
    await this.#storage.set(undefined);
    if (tokens) await this.#post('/auth/logout', { refresh_token: tokens.refreshToken });
  }

  async #send(request: Request): Promise<Response> {
    const tokens = await this.#storage.get();
    if (!tokens || request.headers.has('authorization')) return this.#fetch(request);
    const again = request.clone(); // a body can be read once
    const answer = await this.#fetch(withToken(request, tokens.accessToken));
    if (answer.status !== 401 || !RENEWABLE.has(await codeOf(answer))) return answer;
    if (!(await this.#renew(tokens.accessToken))) return answer;
    const renewed = await this.#storage.get();
    return renewed ? this.#fetch(withToken(again, renewed.accessToken)) : answer;
  }

  /** One renewal at a time. True: the storage holds another access token than the one refused. */
  #renew(refused: string): Promise<boolean> {
    return (this.#refreshing ??= acrossTabs(() => this.#refresh(refused)).finally(() => {
      this.#refreshing = undefined;
    }));
  }

  async #refresh(refused: string): Promise<boolean> {
    const tokens = await this.#storage.get();
    if (!tokens) return false;
    if (tokens.accessToken !== refused) return true; // another tab was faster
    const body = { refresh_token: tokens.refreshToken };
    // An answer that was lost is asked for again: the server gives the same successor for a while.
    const answer =
      (await this.#post('/auth/refresh', body)) ?? (await this.#post('/auth/refresh', body));
    if (answer?.ok) {
      await this.adopt((await answer.json()) as TokenResponse);
      return true;
    }
    if (answer?.status === 401) {
      await this.#storage.set(undefined);
      this.options.onSignedOut?.();
    }
    return false; // the server cannot be reached or is busy: the session may still stand
  }

  /** Undefined: no answer came. */
  async #post(path: '/auth/refresh' | '/auth/logout', body: object): Promise<Response | undefined> {
    try {
      return await this.#fetch(
        new Request(new URL(path, this.options.baseUrl), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
    } catch {
      return undefined;
    }
  }
}

function withToken(request: Request, accessToken: string): Request {
  request.headers.set('authorization', `Bearer ${accessToken}`);
  return request;
}

async function codeOf(answer: Response): Promise<string> {
  try {
    return ((await answer.clone().json()) as { code?: string }).code ?? '';
  } catch {
    return '';
  }
}

/** Alone among all tabs of the origin, where the browser has Web Locks. */
function acrossTabs<Result>(work: () => Promise<Result>): Promise<Result> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
  return locks ? (locks.request(LOCK, work) as Promise<Result>) : work();
}
