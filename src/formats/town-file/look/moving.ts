const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** A flag in WebP's extended header: the picture has several frames. */
const ANIMATION = 0x02;

/** Returns whether a PNG has several frames: the declaration stands before the first frame. */
function isApng(bytes: Buffer): boolean {
  for (let at = PNG.length; at + 8 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const chunk = bytes.toString('latin1', at + 4, at + 8);
    if (chunk === 'acTL') return true;
    if (chunk === 'IDAT') return false;
  }
  return false;
}

const isMovingWebp = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 8, 16) === 'WEBPVP8X' && ((bytes[20] ?? 0) & ANIMATION) !== 0;

/** Returns whether a PNG or WebP moves: readers could not stop the movement (WCAG 2.2, 2.2.2). */
export const isMoving = (bytes: Buffer): boolean =>
  bytes.subarray(0, PNG.length).equals(PNG) ? isApng(bytes) : isMovingWebp(bytes);
