import { describe, expect, it } from 'vitest';
import type { SecurityEventMap } from '../common/security-events.js';
import { RULES } from './rules.js';
import { Watch } from './watch.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse('2026-01-01T12:00:00Z');

function wrong(account: string, network: string, more: { userId?: string } = {}) {
  return { accountKey: account, network, reason: 'invalid_credentials' as const, ...more };
}

function right(
  account: string,
  network: string,
  more: Partial<SecurityEventMap['sign-in.succeeded']> = {},
) {
  return {
    userId: `id of ${account}`,
    accountKey: account,
    network,
    newDevice: false,
    failuresBefore: 0,
    ...more,
  };
}

/** Numbers of the calls that found something, with what they found. */
function finds(watch: Watch, calls: number, call: (nr: number) => { rule: string }[]) {
  return Array.from({ length: calls }, (_, nr) =>
    call(nr).map(({ rule }) => [nr + 1, rule]),
  ).flat();
}

describe('many accounts tried from one network', () => {
  it('are stuffing at the tenth, told once per window', () => {
    const watch = new Watch();
    const network = '192.0.2.1';
    expect(finds(watch, 30, (nr) => watch.failed(wrong(`a${nr}`, network), NOON + nr))).toEqual([
      [10, 'credential_stuffing'],
    ]);
    const [next] = Array.from({ length: 10 }, (_, nr) =>
      watch.failed(wrong(`b${nr}`, network), NOON + HOUR),
    ).flat();
    expect(next).toEqual({
      rule: 'credential_stuffing',
      about: network,
      network,
      count: 10,
    });
  });

  it('are as many as there are accounts, not tries', () => {
    const watch = new Watch();
    expect(finds(watch, 500, (nr) => watch.failed(wrong(`a${nr % 9}`, '192.0.2.1'), NOON))).toEqual(
      [],
    );
  });

  it('are not those whose owners put their mistake right', () => {
    const watch = new Watch();
    const network = '192.0.2.1';
    expect(
      finds(watch, 500, (nr) => [
        ...watch.failed(wrong(`a${nr}`, network), NOON),
        ...watch.succeeded(right(`a${nr}`, network), NOON),
      ]),
    ).toEqual([]);
  });

  it('are put right only where the mistake was made', () => {
    const watch = new Watch();
    expect(
      finds(watch, 10, (nr) => [
        ...watch.failed(wrong(`a${nr}`, '192.0.2.1'), NOON),
        ...watch.succeeded(right(`a${nr}`, '198.51.100.7'), NOON),
      ]),
    ).toEqual([[10, 'credential_stuffing']]);
  });

  it('are not those who knew the password, nor secrets that belong to nobody', () => {
    const watch = new Watch();
    expect(
      finds(watch, 50, (nr) => [
        ...watch.failed({ ...wrong(`a${nr}`, 'n'), reason: 'email_not_verified' }, NOON),
        ...watch.failed({ network: 'n', reason: 'token_invalid' }, NOON),
      ]),
    ).toEqual([]);
  });
});

describe('many accounts tried from many networks', () => {
  it('are stuffing at the fiftieth, though no network tries more than one', () => {
    const watch = new Watch();
    expect(finds(watch, 200, (nr) => watch.failed(wrong(`a${nr}`, `n${nr}`), NOON))).toEqual([
      [50, 'distributed_stuffing'],
    ]);
  });

  it('are ordinary while more people sign in', () => {
    const watch = new Watch();
    const found = finds(watch, 1000, (nr) => [
      ...watch.succeeded(right(`b${nr}`, `m${nr}`), NOON),
      ...watch.failed(wrong(`a${nr}`, `n${nr}`), NOON),
    ]);
    expect(found).toEqual([]);
    expect(finds(watch, 9, (nr) => watch.failed(wrong(`c${nr}`, `n${nr}`), NOON))).toEqual([
      [1, 'distributed_stuffing'],
    ]);
  });
});

describe('one account tried from many networks', () => {
  it('is told at the fifth', () => {
    const watch = new Watch();
    const of = { userId: 'ada' };
    const found = Array.from({ length: 9 }, (_, nr) =>
      watch.failed(wrong('a', `n${nr}`, of), NOON),
    ).flat();
    expect(found).toEqual([
      { rule: 'account_from_many_networks', about: 'a', count: 5, subject: 'ada' },
    ]);
  });

  it('is told also when every password was right, and every network new', () => {
    const watch = new Watch();
    const found = finds(watch, 9, (nr) =>
      watch.succeeded(right('a', `n${nr}`, { newDevice: true }), NOON),
    );
    expect(found.filter(([, rule]) => rule !== 'new_device')).toEqual([
      [5, 'account_from_many_networks'],
    ]);
  });

  it('is ordinary where it is known from, also after a mistake', () => {
    const watch = new Watch();
    expect(
      finds(watch, 9, (nr) => [
        ...watch.failed(wrong('a', `n${nr}`, { userId: 'ada' }), NOON),
        ...watch.succeeded(right('a', `n${nr}`), NOON),
      ]),
    ).toEqual([]);
  });

  it('is nothing to speak of when nobody has the address', () => {
    const watch = new Watch();
    expect(finds(watch, 9, (nr) => watch.failed(wrong('a', `n${nr}`), NOON))).toEqual([]);
  });

  it('is ordinary over a day', () => {
    const watch = new Watch();
    expect(
      finds(watch, 24, (nr) =>
        watch.failed(wrong('a', `n${nr}`, { userId: 'ada' }), NOON + nr * HOUR),
      ),
    ).toEqual([]);
  });
});

describe('a sign-in', () => {
  it('from a new device is told each time', () => {
    const watch = new Watch();
    const event = right('a', 'n', { newDevice: true });
    expect(watch.succeeded(event, NOON)).toEqual([
      { rule: 'new_device', about: 'id of a n', count: 1, subject: 'id of a', network: 'n' },
    ]);
    expect(watch.succeeded(event, NOON)).toHaveLength(1);
  });

  it.each([
    [4, []],
    [5, ['success_after_failures']],
    [99, ['success_after_failures']],
  ])('after %d wrong passwords: %j', (failuresBefore, rules) => {
    const found = new Watch().succeeded(right('a', 'n', { failuresBefore }), NOON);
    expect(found.map(({ rule }) => rule)).toEqual(rules);
  });

  it('says when its owner is told of it anyway', () => {
    const event = right('a', 'n', { failuresBefore: 5, newDevice: true });
    const [, after] = new Watch().succeeded(event, NOON);
    expect(after).toMatchObject({ rule: 'success_after_failures', ownerKnows: true });
  });
});

it('registrations are a burst at fifteen from one network, and at a hundred from all', () => {
  const watch = new Watch();
  expect(finds(watch, 20, () => watch.registered({ network: 'n' }, NOON))).toEqual([
    [15, 'registration_burst'],
  ]);
  expect(finds(watch, 100, (nr) => watch.registered({ network: `n${nr}` }, NOON))).toEqual([
    [80, 'distributed_registrations'],
  ]);
});

it('a token of an ended session is told at the tenth use of one session', () => {
  const watch = new Watch();
  const use = (sessionId: string) => ({ userId: 'ada', sessionId, network: 'n' });
  expect(finds(watch, 40, (nr) => watch.endedSessionUsed(use(`s${nr % 4}`), NOON))).toEqual(
    [37, 38, 39, 40].map((nr) => [nr, 'ended_session_used']),
  );
  expect(finds(watch, 9, () => watch.endedSessionUsed(use('s1'), NOON + 15 * MINUTE))).toEqual([]);
});

it.each([
  [['audit:read', 'roles:read'], undefined],
  [['audit:read', 'roles:write'], ['roles:write']],
  [
    ['users:write', 'roles:assign'],
    ['users:write', 'roles:assign'],
  ],
])('a grant of %j tells of %j', (permissions, told) => {
  const found = new Watch().permissionRaised({ actor: 'admin', subject: 'ada', permissions });
  expect(found[0]?.permissions).toEqual(told);
});

it('a reused refresh token is told at once', () => {
  const event = { userId: 'ada', sessionId: 's', network: 'n' };
  expect(new Watch().refreshReused(event)).toHaveLength(1);
});

describe('memory', () => {
  it('is bounded, however many networks, addresses and sessions are invented', () => {
    const watch = new Watch();
    for (let nr = 0; nr < 60_000; nr++) {
      watch.failed(wrong(`a${nr}`, `n${nr}`), NOON + nr);
      watch.registered({ network: `n${nr}` }, NOON + nr);
      watch.endedSessionUsed({ userId: 'ada', sessionId: `s${nr}`, network: 'n' }, NOON + nr);
    }
    expect(watch.size).toBeLessThanOrEqual(20_000);
  });

  it('goes on when the clock is set back', () => {
    const watch = new Watch();
    for (let nr = 0; nr < 9; nr++) watch.failed(wrong(`a${nr}`, 'n'), NOON + 24 * HOUR);
    expect(finds(watch, 10, (nr) => watch.failed(wrong(`a${nr}`, 'n'), NOON))).toEqual([
      [10, 'credential_stuffing'],
    ]);
  });
});

it('no rule is told again before its window is over', () => {
  for (const { cooldownMs, windowMs } of Object.values(RULES)) {
    expect(cooldownMs).toBeGreaterThanOrEqual(windowMs);
  }
});
