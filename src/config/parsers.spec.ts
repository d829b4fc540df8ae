import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as parse from './parsers.js';

describe('a duration', () => {
  it.each([
    ['1s', 1000],
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['14d', 1_209_600_000],
    ['3650d', 315_360_000_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parse.duration()(text)).toBe(ms);
  });

  it.each([
    '',
    '15',
    'm',
    '15 m',
    '15M',
    '1.5h',
    '-1s',
    '+1s',
    '1e3s',
    '15min',
    '1w',
    '15m ',
    '0x1s',
    '٣s',
    '15m\n',
  ])('is not %j, for it needs digits and a unit', (text) => {
    expect(() => parse.duration()(text)).toThrow(
      'must be a whole number with a unit: s, m, h or d',
    );
  });

  it.each(['0s', '3651d', '999999999d'])('is not %s, for that is out of bounds', (text) => {
    expect(() => parse.duration()(text)).toThrow('must lie between 1s and 3650d');
  });

  it('may be 0s where the bounds allow it', () => {
    expect(parse.duration(0, 60_000)('0s')).toBe(0);
    expect(() => parse.duration(0, 60_000)('61s')).toThrow('must lie between 0s and 1m');
  });

  it('is shown as it is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 315_360_000 }), (seconds) => {
        const ms = seconds * 1000;
        expect(parse.duration()(parse.showDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe('a whole number', () => {
  it('lies within its bounds', () => {
    const port = parse.integer(0, 65535);
    expect(port('0')).toBe(0);
    expect(port('65535')).toBe(65535);
    for (const text of [
      '65536',
      '-1',
      '1e3',
      '0x10',
      '3000.0',
      ' 3000',
      '3000 ',
      '',
      'NaN',
      '9'.repeat(50),
    ]) {
      expect(() => port(text)).toThrow('must be a whole number between 0 and 65535');
    }
  });
});

describe('a choice', () => {
  it('is one of those named, letter for letter', () => {
    const mode = parse.oneOf('development', 'production');
    expect(mode('production')).toBe('production');
    for (const text of ['Production', 'prod', '', 'development,production', 'toString']) {
      expect(() => mode(text)).toThrow('must be development or production');
    }
  });

  it('of several is a list without doubles', () => {
    const classes = parse.subsetOf('lower', 'upper', 'digit');
    expect(classes('lower')).toEqual(['lower']);
    expect(classes(' upper , digit,upper')).toEqual(['upper', 'digit']);
    expect(() => classes('lower,emoji')).toThrow(
      'must be any of lower, upper, digit, separated by commas',
    );
  });
});

describe('a rate', () => {
  it('is a count and a window', () => {
    expect(parse.rate('20/1h')).toEqual({ count: 20, windowMs: 3_600_000 });
    expect(parse.rate('6000/1m')).toEqual({ count: 6000, windowMs: 60_000 });
  });

  it.each([
    '20',
    '20/h',
    '0/1h',
    '-1/1h',
    '20/1h/1h',
    '1e3/1h',
    '20 / 1h',
    '/1h',
    '20/',
    '20/0s',
    '20/2d',
  ])('is not %j', (text) => {
    expect(() => parse.rate(text)).toThrow(/^must /);
  });
});

describe('PUBLIC_URL', () => {
  it.each([
    ['https://accounts.example.org', 'https://accounts.example.org'],
    ['https://accounts.example.org/', 'https://accounts.example.org'],
    ['https://Accounts.Example.org:443', 'https://accounts.example.org'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
  ])('%s is the origin %s', (text, origin) => {
    expect(parse.origin(text)).toBe(origin);
  });

  it.each([
    ['accounts.example.org', 'must be a URL'],
    ['//accounts.example.org', 'must be a URL'],
    ['ftp://example.org', 'must begin with http:// or https://'],
    ['javascript:alert(1)', 'must begin with http:// or https://'],
    ['localhost:3000', 'must begin with http:// or https://'],
    ['https://example.org/accounts', 'without a path'],
    ['https://example.org/?a=1', 'without a path'],
    ['https://example.org/#a', 'without a path'],
    ['https://ada:secret@example.org', 'without a path'],
  ])('is not %s', (text, message) => {
    expect(() => parse.origin(text)).toThrow(message);
  });
});

describe('the allowed origins', () => {
  it('are exactly as browsers send them', () => {
    expect(parse.origins('https://app.example.org, http://localhost:5173')).toEqual([
      'https://app.example.org',
      'http://localhost:5173',
    ]);
  });

  it.each(['*', 'null', 'https://*.example.org', 'app.example.org', 'https://app.example.org/app'])(
    'are never %s',
    (text) => {
      expect(() => parse.origins(text)).toThrow(/^must be /);
    },
  );

  it('are told how to be written when they are nearly right', () => {
    expect(() => parse.origins('https://App.example.org/')).toThrow(
      'must be exact origins: write https://app.example.org instead of https://App.example.org/',
    );
  });
});

describe('TRUST_PROXY', () => {
  it.each([
    ['0', 0],
    ['2', 2],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['127.0.0.1, ::1 ,fd00::/8', ['127.0.0.1', '::1', 'fd00::/8']],
    ['::ffff:10.0.0.0/104', ['::ffff:10.0.0.0/104']],
  ])('%s is %j', (text, value) => {
    expect(parse.trustProxy(text)).toEqual(value);
  });

  it.each([
    'true',
    'loopback',
    '*',
    '-1',
    '1.5',
    ',',
    ':',
    '10.0.0.999',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    'proxy.example.org',
    '10.0.0.1;10.0.0.2',
    '0.0.0.0/0',
    '::/0',
  ])('is never %j', (text) => {
    expect(() => parse.trustProxy(text)).toThrow(
      'must be a number of hops or a list of addresses or CIDRs',
    );
  });
});

describe('a master key', () => {
  it('is 32 random bytes in base64, padded or not', () => {
    for (let i = 0; i < 1000; i++) {
      const bytes = randomBytes(32);
      expect(parse.masterKey(bytes.toString('base64'))).toEqual(bytes);
      expect(parse.masterKey(bytes.toString('base64url'))).toEqual(bytes);
    }
  });

  it.each([
    ['a known word', 'changeme', 'is a known value'],
    ['a known word in capitals', 'SECRET', 'is a known value'],
    ['too short', randomBytes(31).toString('base64'), 'must be 32 bytes in base64'],
    ['too long', randomBytes(33).toString('base64'), 'must be 32 bytes in base64'],
    ['hexadecimal', randomBytes(32).toString('hex'), 'must be 32 bytes in base64'],
    ['a sentence', 'this is a secret sentence of many letters !', 'must be 32 bytes in base64'],
    ['all zero', Buffer.alloc(32).toString('base64'), 'is not random'],
    ['one byte again and again', Buffer.alloc(32, 0xab).toString('base64'), 'is not random'],
    ['a short pattern', Buffer.alloc(32, 'abcdefgh').toString('base64'), 'is not random'],
    [
      'counting up',
      Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64'),
      'is not random',
    ],
    [
      'counting down',
      Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i)).toString('base64'),
      'is not random',
    ],
    ['one letter again and again', 'A'.repeat(43), 'is not random'],
    [
      'text in base64',
      Buffer.from('correct horse battery staple 123').toString('base64'),
      'is not random',
    ],
  ])('is not %s', (_, text, message) => {
    expect(() => parse.masterKey(text)).toThrow(message);
  });

  it('is never shown in the message about it', () => {
    const text = Buffer.from('correct horse battery staple 123').toString('base64');
    expect(() => parse.masterKey(text)).toThrow(expect.not.stringContaining(text) as string);
  });
});

describe('SMTP_URL', () => {
  it.each([
    'smtp://mail.example.org',
    'smtps://user:pass@mail.example.org:465',
    'smtp://[::1]:1025',
  ])('may be %s', (text) => {
    expect(parse.smtpUrl(text)).toBe(text);
  });

  it.each(['mail.example.org', 'http://mail.example.org', 'smtp://', 'smtp:', 'localhost:25', ''])(
    'is not %j',
    (text) => {
      expect(() => parse.smtpUrl(text)).toThrow(/^must /);
    },
  );
});

describe('MAIL_FROM', () => {
  it.each([
    'no-reply@example.org',
    '<no-reply@example.org>',
    'Example <no-reply@example.org>',
    'Zoë & Söhne <no-reply@example.org>',
    'no-reply@localhost',
    'Anna <post@münchen.example>',
  ])('may be %s', (text) => {
    expect(parse.mailbox(text)).toBe(text);
  });

  it.each([
    'Example',
    '@example.org',
    'a@',
    'a@b@example.org',
    'Example <a@example.org',
    'a@example.org>',
    'Example <a@example.org> more',
    'a@example.org,b@example.org',
    'Example <a@example.org, b@example.org>',
    'Example\r\nBcc: b@example.org <a@example.org>',
    'Example\0 <a@example.org>',
    'a@exa mple.org',
    '"Example" <a@example.org>',
    '',
  ])('is not %j', (text) => {
    expect(() => parse.mailbox(text)).toThrow(
      'must be an address, or a name and an address in angle brackets',
    );
  });
});

describe('HOST', () => {
  it.each(['0.0.0.0', '127.0.0.1', '::', 'localhost', 'accounts_1.example.org'])(
    'may be %s',
    (text) => {
      expect(parse.host(text)).toBe(text);
    },
  );

  it.each(['', 'http://localhost', 'a b', 'local/host', 'a'.repeat(256)])('is not %j', (text) => {
    expect(() => parse.host(text)).toThrow('must be a host name or an address');
  });
});
