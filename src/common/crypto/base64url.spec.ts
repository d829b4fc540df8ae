import { describe, expect, it } from 'vitest';
import { fromBase64url } from './base64url.js';

describe('base64url', () => {
  it('is read as it is written', () => {
    for (const bytes of ['', 'a', 'ab', 'abc', '\xff\xfe', '>>>???']) {
      const text = Buffer.from(bytes, 'latin1').toString('base64url');
      expect(fromBase64url(text)?.toString('latin1')).toBe(bytes);
    }
  });

  it('[RFC 4648 section 3.5] has one spelling for the same bytes', () => {
    expect(fromBase64url('YQ')?.toString()).toBe('a');
    for (const text of ['YR', 'YQ=', 'YQ==', ' YQ', 'Y Q', 'YQ\n', 'Y']) {
      expect([text, fromBase64url(text)]).toEqual([text, undefined]);
    }
    expect(fromBase64url('-_-_')).toEqual(Buffer.from([0xfb, 0xff, 0xbf]));
    expect(fromBase64url('+/+/')).toBeUndefined();
  });
});
