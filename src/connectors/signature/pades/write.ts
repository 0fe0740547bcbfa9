import { sha256Of, signDigest } from '../../../lib/seal/cms.ts';
import type { SealKey } from '../../../lib/seal/types.ts';
import { fileIn } from './parts.ts';
import { dictionaryOf, referenceOf, type Value } from './syntax.ts';

/** Hexadecimal digits for a signature with its certificates. */
const PLACE = 16_384;
const RANGE = `/ByteRange [0 ${'*'.repeat(40)}]`;

/**
 * Signs a document of `drawDocument` in a revision of its own, without anything to see, as AutoFirma does: for the stand-in of a demonstration.
 * @throws when it isn't such a document
 */
export async function signedPdf(document: Buffer, key: SealKey): Promise<Buffer> {
  const file = withField(document);
  const from = file.lastIndexOf(`<${'0'.repeat(PLACE)}>`);
  const until = from + PLACE + 2;
  const range = `/ByteRange [0 ${from} ${until} ${file.length - until}`;
  file.write(`${range.padEnd(RANGE.length - 1)}]`, file.lastIndexOf(RANGE), 'latin1');
  const digest = sha256Of(file.subarray(0, from), file.subarray(until));
  const signature = (await signDigest(digest, key, async () => null)).toString('hex');
  file.write(signature, from + 1, 'latin1');
  return file;
}

/** Returns a document with a field for a signature, which is to be filled. */
function withField(document: Buffer): Buffer {
  const file = fileIn(document.toString('latin1'));
  const { trailer, start: previous } = file;
  const object = (of: Value | undefined) => {
    const found = file.object(referenceOf(of));
    if (!found) throw new Error('This document is not one of ours');
    return { ...found, entries: dictionaryOf(found.value) };
  };
  const catalog = object(trailer.get('/Root'));
  const kids = object(catalog.entries?.get('/Pages')).entries?.get('/Kids');
  const first = object(Array.isArray(kids) ? kids[0] : undefined);
  const root = catalog.number;
  const page = first.number;
  const info = referenceOf(trailer.get('/Info'));
  const signature = Number(trailer.get('/Size'));
  const field = signature + 1;
  const more = (body: string, entry: string) => body.replace(/>>$/, `${entry}>>`);
  const objects: [number, string][] = [
    [root, more(catalog.source, `/AcroForm <</Fields [${field} 0 R]/SigFlags 3>>`)],
    [page, more(first.source, `/Annots [${field} 0 R]`)],
    [
      signature,
      `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached${RANGE}/Contents <${'0'.repeat(PLACE)}>>>`,
    ],
    [
      field,
      `<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/V ${signature} 0 R/F 132/Rect[0 0 0 0]/P ${page} 0 R>>`,
    ],
  ];
  let added = '\n';
  let table = 'xref\n';
  for (const [number, body] of objects) {
    const at = String(document.length + added.length).padStart(10, '0');
    table += `${number} 1\n${at} 00000 n \n`;
    added += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const start = document.length + added.length;
  const last = `trailer\n<</Root ${root} 0 R/Info ${info} 0 R/Prev ${previous}/Size ${field + 1}>>\n`;
  return Buffer.concat([
    document,
    Buffer.from(`${added}${table}${last}startxref\n${start}\n%%EOF\n`, 'latin1'),
  ]);
}
