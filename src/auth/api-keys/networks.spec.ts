import { describe, expect, it } from 'vitest';
import { canonicalNetwork, Networks } from './networks.js';

describe('a network', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:0DB8:0000::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::1', '::1/128'],
    ['::/0', '::/0'],
    ['2001:db8:0:0:1::/80', '2001:db8:0:0:1::/80'],
  ])('has one spelling: %s', (typed, canonical) => {
    expect(canonicalNetwork(typed)).toBe(canonical);
    expect(canonicalNetwork(canonical)).toBe(canonical);
  });

  it.each([
    '',
    '/',
    '10.1.2.3/8',
    '2001:db8::1/32',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0/8',
    '010.0.0.0/8',
    '::1/129',
    'fe80::1%eth0',
    '::ffff:10.0.0.0/104',
    'example.org',
    ' 10.0.0.0/8',
    '[::1]',
  ])('is not %j', (text) => expect(canonicalNetwork(text)).toBeUndefined());
});

describe('networks', () => {
  const networks = new Networks(['192.0.2.0/24', '198.51.100.7/32', '2001:db8::/32', '::1/128']);

  it.each([
    '192.0.2.0',
    '192.0.2.255',
    '::ffff:192.0.2.9',
    '198.51.100.7',
    '2001:db8:ffff::1',
    '::1',
  ])('include %s', (address) => expect(networks.include(address)).toBe(true));

  it.each(['192.0.3.0', '198.51.100.8', '::ffff:192.0.3.1', '2001:db9::1', '::2', '0.0.0.1'])(
    'do not include %s',
    (address) => expect(networks.include(address)).toBe(false),
  );

  it('do not include an address nobody knows', () => {
    expect(networks.include(null)).toBe(false);
  });

  it('that are of one family say nothing of the other', () => {
    expect(new Networks(['0.0.0.0/0']).include('2001:db8::1')).toBe(false);
    expect(new Networks(['0.0.0.0/0']).include('203.0.113.1')).toBe(true);
    expect(new Networks(['::/0']).include('2001:db8::1')).toBe(true);
    expect(new Networks(['fe80::/10']).include('fe80::1%eth0')).toBe(true);
  });
});
