/** `warning`: it runs, and something will go wrong some day. `fault`: something is wrong now. */
export type Severity = 'ok' | 'warning' | 'fault';

/** One thing that was looked at. No text holds a secret. */
export interface Finding {
  readonly area: string;
  readonly severity: Severity;
  /** What was found. */
  readonly what: string;
  /** Why it matters; absent when all is well. */
  readonly why?: string;
  /** The line to change, or the command to run. */
  readonly change?: string;
}

export function ok(area: string, what: string): Finding {
  return { area, severity: 'ok', what };
}

export function warning(area: string, what: string, why: string, change: string): Finding {
  return { area, severity: 'warning', what, why, change };
}

export function fault(area: string, what: string, why: string, change: string): Finding {
  return { area, severity: 'fault', what, why, change };
}
