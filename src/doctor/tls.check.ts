import { connect, type PeerCertificate } from 'node:tls';
import { fault, type Finding, ok, warning } from './finding.js';

const DAY = 86_400_000;
const SHORT = 14;
const PATIENCE = 10_000;

/** How long the certificate at an https address is good for, and by which protocol it is shown. */
export async function checkCertificate(url: string, now: Date): Promise<Finding[]> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return [];
  let shown: { version: string; certificate: PeerCertificate };
  try {
    shown = await handshake(hostname.replace(/^\[|\]$/g, ''), Number(port) || 443);
  } catch (error) {
    return [
      fault(
        'tls',
        `No TLS with ${hostname}: ${(error as Error).message}.`,
        'Clients refuse a certificate they cannot verify.',
        'TLS_CERT_FILE: the certificate of the host with all certificates between it and its root.',
      ),
    ];
  }
  const left = Math.floor((Date.parse(shown.certificate.valid_to) - now.getTime()) / DAY);
  const what = `${shown.version}; the certificate is good for another ${left} days.`;
  if (left >= SHORT) return [ok('tls', what)];
  return [
    warning(
      'tls',
      what,
      'When it has expired nobody signs in.',
      'Renew it: the server takes a new TLS_CERT_FILE without a restart.',
    ),
  ];
}

function handshake(
  host: string,
  port: number,
): Promise<{ version: string; certificate: PeerCertificate }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host, timeout: PATIENCE }, () => {
      resolve({
        version: socket.getProtocol() ?? 'TLS',
        certificate: socket.getPeerCertificate(),
      });
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer within 10 s')));
    socket.once('error', reject);
  });
}
