import { createCipheriv } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** A PDF of one page. A test adds to its catalog, its page and its objects. It is written by hand, for several readers to agree on. */
export interface Written {
  /** Additions to the catalog. */
  catalog?: string;
  /** Additions to the page. */
  page?: string;
  /** More objects, by number from 10 on: each a dictionary, or a whole stream with its dictionary. */
  more?: Readonly<Record<number, string>>;
  /** Additions to the trailer. */
  trailer?: string;
}

const objectsOf = ({ catalog = '', page = '', more = {} }: Written): Record<number, string> => ({
  1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] ${page} >>`,
  ...more,
});

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Returns a PDF with every object in the file itself. */
export function plainPdf(written: Written = {}): Buffer {
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const places: [number, number][] = [];
  for (const [number, object] of Object.entries(objectsOf(written))) {
    places.push([Number(number), text.length]);
    text += `${number} 0 obj\n${object}\nendobj\n`;
  }
  return latin(`${text}${table(places, text.length, `/Root 1 0 R ${written.trailer ?? ''}`)}`);
}

function table(places: readonly [number, number][], start: number, trailer: string): string {
  const rows = places.map(
    ([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`,
  );
  const size = Math.max(0, ...places.map(([number]) => number)) + 1;
  return `xref\n0 1\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${size} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
}

/** Returns a PDF with another version of an object after its end, as programs save changes. */
export function updatedPdf(before: Buffer, number: number, object: string): Buffer {
  const old = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(before.toString('latin1'))?.[1]);
  const text = `${number} 0 obj\n${object}\nendobj\n`;
  const at = before.length;
  const end = table([[number, at]], at + text.length, `/Root 1 0 R /Prev ${old}`);
  return Buffer.concat([before, latin(text + end)]);
}

export interface Packing {
  /** The addition to the dictionary of the object stream, and the packing of its bytes; default: `/Filter /FlateDecode`. */
  stream?: { dictionary: string; pack(bytes: Buffer): Buffer };
  /** Encrypts the bytes of a stream; the trailer names the dictionary of encryption, object 90. */
  lock?: { dictionary: string; id: string; encrypt(bytes: Buffer, number: number): Buffer };
}

const FLATE = {
  dictionary: '/Filter /FlateDecode',
  pack: (bytes: Buffer): Buffer => deflateSync(bytes),
};
const STREAM = 80;
const LOCK = 90;
const TABLE = 91;

/** Returns a PDF with every object in one object stream, as most programs write since PDF 1.5. */
export function packedPdf(written: Written = {}, { stream = FLATE, lock }: Packing = {}): Buffer {
  const objects = Object.entries(objectsOf(written));
  let [body, index] = ['', ''];
  for (const [number, object] of objects) {
    index += `${number} ${body.length} `;
    body += `${object}\n`;
  }
  const clear = stream.pack(latin(index + body));
  const packed = lock ? lock.encrypt(clear, STREAM) : clear;
  const head = latin('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  const holder = Buffer.concat([
    latin(
      `${STREAM} 0 obj\n<< /Type /ObjStm /N ${objects.length} /First ${index.length} /Length ${packed.length} ${stream.dictionary} >>\nstream\n`,
    ),
    packed,
    latin('\nendstream\nendobj\n'),
  ]);
  const locked = latin(lock ? `${LOCK} 0 obj\n${lock.dictionary}\nendobj\n` : '');
  const start = head.length + holder.length + locked.length;
  const rows = new Map<number, [number, number, number]>([
    ...objects.map(([number], nth): [number, [number, number, number]] => [
      Number(number),
      [2, STREAM, nth],
    ]),
    [STREAM, [1, head.length, 0]],
    ...(lock
      ? [[LOCK, [1, head.length + holder.length, 0]] as [number, [number, number, number]]]
      : []),
    [TABLE, [1, start, 0]],
  ]);
  const entries = Buffer.alloc((TABLE + 1) * 6);
  for (const [number, [kind, place, nth]] of rows) {
    entries.writeUInt8(kind, number * 6);
    entries.writeUInt32BE(place, number * 6 + 1);
    entries.writeUInt8(nth, number * 6 + 5);
  }
  const more = lock ? `/Encrypt ${LOCK} 0 R /ID [${lock.id}${lock.id}]` : '';
  return Buffer.concat([
    ...[head, holder, locked],
    latin(
      `${TABLE} 0 obj\n<< /Type /XRef /Size ${TABLE + 1} /W [1 4 1] /Root 1 0 R ${more} /Length ${entries.length} >>\nstream\n`,
    ),
    entries,
    latin(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`),
  ]);
}

/** Encrypts a stream like a PDF with AES: the initialization vector is before it. */
export function aes(bits: 128 | 256, key: Buffer, bytes: Buffer): Buffer {
  const start = Buffer.alloc(16, 7);
  const cipher = createCipheriv(`aes-${bits}-cbc`, key, start);
  return Buffer.concat([start, cipher.update(bytes), cipher.final()]);
}
