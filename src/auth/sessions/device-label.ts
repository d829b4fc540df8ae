import { currentRequest } from '../../common/http/request-context.js';

/** How much of a User-Agent is looked at, and kept. */
const LONGEST_USER_AGENT = 400;

const PROGRAMS: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * A name a person recognises a device by: "Firefox on Windows", "curl". A guess from the
 * User-Agent, good for a list and for nothing else.
 */
export function deviceLabel(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  const program = PROGRAMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (program) return system ? `${program} on ${system}` : program;
  return /^[A-Za-z][\w.-]{0,39}/.exec(userAgent)?.[0] ?? null;
}

/** The User-Agent of the present request, as much of it as is kept. */
export function currentUserAgent(): string | null {
  return currentRequest()?.headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null;
}
