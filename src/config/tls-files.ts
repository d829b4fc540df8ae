import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Where the certificate and its key are, as absolute paths. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What TLS is spoken with: PEM, the certificate with those that lead to its root. */
export interface TlsIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Why the files cannot be used; `variable` names the one that is to blame. */
export class TlsFilesError extends Error {
  constructor(
    readonly variable: 'TLS_CERT_FILE' | 'TLS_KEY_FILE',
    problem: string,
  ) {
    super(problem);
  }
}

/** @throws TlsFilesError */
export function readTlsFiles({ certFile, keyFile }: TlsFiles): TlsIdentity {
  const cert = contentOf('TLS_CERT_FILE', certFile);
  const key = contentOf('TLS_KEY_FILE', keyFile);
  const certificate = tried('TLS_CERT_FILE', 'holds no certificate in PEM', () =>
    parseCertificate(cert),
  );
  const privateKey = tried('TLS_KEY_FILE', 'holds no private key in PEM without a passphrase', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsFilesError('TLS_KEY_FILE', 'holds another key than that of TLS_CERT_FILE');
  }
  // What OpenSSL finds too weak, or wrong further down the chain.
  tried('TLS_CERT_FILE', 'holds what TLS cannot be spoken with', () =>
    createSecureContext({ cert, key }),
  );
  return { cert, key };
}

/** The first certificate of a PEM file: the server's own (RFC 8446 section 4.4.2). */
export function parseCertificate(pem: Buffer): X509Certificate {
  return new X509Certificate(pem);
}

function contentOf(variable: TlsFilesError['variable'], file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new TlsFilesError(variable, `names a file that cannot be read (${reason})`);
  }
}

function tried<Result>(
  variable: TlsFilesError['variable'],
  problem: string,
  work: () => Result,
): Result {
  try {
    return work();
  } catch {
    throw new TlsFilesError(variable, problem);
  }
}
