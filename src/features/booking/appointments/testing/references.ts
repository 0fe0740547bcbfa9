import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { vi } from 'vitest';
import { referenceFrom } from '../rules.ts';

/** Gives the same bytes to the next two who draw a reference, until it is disposed of; then they differ again. */
export function sameReferenceTwice(): Disposable & { reference: string } {
  const { randomBytes } = crypto;
  const bytes = Buffer.alloc(6);
  let left = 2;
  const drawn = vi
    .spyOn(crypto, 'randomBytes')
    .mockImplementation((length: number) =>
      length === bytes.length && left-- > 0 ? bytes : randomBytes(length),
    );
  syncBuiltinESMExports();
  return {
    reference: referenceFrom(bytes),
    [Symbol.dispose]() {
      drawn.mockRestore();
      syncBuiltinESMExports();
      if (left >= 0) throw new Error('Nobody drew it twice');
    },
  };
}
