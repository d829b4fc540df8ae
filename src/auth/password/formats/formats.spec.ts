import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UnusableHash } from './format.js';
import { MAX_HASH_LENGTH, readForeignHash } from './formats.js';

interface Made {
  format: string;
  password: string;
  hash: string;
}

const HASHES = ['hashes', 'hashes-scrypt'].flatMap((name) => {
  const file = new URL(`../../../../test/fixtures/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { hashes: Made[] }).hashes;
});
const of = (format: string) => HASHES.filter((made) => made.format === format);
const FORMATS = [...new Set(HASHES.map(({ format }) => format))];
const CUT_AT_72_BYTES = ['bcrypt 2b', 'bcrypt 2a', 'bcrypt 2y', 'django bcrypt'];

const SALT = 'c2FsdHNhbHRzYWx0';
const HEX64 = 'ab'.repeat(64);
const BASE64_32 = Buffer.alloc(32).toString('base64');
const BASE64_64 = Buffer.alloc(64).toString('base64');
const BCRYPT_REST = 'cKYgorDEA4KzfABhAhjcauCC25MzeMMtitFLIAEJ6pBlUxephoCPK';

function refusal(stored: string): string {
  try {
    readForeignHash(stored);
  } catch (error) {
    expect(error).toBeInstanceOf(UnusableHash);
    return (error as Error).message;
  }
  throw new Error(`Not refused: ${stored}`);
}

describe.each(FORMATS)('%s', (format) => {
  it.each(of(format))(
    'takes the password it was made of: $password',
    async ({ password, hash }) => {
      expect(await readForeignHash(hash)(password)).toBe(true);
    },
  );

  it('takes no other', async () => {
    const [{ password, hash }] = of(format) as [Made];
    const verify = readForeignHash(hash);
    for (const other of ['', `${password} `, password.slice(0, -1), password.toUpperCase()]) {
      expect(await verify(other)).toBe(false);
    }
  });

  it('counts every character, unless it never did', async () => {
    const long = of(format).find(({ password }) => password.length > 72);
    if (!long) return; // Firebase publishes one hash only
    const verify = readForeignHash(long.hash);
    const same = await verify(`${long.password.slice(0, 72)}another rest`);
    expect(same).toBe(CUT_AT_72_BYTES.includes(format));
  });

  it('is right for nothing when its end was cut off: most are refused', async () => {
    const [{ password, hash }] = of(format) as [Made];
    // How long its result is, is part of what argon2 hashes, and any length will do.
    if (format.startsWith('argon2')) {
      const shorter = `${hash.slice(0, -6)}A`;
      expect(await readForeignHash(shorter)(password)).toBe(false);
    }
    expect(refusal(hash.slice(0, -4))).not.toContain(hash.slice(10, 30));
  });
});

describe('a hash that would cost too much', () => {
  it.each([
    [`$2b$16$${BCRYPT_REST}`, 'cost 16; at most 15'],
    [`$2y$31$${BCRYPT_REST}`, 'cost 31; at most 15'],
    [`bcrypt_sha256$$2b$31$${BCRYPT_REST}`, 'cost 31'],
    [`$argon2id$v=19$m=131073,t=1,p=1$${SALT}$${SALT}`, 'KiB of memory: 131073; at most 131072'],
    [`$argon2id$v=19$m=4294967295,t=1,p=1$${SALT}$${SALT}`, 'KiB of memory'],
    [`$argon2id$v=19$m=131072,t=17,p=1$${SALT}$${SALT}`, 'in all passes'],
    [`$argon2i$v=19$m=8,t=4294967295,p=1$${SALT}$${SALT}`, 'passes'],
    [`$argon2id$v=19$m=65536,t=1,p=255$${SALT}$${SALT}`, 'lanes: 255'],
    [`argon2$argon2id$v=19$m=999999999,t=1,p=1$${SALT}$${SALT}`, 'KiB of memory'],
    [`scrypt:1048576:8:1$salt$${HEX64}`, 'KiB of memory: 1048576'],
    [`scrypt:4294967296:8:1$salt$${HEX64}`, 'KiB of memory'],
    [`scrypt:2:4294967295:1$salt$${HEX64}`, 'r ='],
    [`scrypt:16384:8:1073741823$salt$${HEX64}`, 'p ='],
    [`scrypt:131072:8:16$salt$${HEX64}`, 'N * r * p ='],
    [`scrypt$1048576$salt$8$1$${BASE64_64}`, 'KiB of memory'],
    [`$fbscrypt$v=1,n=30,r=8,p=1,ss=Bw==,sk=${BASE64_64}$c2FsdA==$${BASE64_64}`, 'KiB of memory'],
    [`$fbscrypt$v=1,n=999,r=8,p=1,ss=Bw==,sk=${BASE64_64}$c2FsdA==$${BASE64_64}`, 'n ='],
    [`pbkdf2:sha256:2500001$salt$${'ab'.repeat(32)}`, 'iterations: 2500001'],
    [`pbkdf2:sha256:4294967297$salt$${'ab'.repeat(32)}`, 'iterations'],
    [`pbkdf2_sha256$2147483647$salt$${BASE64_32}`, 'iterations'],
    ['$P$ZsaltsaltAAAAAAAAAAAAAAAAAAAAAA', 'rounds of MD5'],
    ['$H$zsaltsaltAAAAAAAAAAAAAAAAAAAAAA', 'rounds of MD5'],
  ])('is refused without being computed: %s', (stored, reason) => {
    expect(refusal(stored)).toContain(reason);
  });
});

describe('a hash that is not one', () => {
  it.each([
    ['', 'no known format'],
    ['correct horse battery staple', 'no known format'],
    ['5f4dcc3b5aa765d61d8327deb882cf99', 'no known format'],
    ['md5$salt$5f4dcc3b5aa765d61d8327deb882cf99', 'no known format'],
    [`$2x$10$${BCRYPT_REST}`, 'faulty'],
    ['$2b$10$tooshort', 'well-formed bcrypt'],
    [`$2b$03$${BCRYPT_REST}`, 'the least'],
    [`$2b$10$${BCRYPT_REST}\n`, 'well-formed bcrypt'],
    [`$argon2d$v=19$m=65536,t=3,p=4$${SALT}$${SALT}`, 'well-formed argon2'],
    [`$argon2id$v=19$m=7,t=1,p=1$${SALT}$${SALT}`, 'the least'],
    [`$argon2id$v=19$m=65536,t=0,p=1$${SALT}$${SALT}`, 'the least'],
    [`$argon2id$v=19$m=65536,t=1,p=0$${SALT}$${SALT}`, 'the least'],
    [`scrypt:0:8:1$salt$${HEX64}`, 'power of two'],
    [`scrypt:32767:8:1$salt$${HEX64}`, 'power of two'],
    [`scrypt:32768:0:1$salt$${HEX64}`, 'the least'],
    [`scrypt:65536:1:1$salt$${HEX64}`, 'N ='],
    ['scrypt:32768:8:1$salt$ab', 'instead of 64'],
    ['pbkdf2:sha256:1000$salt$ab', 'instead of 32'],
    [`pbkdf2:md5:1000$salt$${'ab'.repeat(16)}`, 'digest'],
    [`pbkdf2:toString:1$salt$${HEX64}`, 'well-formed'],
    [`pbkdf2:sha256:0$salt$${'ab'.repeat(32)}`, 'the least'],
    [`$fbscrypt$v=1,n=14,r=8,p=1,ss=,sk=$c2FsdA==$`, 'one length'],
    [`$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=AAAA$c2FsdA==$AAAA`, 'one length'],
    ['!0bFqXXVNo3dXnfmMP3vqcpVvqVvqVvqVvqVvqVvq', 'use null'],
    [`$2b$${'1'.repeat(MAX_HASH_LENGTH)}`, 'no known format'],
    [`imported:$2b$10$${BCRYPT_REST}`, 'no known format'],
  ])('is refused: %s', (stored, reason) => {
    expect(refusal(stored)).toContain(reason);
  });
});

it('the dearest hash on the event loop holds nobody up', async () => {
  const verify = readForeignHash('$P$GsaltsaltAAAAAAAAAAAAAAAAAAAAAA'); // 2 ** 18 rounds
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  expect(await verify('x'.repeat(1024))).toBe(false);
  clearInterval(others);
  expect(turns).toBeGreaterThan(3);
});
