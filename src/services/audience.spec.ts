import { describe, expect, it } from 'vitest';
import { isAudience } from './audience.js';

describe('an audience', () => {
  it.each([
    'orders',
    'orders.v2',
    'Orders_2-b',
    'https://orders.example.org',
    'https://orders.example.org/',
    'https://orders.example.org:8443/api?tenant=1',
    'http://localhost:4000',
    'urn:example:orders',
  ])('is a plain name or an absolute URI: %s', (text) => {
    expect(isAudience(text)).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['a fragment', 'https://orders.example.org/#part'],
    ['an empty fragment', 'https://orders.example.org/#'],
    ['a relative reference', '//orders.example.org'],
    ['a path', '/orders'],
    ['a space', 'two words'],
    ['a space in a URI', 'https://orders.example.org/a b'],
    ['a line break', 'orders\n'],
    ['a password', 'https://user:secret@orders.example.org'],
    ['a user', 'https://user@orders.example.org'],
    ['letters beyond ASCII', 'https://bücher.example.org'],
    ['no host', 'https://'],
    ['a scheme alone', 'https:'],
    ['a leading dot', '.orders'],
    ['too long', 'a'.repeat(201)],
  ])('is not: %s', (_, text) => {
    expect(isAudience(text)).toBe(false);
  });
});
