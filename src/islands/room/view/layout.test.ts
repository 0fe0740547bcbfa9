import { expect, test } from 'vitest';
import { cornerAt, cornerBy } from './me.tsx';
import { layoutOf } from './stage.tsx';

test.each([
  [0, false, false, 'alone'],
  [1, false, false, 'one'],
  [1, false, true, 'one'],
  [1, true, false, 'first'],
  [2, false, false, 'two'],
  [2, false, true, 'first'],
  [3, false, false, 'many'],
  [4, false, false, 'many'],
  [3, true, true, 'first'],
] as const)('%i others, screen %o, signer %o: %s', (others, screen, signer, layout) => {
  expect(layoutOf(others, screen, signer)).toBe(layout);
});

test('each arrow leads to a corner on its side, from every corner', () => {
  const sides = [
    { across: 0.9, down: 0.1 },
    { across: 0.9, down: 0.9 },
    { across: 0.1, down: 0.9 },
    { across: 0.1, down: 0.1 },
  ];
  for (const [corner, { across, down }] of sides.entries()) {
    expect(cornerAt(across, down)).toBe(corner);
    expect(cornerBy('ArrowLeft', corner)).toBe(cornerAt(0.1, down));
    expect(cornerBy('ArrowRight', corner)).toBe(cornerAt(0.9, down));
    expect(cornerBy('ArrowUp', corner)).toBe(cornerAt(across, 0.1));
    expect(cornerBy('ArrowDown', corner)).toBe(cornerAt(across, 0.9));
    expect(cornerBy('Enter', corner)).toBeNull();
  }
});
