import { type Measured, sizeOf } from '../../../lib/picture-size.ts';

/**
 * The maximum width and height of a logo. It is shown at about 60 points, so this is enough for any screen. It also limits memory: four
 * bytes a pixel.
 */
export const MOST_LOGO_SIDE = 2_000;

const KINDS: readonly (readonly [Measured, RegExp])[] = [
  ['png', /^\x89PNG/],
  ['jpg', /^\xff\xd8\xff/],
  ['webp', /^RIFF[\s\S]{4}WEBPVP8/],
];

/** Returns whether a small file is too large once it is unpacked; a picture without dimensions is `broken`, as for browsers. */
export function pixelFault(bytes: Buffer): 'wide' | 'broken' | null {
  const head = bytes.toString('latin1', 0, 16);
  const kind = KINDS.find(([, starts]) => starts.test(head))?.[0];
  if (!kind) return null;
  const size = sizeOf(kind, bytes);
  if (!size || size.width < 1 || size.height < 1) return 'broken';
  return Math.max(size.width, size.height) > MOST_LOGO_SIDE ? 'wide' : null;
}
