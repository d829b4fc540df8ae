import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { ForbiddenAddress, guardedLookup } from './guarded-lookup.js';

type Answer = { error: Error | null; address: string | LookupAddress[] };

/** What a connection gets to know when the name has these addresses. */
function connecting(addresses: string[], { loopbackToo = false, all = true } = {}): Answer {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const system = (_: string, __: object, done: (error: null, found: object[]) => void) =>
    done(null, found);
  let answer: Answer | undefined;
  guardedLookup(loopbackToo, system as never)('hooks.example.org', { all }, (error, address) => {
    answer = { error, address };
  });
  return answer!;
}

describe('a name is looked up for the connection itself, and', () => {
  it('public addresses are handed on', () => {
    expect(connecting(['1.1.1.1', '2606:4700::1111']).address).toHaveLength(2);
    expect(connecting(['1.1.1.1'], { all: false }).address).toBe('1.1.1.1');
  });

  it.each([
    [['127.0.0.1']],
    [['169.254.169.254']],
    [['10.1.2.3']],
    [['::1']],
    [['::ffff:10.0.0.1']],
    [['1.1.1.1', '10.0.0.1']],
    [[]],
  ])('%j is refused', (addresses) => {
    const { error, address } = connecting(addresses);
    expect(error).toBeInstanceOf(ForbiddenAddress);
    expect(address).toBe('');
  });

  it('this machine is reached in development, other private addresses are not', () => {
    expect(connecting(['127.0.0.1'], { loopbackToo: true }).error).toBeNull();
    expect(connecting(['10.0.0.1'], { loopbackToo: true }).error).not.toBeNull();
  });
});
