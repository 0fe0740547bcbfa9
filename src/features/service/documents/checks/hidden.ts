import { type Bytes, isIn } from './bytes.ts';

/** Bytes of a ZIP's last record and the longest comment after it. */
const TAIL = 22 + 65_535;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern searches for them
const PACKED = /Rar!\u001a\u0007|7z\u00bc\u00af'\u001c/;
const PAGE = /<(!doctype|html|head|body|script|svg|iframe|\?php)[\s>]/i;

/**
 * Whether a picture or PDF is also another kind of file: a ZIP for programs that read from the end, another archive for programs that
 * search anywhere, a web page or a PDF for programs that read the first kilobyte. Additions of phones after a picture (a film, a second
 * picture) are accepted.
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
