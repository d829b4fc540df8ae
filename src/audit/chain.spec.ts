import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MasterKey } from '../common/crypto/master-key.js';
import {
  type AuditLine,
  BEGINNING,
  chained,
  type ChainedLine,
  checkpointMac,
  faultOf,
  originalPlace,
} from './chain.js';

const key = new MasterKey(randomBytes(32));
const TEXTS = [
  'id',
  'at',
  'type',
  'actor',
  'subject',
  'ip',
  'requestId',
  'scheme',
  'detail',
] as const;

const text = fc.option(fc.string({ unit: 'binary', maxLength: 30 }), { nil: null });
const line: fc.Arbitrary<AuditLine> = fc.record({
  seq: fc.integer({ min: 1, max: 1_000_000 }),
  ...(Object.fromEntries(TEXTS.map((name) => [name, text])) as Record<
    (typeof TEXTS)[number],
    typeof text
  >),
});

function chainOf(lines: AuditLine[]): ChainedLine[] {
  let before = BEGINNING;
  return lines.map((fields, nr) => {
    const whole = chained(key, { ...fields, seq: nr + 1 }, before);
    before = { seq: whole.seq, hash: whole.hash! };
    return whole;
  });
}

/** Number of the first line that is not as it was written. */
function firstFault(chain: ChainedLine[], under = key) {
  let before = BEGINNING;
  for (const each of chain) {
    const fault = faultOf(under, each, before);
    if (fault) return fault;
    before = { seq: each.seq, hash: each.hash! };
  }
  return undefined;
}

const chain = fc.array(line, { minLength: 3, maxLength: 8 }).map(chainOf);

describe('a chain', () => {
  it('holds as it was written', () => {
    fc.assert(fc.property(chain, (whole) => firstFault(whole) === undefined));
  });

  it('[16.4.2] shows any other value in any field of any line, at that line', () => {
    const fields = [...TEXTS, 'previousHash', 'hash'] as const;
    fc.assert(
      fc.property(chain, fc.nat(), fc.constantFrom(...fields), text, (whole, at, field, value) => {
        const nr = at % whole.length;
        fc.pre(whole[nr]![field] !== value);
        const changed = whole.with(nr, { ...whole[nr]!, [field]: value });
        expect(firstFault(changed)).toMatchObject({ seq: nr + 1, kind: 'changed' });
      }),
    );
  });

  it('shows a value that was moved to the field beside it', () => {
    fc.assert(
      fc.property(chain, fc.integer({ min: 0, max: TEXTS.length - 2 }), (whole, nr) => {
        const [a, b] = [TEXTS[nr]!, TEXTS[nr + 1]!];
        const [first] = whole as [ChainedLine];
        fc.pre(first[a] !== first[b]);
        const swapped = whole.with(0, { ...first, [a]: first[b], [b]: first[a] });
        expect(firstFault(swapped)?.seq).toBe(1);
      }),
    );
  });

  it('shows that a line is missing, wherever but at the end', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (whole, at) => {
        const nr = at % (whole.length - 1);
        expect(firstFault(whole.toSpliced(nr, 1))).toMatchObject({ seq: nr + 2, kind: 'missing' });
      }),
    );
  });

  it('shows that two lines changed places, and for which place each was written', () => {
    fc.assert(
      fc.property(chain, (whole) => {
        const [first, second, ...rest] = whole as [ChainedLine, ChainedLine];
        const swapped = [{ ...second, seq: 1 }, { ...first, seq: 2 }, ...rest];
        expect(firstFault(swapped)?.seq).toBe(1);
        expect(originalPlace(key, swapped[0]!, { from: 1, to: 9 })).toBe(2);
      }),
    );
  });

  it('shows a line that belongs to another history of the same server', () => {
    const [shared, ...ours] = chainOf(fc.sample(line, 4));
    const other = chained(key, { ...ours[0]!, id: 'other' }, { seq: 1, hash: shared!.hash! });
    expect(firstFault([shared!, other, ...ours.slice(1)])).toMatchObject({ seq: 3, kind: 'order' });
  });

  it('cannot be made without the master key', () => {
    const whole = chainOf(fc.sample(line, 4));
    expect(firstFault(whole, new MasterKey(randomBytes(32)))).toMatchObject({ seq: 1 });
  });

  it('is no checkpoint, and a checkpoint is no line', () => {
    const [first] = chainOf(fc.sample(line, 1)) as [ChainedLine];
    const mac = checkpointMac(key, { seq: 1, hash: first.hash! });
    expect(mac.toString('hex')).not.toBe(first.hash);
    expect(checkpointMac(key, { seq: 2, hash: first.hash! })).not.toEqual(mac);
  });
});
