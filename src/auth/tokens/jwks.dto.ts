export class JwkResponse {
  /** @example EC */
  kty!: string;
  /** @example P-256 */
  crv!: string;
  x!: string;
  y!: string;
  /** RFC 7638 thumbprint; the `kid` in the header of access tokens. */
  kid!: string;
  /** @example ES256 */
  alg!: string;
  /** @example sig */
  use!: string;
}

export class JwksResponse {
  keys!: JwkResponse[];
}
