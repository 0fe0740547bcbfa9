import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Issued } from '../identity/certificates.ts';

/** With what a device signs: the person's certificate, and those above it that come with the signature. */
export interface Card {
  own: Issued;
  above: readonly Issued[];
}

/** What can be wrong with what a program adds to a document. */
export interface PadesWishes {
  /** Objects that are added, or put in the place of others: by number, or `page`. */
  objects?: (of: { page: string; next: number }) => Record<number, string>;
  /** The rectangle of the field; by default there is nothing to see. */
  rectangle?: string;
  /** The body of each object, in another way. */
  body?: (body: string) => string;
  /** What is appended, in another way, before it is signed. It must stay as long as it is before the table of objects. */
  rewritten?: (part: string) => string;
  /** Bytes after the end. */
  after?: string;
}

const PLACE = 40_000;

/**
 * Signs a PDF as AutoFirma does with `alwaysCreateRevision`: it appends what its library appends, in that order and in these words (afirma-lib-itext
 * 1.7, of which this was compared with the output), and has openssl make the signature (CAdES, with an open length).
 */
export function signPdf(document: Buffer, card: Card, wishes: PadesWishes = {}): Buffer {
  const of = readOurs(document.toString('latin1'));
  const { size, root, info, previous, bodyOf } = of;
  const page = bodyOf(of.page);
  const asked = Object.entries(wishes.objects?.({ page, next: size + 5 }) ?? {});
  const objects = new Map([
    ...added(of, wishes.rectangle ?? '0 0 0 0'),
    ...written(of),
    ...asked.map(([number, body]): [number, string] => [Number(number), body]),
  ]);
  const tail = `/Size ${size + 10}/Root ${root} 0 R/Info ${info} 0 R/ID [<00><01>]/Prev ${previous}`;
  const { body = same, rewritten = same } = wishes;
  for (const [number, each] of objects) objects.set(number, body(each));
  const part = rewritten(appended(document.length, objects, tail));
  return filled(Buffer.concat([document, Buffer.from(part, 'latin1')]), card, wishes);
}

const same = (text: string): string => text;

type Ours = ReturnType<typeof readOurs>;

/** Reads a document of ours. */
function readOurs(text: string) {
  const trailer = /trailer\s*<<([\s\S]*?)>>\s*startxref\s+(\d+)/.exec(text);
  if (!trailer) throw new Error('This PDF has no trailer');
  const [, entries = '', previous = ''] = trailer;
  const numberOf = (name: string) => Number(new RegExp(`/${name} (\\d+)`).exec(entries)?.[1]);
  const [root, info, size] = ['Root', 'Info', 'Size'].map(numberOf) as [number, number, number];
  const bodyOf = (number: number) =>
    new RegExp(`(?<!\\d)${number} 0 obj\\s*([\\s\\S]*?)endobj`).exec(text)?.[1]?.trim() ?? '';
  const pages = Number(/\/Pages (\d+)/.exec(bodyOf(root))?.[1]);
  const page = Number(/\/Kids \[(\d+)/.exec(bodyOf(pages))?.[1]);
  const metadata = Number(/\/Metadata (\d+)/.exec(bodyOf(root))?.[1]);
  return { root, info, size, previous, pages, page, metadata, bodyOf };
}

/** Returns the objects that are new, by their numbers. */
const added = ({ size, page }: Ours, rectangle: string): [number, string][] => [
  [
    size + 2,
    `<</FT/Sig/T(Signature1)/V ${size} 0 R/F 132/Type/Annot/Subtype/Widget/Rect[${rectangle}]` +
      `/AP<</N ${size + 1} 0 R>>/P ${page} 0 R/DR<<>>>>`,
  ],
  [
    size,
    '<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20270201090000Z)/Name(GARCIA PUIG ANNA)' +
      `/ByteRange [${' '.repeat(60)}]/Contents <${'0'.repeat(PLACE)}>>>`,
  ],
  [size + 3, '<</Type/Font/BaseFont/Helvetica/Encoding/WinAnsiEncoding/Name/Helv/Subtype/Type1>>'],
  [size + 4, '<</Type/Font/BaseFont/ZapfDingbats/Name/ZaDb/Subtype/Type1>>'],
  [
    size + 1,
    '<</Type/XObject/Subtype/Form/Resources<</ProcSet [/PDF /Text /ImageB /ImageC /ImageI]>>/BBox[0 0 0 0]/FormType 1' +
      `/Matrix [1 0 0 1 0 0]/Length 8/Filter/FlateDecode>>stream\n${deflateSync('').toString('latin1')}\nendstream`,
  ],
];

const METADATA = '<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>';

/** Returns the objects that are written again, by their numbers. */
function written({ root, info, size, pages, page, metadata, bodyOf }: Ours): [number, string][] {
  const within = (number: number, more: string): [number, string] => [
    number,
    bodyOf(number).replace(/>>$/, `${more}>>`),
  ];
  const fonts = `/Font<</Helv ${size + 3} 0 R/ZaDb ${size + 4} 0 R>>`;
  const form = `/Fields[${size + 2} 0 R]/DA(/Helv 0 Tf 0 g )/DR<<${fonts}>>/SigFlags 3`;
  return [
    [
      metadata,
      `<</Length ${METADATA.length}/Type/Metadata/Subtype/XML>>stream\n${METADATA}\nendstream`,
    ],
    within(page, `/Annots[${size + 2} 0 R]`),
    within(root, `/AcroForm<<${form}>>`),
    within(pages, '/ITXT(2.1.7)'),
    [info, '<</Producer(Cliente @firma)/ModDate(D:20270201090000Z)>>'],
  ];
}

function appended(from: number, objects: ReadonlyMap<number, string>, trailer: string): string {
  let out = '\n';
  const places: [number, number][] = [];
  for (const [number, body] of objects) {
    places.push([number, from + out.length]);
    out += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const start = from + out.length;
  const lines = places
    .sort(([one], [other]) => one - other)
    .map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`);
  // The library says of the first number that it is free.
  const table = `xref\n0 1\n0000000000 65535 f \n${lines.join('')}`;
  return `${out}${table}trailer\n<<${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
}

function filled(file: Buffer, card: Card, { after = '' }: PadesWishes): Buffer {
  const from = file.indexOf(`<${'0'.repeat(PLACE)}>`);
  const until = from + PLACE + 2;
  const range = `/ByteRange [0 ${from} ${until} ${file.length - until}`;
  file.write(
    range.padEnd('/ByteRange ['.length + 60),
    file.lastIndexOf('/ByteRange [', from),
    'latin1',
  );
  const content = Buffer.concat([file.subarray(0, from), file.subarray(until)]);
  file.write(cms(content, card).toString('hex'), from + 1, 'latin1');
  return Buffer.concat([file, Buffer.from(after)]);
}

/** Has openssl sign: detached, with the certificate among what is signed. */
function cms(content: Buffer, { own, above }: Card): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-autofirma-'));
  const at = (name: string, text: string | Buffer): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  try {
    const out = join(folder, 'out');
    const { status, stderr } = spawnSync('openssl', [
      ...['cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-nosmimecap'],
      ...['-outform', 'DER', '-in', at('in', content), '-out', out],
      ...['-signer', at('own.pem', own.pem), '-inkey', at('own.key', own.keyPem)],
      ...(above.length > 0
        ? ['-certfile', at('above.pem', above.map(({ pem }) => pem).join('\n'))]
        : []),
    ]);
    if (status !== 0) throw new Error(stderr.toString());
    return openLengths(readFileSync(out));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the outermost three structures with an open length (BER), as the library of AutoFirma does. */
function openLengths(der: Buffer): Buffer {
  let rest = der;
  const heads: Buffer[] = [];
  for (const between of [
    Buffer.alloc(0),
    Buffer.from('06092a864886f70d010702', 'hex'),
    Buffer.alloc(0),
  ]) {
    if (!rest.subarray(0, between.length).equals(between) || rest[between.length + 1] !== 0x82)
      throw new Error('openssl writes signatures in another way');
    heads.push(between, Buffer.from([rest[between.length] ?? 0, 0x80]));
    rest = rest.subarray(between.length + 4);
  }
  return Buffer.concat([...heads, rest, Buffer.alloc(6)]);
}
