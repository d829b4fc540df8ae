import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate and its private key, in PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/** ecdsa-with-SHA256, commonName and subjectAltName (RFC 5758 section 3.2, RFC 5280). */
const OID = { signature: '2a8648ce3d040302', commonName: '550403', subjectAltName: '551d11' };
const DAY = 86_400_000;

/**
 * A certificate for this machine that has signed itself (RFC 5280 section 4.1).
 *
 * @param days how long it is good from yesterday on; negative: it has expired
 */
export function selfSigned(host = 'localhost', days = 30): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, oid(OID.signature));
  const commonName = der(0x30, oid(OID.commonName), der(0x0c, Buffer.from(host)));
  const name = der(0x30, der(0x31, commonName));
  const names = der(
    0x30,
    der(0x82, Buffer.from(host)),
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])])),
  );
  const extension = der(0x30, oid(OID.subjectAltName), der(0x04, names));
  const begin = Date.now() - (1 + Math.max(0, -2 * days)) * DAY;
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    der(0x30, time(begin), time(begin + Math.abs(days) * DAY)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const certificate = der(0x30, body, algorithm, der(0x03, signature));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines(certificate)}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

/** Tag, length, value (X.690 section 8.1). */
function der(tag: number, ...values: Buffer[]): Buffer {
  const value = Buffer.concat(values);
  const length =
    value.length < 128
      ? [value.length]
      : value.length < 256
        ? [0x81, value.length]
        : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
}

function lines(bytes: Buffer): string {
  return bytes
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
}
