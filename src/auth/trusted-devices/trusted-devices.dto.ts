export class TrustedDeviceResponse {
  /** @example 019a7f3e-0000-7000-8000-000000000000 */
  id!: string;
  /** Whether this request was sent with its cookie. */
  current!: boolean;
  /** What a person may know the device by. @example Firefox on Windows */
  label!: string | null;
  ip!: string | null;
  createdAt!: Date;
  /** When somebody last signed in with it. */
  lastUsedAt!: Date;
  /** When a second factor is asked for again. */
  expiresAt!: Date;
}
