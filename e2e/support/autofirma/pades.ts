import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  /** Bytes after the end. */
  after?: string;
}

const PLACE = 40_000;

/**
 * Signs a PDF as AutoFirma does with `alwaysCreateRevision`: it appends a field without anything to see, writes page, catalogue and the list of pages
 * again, and has openssl make the signature (CAdES, with an open length).
 */
export function signPdf(document: Buffer, card: Card, wishes: PadesWishes = {}): Buffer {
  const text = document.toString('latin1');
  const trailer = /trailer\s*<<([\s\S]*?)>>\s*startxref\s+(\d+)/.exec(text);
  if (!trailer) throw new Error('This PDF has no trailer');
  const [, entries = '', previous = ''] = trailer;
  const numberOf = (name: string) => Number(new RegExp(`/${name} (\\d+)`).exec(entries)?.[1]);
  const [root, info, size] = ['Root', 'Info', 'Size'].map(numberOf) as [number, number, number];
  const bodyOf = (number: number) =>
    new RegExp(`(?<!\\d)${number} 0 obj\\s*([\\s\\S]*?)endobj`).exec(text)?.[1]?.trim() ?? '';
  const pages = Number(/\/Pages (\d+)/.exec(bodyOf(root))?.[1]);
  const page = Number(/\/Kids \[(\d+)/.exec(bodyOf(pages))?.[1]);
  const signature = size;
  const field = size + 1;
  const within = (body: string, more: string) => body.replace(/>>$/, `${more}>>`);
  const objects: Record<number, string> = {
    [signature]:
      `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20270201090000Z)` +
      `/ByteRange [${' '.repeat(60)}]/Contents <${'0'.repeat(PLACE)}>>>`,
    [field]:
      `<</FT/Sig/T(Signature1)/V ${signature} 0 R/F 132/Type/Annot/Subtype/Widget` +
      `/Rect[${wishes.rectangle ?? '0 0 0 0'}]/P ${page} 0 R>>`,
    [page]: within(bodyOf(page), `/Annots[${field} 0 R]`),
    [pages]: within(bodyOf(pages), '/ITXT(2.1.7)'),
    [root]: within(bodyOf(root), `/AcroForm<</Fields[${field} 0 R]/SigFlags 3>>`),
    [info]: '<</Producer(Cliente @firma)>>',
    ...wishes.objects?.({ page: bodyOf(page), next: size + 2 }),
  };
  return filled(
    appended(document, objects, { root, info, previous, size: size + 10 }),
    card,
    wishes,
  );
}

function appended(
  document: Buffer,
  objects: Record<number, string>,
  { root, info, previous, size }: { root: number; info: number; previous: string; size: number },
): Buffer {
  let out = '\n';
  const places: [number, number][] = [];
  for (const [number, body] of Object.entries(objects)) {
    places.push([Number(number), document.length + out.length]);
    out += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const start = document.length + out.length;
  const lines = places.map(
    ([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`,
  );
  out += `xref\n${lines.join('')}trailer\n<</Root ${root} 0 R/Info ${info} 0 R/Prev ${previous}/Size ${size}>>\n`;
  return Buffer.concat([document, Buffer.from(`${out}startxref\n${start}\n%%EOF\n`, 'latin1')]);
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
