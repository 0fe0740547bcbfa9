import type PDFDocument from 'pdfkit';
import { shownOf } from './certificate.ts';
import { readSignature, sha256Of } from './cms.ts';
import { lengthOf } from './der.ts';
import { signedStamp } from './token.ts';
import type { Seal, SealShown } from './types.ts';

type Doc = InstanceType<typeof PDFDocument>;

/** Nine stars in each place of a number: it is replaced when the file is whole. */
const PLACE = '*'.repeat(10);
const RANGE = `/ByteRange [0 /${PLACE} /${PLACE} /${PLACE}]`;
/** Of a widget: it can't be changed, and it is printed, with nothing to see. */
const LOCKED_AND_PRINTED = 132;
const SIGNED_AND_APPENDED_ONLY = 3;

/** What the field of a seal has of it in words. */
export interface SealWords {
  /** The name of the field for whoever hears it. */
  name: string;
  /** Who seals. */
  by: string;
}

/**
 * Puts the field of a seal into a document that isn't ended: a signature of PAdES without anything to see, in which the claimed time is the only
 * one (EN 319 142-1, 5.4). `sealed` then fills it.
 */
export function addSealField(doc: Doc, seal: Seal, words: SealWords, at: Temporal.Instant): void {
  const text = (value: string) => new String(value) as string;
  const signature = doc.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, PLACE, PLACE, PLACE],
    Contents: Buffer.alloc(seal.room),
    Name: text(words.by),
    M: new Date(at.epochMilliseconds),
  });
  const field = doc.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: text('Seal'),
    TU: text(words.name),
    V: signature,
    F: LOCKED_AND_PRINTED,
    Rect: [0, 0, 0, 0],
    P: doc.page.dictionary,
  });
  doc.page.annotations.push(field);
  for (const each of [signature, field]) (each as unknown as Reference).end();
  doc.initForm();
  const form = formOf(doc);
  form.SigFlags = SIGNED_AND_APPENDED_ONLY;
  // A reader that drew fields anew would change what is signed.
  delete form.NeedAppearances;
  form.Fields.push(field);
}

/** pdfkit's types demand a part of a stream at the end. */
interface Reference {
  end(): void;
}

/** What a file has of its fields. */
interface Form {
  SigFlags?: number;
  NeedAppearances?: boolean;
  Fields: unknown[];
}

/** Returns the fields of a document, to which pdfkit has no public access. */
const formOf = (doc: Doc): Form =>
  (doc as unknown as { _root: { data: { AcroForm: { data: Form } } } })._root.data.AcroForm.data;

/** Returns a file with its field of `addSealField` filled in. @throws when it has none, or the signature does not fit */
export async function sealed(file: Buffer, { room, seal }: Seal): Promise<Buffer> {
  const range = file.indexOf(RANGE);
  const from = file.indexOf(`/Contents <${'0'.repeat(64)}`, range) + '/Contents '.length;
  const until = from + room * 2 + 2;
  if (range < 0 || from < range) throw new Error('This file has no field for a seal');
  const whole = Buffer.from(file);
  const numbers = `/ByteRange [0 ${from} ${until} ${file.length - until}`;
  whole.write(`${numbers.padEnd(RANGE.length - 1)}]`, range, 'latin1');
  const digest = sha256Of(whole.subarray(0, from), whole.subarray(until));
  const signature = (await seal(digest)).toString('hex');
  if (signature.length > room * 2) throw new Error('The signature is larger than its room');
  whole.write(signature, from + 1, 'latin1');
  return whole;
}

/** A signature of PDF over the whole file but itself. */
export interface SignedFile {
  /** Where its place begins and ends, in bytes. */
  from: number;
  until: number;
  /** SHA-256 of everything else. */
  digest: Buffer;
  /** The signature (CMS). */
  der: Buffer;
}

/** Returns the signature in a file that covers all of it, and is the only one there; null: there is none, or more follows it. */
export function signatureIn(file: Buffer): SignedFile | null {
  const text = file.toString('latin1');
  const [found, ...others] = text.matchAll(/\/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g);
  if (!found || others.length > 0) return null;
  const [from, until, rest] = found.slice(1).map(Number) as [number, number, number];
  if (until + rest !== file.length || from >= until) return null;
  if (text[from] !== '<' || text[until - 1] !== '>') return null;
  const place = text.slice(from + 1, until - 1);
  // What is no hexadecimal digit would be of no signature.
  if (/[^\dA-Fa-f]/.test(place)) return null;
  const der = derIn(Buffer.from(place, 'hex'));
  const digest = sha256Of(file.subarray(0, from), file.subarray(until));
  return der && { from, until, digest, der };
}

/** Reads the seal of a file that `sealed` made; null: it has none, or it is not of these bytes. */
export function sealIn(file: Buffer): SealShown | null {
  const found = signatureIn(file);
  const read = found && readSignature(found.der, found.digest);
  if (!read) return null;
  const { certificate, signature, token } = read;
  const stamp = token && signedStamp(token);
  return {
    ...shownOf(certificate),
    at: timeIn(file),
    stampedAt: stamp?.imprint.equals(sha256Of(signature)) ? stamp.at : null,
  };
}

/** Returns the signature without the zeros after it; null: something else follows it, which the signature is not of. */
function derIn(room: Buffer): Buffer | null {
  const length = lengthOf(room);
  return length !== null && room.subarray(length).every((each) => each === 0)
    ? room.subarray(0, length)
    : null;
}

/** Returns the claimed time of the signature. */
function timeIn(file: Buffer): Temporal.Instant | null {
  const text = file.toString('latin1', file.indexOf('/ByteRange ['));
  const found = /\/M \(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z\)/.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1);
  return Temporal.Instant.from(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
