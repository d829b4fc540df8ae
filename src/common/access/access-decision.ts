/** What a route has decided about who may call it. */
export type AccessDecision =
  | { kind: 'public' }
  /** A sign-in is looked at when it is sent, and not asked for when it is not. */
  | { kind: 'optional' }
  /** A registered service, by credentials of its own; no person is let in. */
  | { kind: 'service' }
  | { kind: 'signed-in'; roles: readonly string[]; permissions: readonly string[] };

export const ACCESS_DECISION = 'latchkey:access';
