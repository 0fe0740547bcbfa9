import { MUST_LOOK_AT } from '../../../../lib/clamd.ts';

/** How much a file may be of what it isn't at first sight. Honest documents are far below. */
export const LIMITS = {
  /** Members of a document that is an archive, those of embedded ones included. */
  members: 2_000,
  /** Bytes of one of them, unpacked. */
  member: MUST_LOOK_AT,
  /** Bytes of all of them. */
  unpacked: 200 << 20,
  /** How often larger than packed: text packs well, but not like this. */
  ratio: 100,
  /** Below so many bytes the ratio says nothing. */
  ratioFrom: 16 << 20,
  /** Bytes of one embedded document, which is kept in memory. */
  embedded: 20 << 20,
  /** Bytes of all parts that say what the others are: they are kept in memory, and sought through at one go. */
  index: 4 << 20,
  /** Objects of one PDF: a file of a thousand pages has some fifty thousand. */
  pdfObjects: 200_000,
  /** Characters of PDF syntax that are read in one file: its dictionaries, and its object streams unpacked. */
  pdfText: 128 << 20,
  /** Bytes of one object stream, packed and unpacked: programs write a few hundred kilobytes. */
  pdfStream: 16 << 20,
  /** A decoded picture takes four bytes for each. */
  pixels: 100_000_000,
  side: 30_000,
} as const;
