/** What a browser signs for itself: the CollectedClientData of WebAuthn, as far as it is looked at. */
export interface ClientData {
  readonly type: string;
  /** base64url. */
  readonly challenge: string;
  readonly origin: string;
  /** The page stood in a frame of another site. */
  readonly framed: boolean;
}

/** @param json base64url of `clientDataJSON`. @returns undefined: it is none */
export function parseClientData(json: string): ClientData | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(json, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { type, challenge, origin, crossOrigin, topOrigin } = parsed as Record<string, unknown>;
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') {
    return undefined;
  }
  const framed = (crossOrigin ?? false) !== false || topOrigin !== undefined;
  return { type, challenge, origin, framed };
}
