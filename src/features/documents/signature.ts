import type { Check } from './types.ts';

/** How files of a kind begin. */
const SIGNATURES: readonly (readonly [type: string, bytes: readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/** Says what a document is by how it begins, and reads it to its end, so that what was spoilt is found. */
export const checkSignature: Check = async (source) => {
  let start = Buffer.alloc(0);
  for await (const part of source.read())
    if (start.length < 16) start = Buffer.concat([start, part]);
  const known = SIGNATURES.find(([, bytes]) => bytes.every((each, at) => start[at] === each));
  return known ? { verdict: 'clean', type: known[0] } : { verdict: 'unscannable', why: 'type' };
};
