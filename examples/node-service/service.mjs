// A service that verifies Latchkey's access tokens by itself, and learns of sign-outs within seconds.
// Settings: see README.md.
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const ISSUER = process.env.LATCHKEY_URL ?? 'http://localhost:3000';
const AUDIENCE = process.env.AUDIENCE ?? ISSUER;
const { SERVICE_ID, SERVICE_SECRET, PORT = '4000', POLL_SECONDS = '5' } = process.env;

// Fetched once, then every ten minutes at most, and when a token names a key that is not among them,
// but not more often than every 30 seconds: invented names must not become load.
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', ISSUER));

/** What the token says, if it is an access token for this service. Nothing is asked over the network. */
async function verified(token) {
  const { payload } = await jwtVerify(token, keys, {
    issuer: ISSUER,
    audience: AUDIENCE, // a token for another service is worth nothing here
    typ: 'at+jwt', // and so is any other kind of token the same key has signed
    algorithms: ['ES256', 'RS256'], // never what the token would like
    requiredClaims: ['exp', 'sub', 'sid', 'scope'],
  });
  if (ended.has(payload.sid)) throw new Error('The session has ended.');
  return payload;
}

// Sessions that ended before their tokens expired: sid -> when it can be forgotten.
const ended = new Map();
let since;
let etag;

/** Reads what has ended since the last time. The answer is signed like a token, for this service. */
async function follow() {
  const url = new URL('/auth/revocations', ISSUER);
  if (since) url.searchParams.set('since', since);
  const answer = await fetch(url, {
    headers: {
      authorization: `Basic ${Buffer.from(`${SERVICE_ID}:${SERVICE_SECRET}`).toString('base64')}`,
      ...(etag ? { 'if-none-match': etag } : {}),
    },
    signal: AbortSignal.timeout(10_000),
  });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(`${url.pathname} answers ${answer.status}`);
  const { payload } = await jwtVerify((await answer.json()).feed, keys, {
    issuer: ISSUER,
    audience: AUDIENCE,
    typ: 'revocations+jwt',
    algorithms: ['ES256', 'RS256'],
  });
  for (const { sid, exp } of payload.sessions) ended.set(sid, exp);
  for (const [sid, exp] of ended) if (exp < Date.now() / 1000) ended.delete(sid);
  since = payload.next;
  etag = answer.headers.get('etag');
  if (payload.more) await follow();
}

/** A failure is no reason to stop: tokens expire all the same, and the next try makes up for it. */
async function keepFollowing() {
  await follow().catch((error) => console.error(`Sign-outs are not known: ${error.message}`));
  setTimeout(() => void keepFollowing(), Number(POLL_SECONDS) * 1000);
}

async function serve(request, response) {
  const answer = (status, body, headers = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
  const token = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!token) return answer(401, { error: 'sign in' }, { 'www-authenticate': 'Bearer' });
  const person = await verified(token).catch(() => undefined);
  if (!person) {
    // RFC 6750 section 3.1. Why is nobody's business but the log's.
    return answer(
      401,
      { error: 'invalid_token' },
      { 'www-authenticate': 'Bearer error="invalid_token"' },
    );
  }
  if (request.url === '/reports' && !person.scope.split(' ').includes('users:read')) {
    return answer(
      403,
      { error: 'insufficient_scope' },
      { 'www-authenticate': 'Bearer error="insufficient_scope"' },
    );
  }
  return answer(200, { user: person.sub, roles: person.roles });
}

const server = createServer((request, response) => void serve(request, response));

if (SERVICE_ID) await keepFollowing();
server.listen(Number(PORT), '127.0.0.1', () =>
  console.log(`Listening on http://127.0.0.1:${server.address().port}`),
);
