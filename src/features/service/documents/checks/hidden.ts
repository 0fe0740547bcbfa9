import { type Bytes, isIn } from './bytes.ts';

/** A ZIP's last record and the longest comment after it. */
const TAIL = 22 + 65_535;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const PACKED = /Rar!\u001a\u0007|7z\u00bc\u00af'\u001c/;
const PAGE = /<(!doctype|html|head|body|script|svg|iframe|\?php)[\s>]/i;

/**
 * Whether a picture or PDF is something else as well: a ZIP to who reads from the end, a package to who looks for one
 * anywhere, a page or a PDF to who looks at the first kilobyte. What phones put after a picture (a film, a second one) is fine.
 */
export async function isTwoThings(bytes: Bytes, isPdf: boolean): Promise<boolean> {
  const head = (await bytes.at(0, 1_024)).toString('latin1');
  if (PAGE.test(head) || (!isPdf && head.includes('%PDF-'))) return true;
  return (await endsAsZip(bytes)) || (await isIn(bytes.parts(), PACKED, 8));
}

async function endsAsZip({ size, at }: Bytes): Promise<boolean> {
  const from = Math.max(0, size - TAIL);
  const tail = await at(from, TAIL);
  for (let place = tail.indexOf('PK\x05\x06'); place >= 0; ) {
    if (place + 22 <= tail.length) {
      const directory = tail.readUInt32LE(place + 12);
      if (tail.readUInt16LE(place + 10) > 0 && directory <= from + place) return true;
    }
    place = tail.indexOf('PK\x05\x06', place + 1);
  }
  return false;
}
