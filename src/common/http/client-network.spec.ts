import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientNetwork } from './client-network.js';

describe('the network a limit counts', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['[2001:db8:1:2::1]:443', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ])('of %s is %s', (ip, network) => {
    expect(clientNetwork(ip)).toBe(network);
  });

  it.each([
    '',
    'unknown',
    '1.2.3',
    '1.2.3.4.5',
    '999.1.1.1',
    'gggg::1',
    '::ffff:999.1.1.1',
    'a'.repeat(10_000),
  ])('of %j, which is no address, is the one that all such share', (ip) => {
    expect(clientNetwork(ip)).toBe('unknown');
  });

  it('is the same for every address of one /64, however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 }),
        (front, back) => {
          const groups = [...front, ...back].map((group) => group.toString(16));
          if (/^(?:0:){5}ffff:/.test(`${groups.join(':')}:`)) return;
          const whole = `${groups.slice(0, 4).join(':')}::/64`;
          expect(clientNetwork(groups.join(':'))).toBe(whole);
          expect(clientNetwork(groups.map((group) => group.padStart(4, '0')).join(':'))).toBe(
            whole,
          );
          expect(clientNetwork(new URL(`http://[${groups.join(':')}]/`).hostname)).toBe(whole);
        },
      ),
    );
  });
});
