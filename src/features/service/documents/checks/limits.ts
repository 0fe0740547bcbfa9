import { MUST_LOOK_AT } from '../../../../lib/clamd.ts';

/** Limits for the contents of a file. Honest documents are far below. */
export const LIMITS = {
  /** Maximum members of a document that is an archive, those of embedded documents included. */
  members: 2_000,
  /** Maximum bytes of one member, unpacked. */
  member: MUST_LOOK_AT,
  /** Maximum bytes of all members, unpacked. */
  unpacked: 200 << 20,
  /** Maximum ratio of unpacked to packed size. Text has a high ratio, but a lower one. */
  ratio: 100,
  /** Unpacked bytes below which the ratio is ignored. */
  ratioFrom: 16 << 20,
  /** Maximum bytes of one embedded document, which is kept in memory. */
  embedded: 20 << 20,
  /** Maximum bytes of all index parts, which describe the others. They are kept in memory and searched at once. */
  index: 4 << 20,
  /** Maximum objects of one PDF. A file of a thousand pages has about fifty thousand. */
  pdfObjects: 200_000,
  /** Maximum characters of PDF syntax that are read in one file: its dictionaries, and its object streams unpacked. */
  pdfText: 128 << 20,
  /** Maximum bytes of one object stream, packed and unpacked. Programs write a few hundred kilobytes. */
  pdfStream: 16 << 20,
  /** Maximum pixels of a picture. Each takes four bytes when it is decoded. */
  pixels: 100_000_000,
  side: 30_000,
} as const;
