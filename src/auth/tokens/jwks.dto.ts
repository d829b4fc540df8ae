/** A public key (RFC 7517): elliptic curve with crv, x and y; RSA with n and e. */
export class JwkResponse {
  /** EC or RSA. @example EC */
  kty!: string;
  /** Of an EC key. @example P-256 */
  crv?: string;
  /** Of an EC key. */
  x?: string;
  /** Of an EC key. */
  y?: string;
  /** Of an RSA key: the modulus. */
  n?: string;
  /** Of an RSA key: the exponent. */
  e?: string;
  /** RFC 7638 thumbprint; the `kid` in the header of access tokens. */
  kid!: string;
  /** ES256 or RS256. @example ES256 */
  alg!: string;
  /** @example sig */
  use!: string;
}

export class JwksResponse {
  keys!: JwkResponse[];
}
