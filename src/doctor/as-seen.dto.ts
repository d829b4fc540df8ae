/** How a request looked when it had come through everything that stands in front. */
export class AsSeenResponse {
  /** Address the limits and the audit trail take it to come from; null: what was said is none. */
  ip!: string | null;

  /** `http` or `https`, as this process or a trusted proxy says. */
  protocol!: string;

  /** Host the client asked for. */
  host!: string;

  /** Whether X-Forwarded-For was there, believed or not. */
  forwarded!: boolean;
}
