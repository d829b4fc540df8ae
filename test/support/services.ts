import { createPublicKey, verify } from 'node:crypto';
import { type Answer, basicHeader, type Client } from './client.js';
import { decode, type Jwt } from './jwt.js';
import { as } from './people.js';
import type { Person } from './server.js';

/** A registered service, as it knows itself. */
export interface TestService {
  id: string;
  secret: string;
  audience: string;
}

let made = 0;

/** Registers a service for this audience. */
export async function makeService(
  server: Client,
  admin: Person,
  audience = `https://service${++made}.example.org`,
): Promise<TestService> {
  const answer = await server.post('/services', { name: 'A service', audience }, as(admin));
  if (answer.status !== 201) throw new Error(`No service: ${answer.text}`);
  return answer.body;
}

/** Signed in as this service. */
export function of(service: TestService): { authorization: string } {
  return { authorization: basicHeader(service.id, service.secret) };
}

/** Sends fields as a form. */
export function postForm(
  server: Client,
  path: string,
  fields: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return server.send('POST', path, {
    raw: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** What a JWS says, if one of the server's public keys verifies it. */
export async function opened(server: Client, jws: string): Promise<Jwt> {
  const { header, claims } = decode(jws);
  const { body } = await server.get('/.well-known/jwks.json');
  const jwk = body.keys.find((key: { kid: string }) => key.kid === header.kid);
  const [head, payload, signature] = jws.split('.');
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature!, 'base64url'),
  );
  if (!isGenuine) throw new Error('The signature is not right.');
  return { header, claims };
}
