import { type KeyObject, sign } from 'node:crypto';

export interface Jwt {
  header: Record<string, any>;
  claims: Record<string, any>;
}

/** What a token says, unchecked. */
export function decode(token: string): Jwt {
  const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
  return { header: JSON.parse(header!.toString()), claims: JSON.parse(claims!.toString()) };
}

/** Header and claims as the text that is signed. */
export function signingInput({ header, claims }: Jwt): string {
  return [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

/** A token signed by ES256 (RFC 7518 section 3.4), whatever its header says. */
export function signed(jwt: Jwt, privateKey: KeyObject): string {
  const input = signingInput(jwt);
  const signature = sign('sha256', Buffer.from(input), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}
