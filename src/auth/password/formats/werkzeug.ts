import { pbkdf2Verifier, scryptVerifier } from './derive.js';
import { type HashFormat, taken } from './format.js';

const SCRYPT = /^scrypt:(\d{1,10}):(\d{1,10}):(\d{1,10})\$([^$]{1,128})\$([0-9a-f]{2,512})$/;
const PBKDF2 = /^pbkdf2:([a-z0-9]{1,10}):(\d{1,10})\$([^$]{1,128})\$([0-9a-f]{2,512})$/;

/** `scrypt:32768:8:1$salt$hex`, as `werkzeug.security` (Flask) writes it. */
export const werkzeugScrypt: HashFormat = {
  recognises: (stored) => stored.startsWith('scrypt:'),
  read: (stored) => {
    const [N, r, p, salt, hex] = taken(SCRYPT, stored, 'werkzeug scrypt') as Five;
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    return scryptVerifier(cost, Buffer.from(salt), Buffer.from(hex, 'hex'));
  },
};

/** `pbkdf2:sha256:260000$salt$hex`, as `werkzeug.security` writes it. */
export const werkzeugPbkdf2: HashFormat = {
  recognises: (stored) => stored.startsWith('pbkdf2:'),
  read: (stored) => {
    const [digest, iterations, salt, hex] = taken(PBKDF2, stored, 'werkzeug pbkdf2') as Four;
    return pbkdf2Verifier(digest, Number(iterations), Buffer.from(salt), Buffer.from(hex, 'hex'));
  },
};

type Four = [string, string, string, string];
type Five = [...Four, string];
