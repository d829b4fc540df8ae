/** Crockford's base 32: no letter that is easily read as a digit or as another one. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = /.{4}/g;

/** The bytes as a person writes them down: `7G4K-9QWD-...`, 5 bits to a character. */
export function writtenRecoveryCode(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const characters = bits.match(/.{5}/g)!.map((five) => ALPHABET[Number.parseInt(five, 2)]);
  return characters.join('').match(GROUP)!.join('-');
}

/** One form for every way to type a code: case, spaces, hyphens, and O, I and L for 0 and 1. */
export function canonicalRecoveryCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}
