export interface Dimensions {
  width: number;
  height: number;
}

/** Requests bytes from a position, repeatedly, until the size is known; null: the picture doesn't contain it. */
type Measuring = Generator<[at: number, length: number], Dimensions | null, Buffer>;

/** The readers of a picture's size from its headers, without decoding. */
export const MEASURES = { png: ofPng, jpg: ofJpeg, webp: ofWebp };
export type Measured = keyof typeof MEASURES;

/** Returns the size of a picture in memory; null: it doesn't contain it. */
export function sizeOf(kind: Measured, bytes: Buffer): Dimensions | null {
  const measuring = MEASURES[kind]();
  let step = measuring.next();
  while (!step.done) {
    const [at, length] = step.value;
    step = measuring.next(bytes.subarray(at, at + length));
  }
  return step.value;
}

/** PNG, 11.2.2: the first chunk. */
function* ofPng(): Measuring {
  const head = yield [8, 16];
  if (head.length < 16 || head.toString('latin1', 4, 8) !== 'IHDR') return null;
  return { width: head.readUInt32BE(8), height: head.readUInt32BE(12) };
}

const MOST_SEGMENTS = 4_000;
/** Start of frame: C0 to CF, of which three mean something else (ITU T.81, table B.1). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function* ofJpeg(): Measuring {
  let at = 2;
  for (let count = 0; count < MOST_SEGMENTS; count++) {
    const head = yield [at, 9];
    if (head.length < 9 || head[0] !== 0xff) return null;
    const marker = head[1] ?? 0;
    if (isFrame(marker)) return { height: head.readUInt16BE(5), width: head.readUInt16BE(7) };
    if (marker === 0xd9 || marker === 0xda) return null; // the end, or pixels, before the size
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (marker === 0xff) at += 1;
    else at += standsAlone ? 2 : 2 + head.readUInt16BE(2);
  }
  return null;
}

/** RFC 9649: lossy, lossless, or extended with the size of the canvas. */
function* ofWebp(): Measuring {
  const head = yield [12, 18];
  if (head.length < 18) return null;
  const chunk = head.toString('latin1', 0, 4);
  if (chunk === 'VP8X')
    return { width: head.readUIntLE(12, 3) + 1, height: head.readUIntLE(15, 3) + 1 };
  if (chunk === 'VP8L' && head[8] === 0x2f) {
    const bits = head.readUInt32LE(9);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== 'VP8 ' || head.readUIntBE(11, 3) !== 0x9d012a) return null;
  return { width: head.readUInt16LE(14) & 0x3fff, height: head.readUInt16LE(16) & 0x3fff };
}
