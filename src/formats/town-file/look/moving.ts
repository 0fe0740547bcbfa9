const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Of WebP's extended header: the picture has several frames. */
const ANIMATION = 0x02;

/** Whether a PNG has several frames: what says so stands before the first of them. */
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

/** Whether a PNG or WebP moves: it couldn't be stopped by who is disturbed by it (WCAG 2.2, 2.2.2). */
export const isMoving = (bytes: Buffer): boolean =>
  bytes.subarray(0, PNG.length).equals(PNG) ? isApng(bytes) : isMovingWebp(bytes);
