import type { Config } from '../config/config.js';
import { ask } from './ask.js';
import { fault, type Finding, ok } from './finding.js';

/** RFC 2606: nobody's. */
const STRANGER = 'https://stranger.invalid';

/** Whether browser apps of CORS_ORIGINS, and no others, may read answers. */
export async function checkCors(url: string, { corsOrigins }: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const origin of corsOrigins) {
    if ((await allowedFor(url, origin)) === origin) {
      findings.push(ok('cors', `${origin} may read answers.`));
    } else {
      findings.push(
        fault(
          'cors',
          `${origin} stands in CORS_ORIGINS, and its preflight is not allowed.`,
          'Its scripts cannot call this server.',
          'Let the proxy pass OPTIONS, Origin and the answers to them on, unchanged.',
        ),
      );
    }
  }
  const stranger = await allowedFor(url, STRANGER);
  if (stranger === null) return [...findings, ok('cors', 'No other origin may.')];
  return [
    ...findings,
    fault(
      'cors',
      `A foreign origin is allowed: Access-Control-Allow-Origin is ${stranger}.`,
      'Any web page could read what its visitors may.',
      'The proxy adds it, as this server never does: remove it there.',
    ),
  ];
}

async function allowedFor(url: string, origin: string): Promise<string | null> {
  const answer = await ask(url, '/users/me', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
  });
  return answer.headers.get('access-control-allow-origin');
}
