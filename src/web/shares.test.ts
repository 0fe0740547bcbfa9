import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createShares } from './shares.ts';

const from = (link: string, address: string) => ({ link, address });

test('a sender without any gets whatever is free; a sender with some, up to their share', () => {
  const shares = createShares(100, { link: 0, address: 30 });
  const first = shares.take(from('a', 'library'), 50);
  expect(first).not.toBeNull();
  expect(shares.take(from('a', 'home'), 1)).toBeNull();
  expect(shares.take(from('b', 'library'), 1)).toBeNull();
  expect(shares.take(from('b', 'home'), 20)).not.toBeNull();
  expect(shares.take(from('c', 'home'), 10)).not.toBeNull();
  expect(shares.take(from('d', 'home'), 1)).toBeNull();
  expect(shares.take(from('e', 'elsewhere'), 21)).toBeNull();
  expect(shares.take(from('e', 'elsewhere'), 21, 101)).not.toBeNull();
  first?.();
  first?.();
  expect(shares.take(from('a', 'library'), 50)).toBeNull();
  expect(shares.take(from('a', 'library'), 49)).not.toBeNull();
});

test('the total is never exceeded, and returned amounts can be taken again', () => {
  const asks = fc.array(
    fc.record({
      link: fc.constantFrom('a', 'b', 'c'),
      address: fc.constantFrom('x', 'y'),
      amount: fc.integer({ min: 1, max: 60 }),
      isKept: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(asks, (all) => {
      const shares = createShares(100, { link: 20, address: 50 });
      const out: { amount: number; back: () => void }[] = [];
      for (const { amount, isKept, ...sender } of all) {
        const back = shares.take(sender, amount);
        if (back) out.push({ amount, back });
        if (!isKept) out.pop()?.back();
        expect(out.reduce((sum, each) => sum + each.amount, 0)).toBeLessThanOrEqual(100);
      }
      for (const each of out) each.back();
      expect(shares.take({ link: 'a', address: 'x' }, 100)).not.toBeNull();
    }),
  );
});
