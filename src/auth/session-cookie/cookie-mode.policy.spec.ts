import { describe, expect, it } from 'vitest';
import { otherSites, type Sender, whyNotByCookie } from './cookie-mode.policy.js';

const OWN = 'https://accounts.example.org';
const APP = 'https://app.example.org';

function mayBe(sender: Partial<Sender>): boolean {
  const sent = { requestedWith: 'fetch', fetchSite: undefined, origin: undefined, ...sender };
  return whyNotByCookie(sent, OWN, [APP]) === undefined;
}

describe('[3.5.1] the session cookie', () => {
  it.each<[boolean, string | undefined, string | undefined]>([
    [true, 'same-origin', OWN],
    [true, 'same-origin', undefined],
    [true, 'none', undefined],
    [true, 'same-site', APP],
    [false, 'same-site', OWN],
    [false, 'same-site', undefined],
    [false, 'same-site', 'null'],
    [false, 'same-site', 'https://evil.example.org'],
    [false, 'cross-site', OWN],
    [false, 'cross-site', APP],
    [false, 'cross-site', undefined],
    [false, 'same-origin, same-origin', OWN],
    [false, 'Same-Origin', OWN],
    [false, '', OWN],
    [true, undefined, OWN],
    [true, undefined, APP],
    [true, undefined, undefined],
    [false, undefined, 'null'],
    [false, undefined, ''],
    [false, undefined, 'https://evil.example'],
    [false, undefined, `${OWN}.evil.example`],
    [false, undefined, `${OWN}:8443`],
    [false, undefined, 'http://accounts.example.org'],
    [false, undefined, `${APP}, ${APP}`],
  ])('counts: %s, when Sec-Fetch-Site is %j and Origin %j', (counts, fetchSite, origin) => {
    expect(mayBe({ fetchSite, origin })).toBe(counts);
  });

  it.each([undefined, ''])('never counts when X-Requested-With is %j', (requestedWith) => {
    for (const fetchSite of ['same-origin', 'none', undefined]) {
      expect(mayBe({ requestedWith, fetchSite, origin: OWN })).toBe(false);
    }
  });
});

it.each([
  [OWN, APP, false],
  [OWN, 'https://example.org', false],
  [OWN, 'https://accounts.example.org:8443', false],
  [OWN, 'http://app.example.org', true],
  [OWN, 'https://example.com', true],
  [OWN, 'https://example-org.example', true],
  [OWN, 'http://localhost:5173', true],
  ['http://localhost:3000', 'http://localhost:5173', false],
  ['http://localhost:3000', 'http://127.0.0.1:5173', true],
  ['http://10.0.0.1', 'http://9.0.0.1', true],
  ['http://[::1]:3000', 'http://[::1]:5173', false],
])('of %s the origin %s is another site: %s', (own, origin, other) => {
  expect(otherSites(own, [origin])).toEqual(other ? [origin] : []);
});
