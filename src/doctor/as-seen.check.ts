import type { MasterKey } from '../common/crypto/master-key.js';
import type { Config } from '../config/config.js';
import { ask } from './ask.js';
import type { AsSeenResponse } from './as-seen.dto.js';
import { makeProof, PROOF_HEADER } from './doctor-proof.js';
import { fault, type Finding, ok, warning } from './finding.js';

/** RFC 5737: an address nobody has. */
const FORGED = '203.0.113.99';

/** What the server takes the address of a client to be, and whether a client can choose it. */
export async function checkAsSeen(
  url: string,
  config: Config,
  key: MasterKey,
  now: Date,
): Promise<Finding[]> {
  const plain = await seen(url, key, now, {});
  const forged = await seen(url, key, now, { 'x-forwarded-for': FORGED });
  if (plain === undefined || forged === undefined) {
    return [
      warning(
        'proxy',
        'The server does not tell how it sees this request.',
        'It has another master key, or its clock is more than a minute off.',
        'Run this tool in the environment of the server (DATA_DIR, MASTER_KEY).',
      ),
    ];
  }
  return [checkForwarding(plain, forged, config), ...checkProtocol(plain, config)];
}

function checkForwarding(plain: AsSeenResponse, forged: AsSeenResponse, config: Config): Finding {
  const trusted = `TRUST_PROXY is ${String(config.trustProxy)}`;
  if (forged.ip === FORGED) {
    return warning(
      'proxy',
      `From here the address of a client can be chosen by X-Forwarded-For (${trusted}).`,
      'Whoever reaches the server in this way goes around every limit on a network.',
      plain.forwarded
        ? 'TRUST_PROXY: as many proxies as there are, and no more. (Right, when you asked from a machine it names.)'
        : 'Let the proxy alone reach HOST and PORT. (Right, when you asked past the proxy from its own machine.)',
    );
  }
  if (plain.forwarded && config.trustProxy === 0) {
    return fault(
      'proxy',
      `There is a proxy in front and ${trusted}: every client has the address ${plain.ip}.`,
      'All clients share one budget of every limit, and the audit trail does not tell them apart.',
      'TRUST_PROXY: the address of the proxy, such as TRUST_PROXY=10.0.0.0/8',
    );
  }
  const through = plain.forwarded ? 'through a proxy' : 'without a proxy';
  return ok(
    'proxy',
    `This request came ${through} from ${plain.ip}; a forged address is not believed.`,
  );
}

function checkProtocol(plain: AsSeenResponse, { publicUrl }: Config): Finding[] {
  const { host, protocol } = new URL(publicUrl);
  if (plain.host !== host) {
    return [
      warning(
        'proxy',
        `The server was asked for the host ${plain.host}, and PUBLIC_URL says ${host}.`,
        'Links are made of PUBLIC_URL all the same; tools that look at Host may be misled.',
        'Let the proxy pass Host on (nginx: proxy_set_header Host $host).',
      ),
    ];
  }
  return protocol === `${plain.protocol}:`
    ? [ok('proxy', `It came by ${plain.protocol}, as PUBLIC_URL says.`)]
    : [
        warning(
          'proxy',
          `The server takes this request to have come by ${plain.protocol}, and PUBLIC_URL says ${protocol.slice(0, -1)}.`,
          'What is refused over plain HTTP may be refused behind the proxy.',
          'Let the proxy send X-Forwarded-Proto, and set TRUST_PROXY to its address.',
        ),
      ];
}

async function seen(
  url: string,
  key: MasterKey,
  now: Date,
  headers: Record<string, string>,
): Promise<AsSeenResponse | undefined> {
  const answer = await ask(url, '/doctor/as-seen', {
    headers: { ...headers, [PROOF_HEADER]: makeProof(key, now) },
  });
  return answer.status === 200 ? ((await answer.json()) as AsSeenResponse) : undefined;
}
