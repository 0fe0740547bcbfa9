import { dictionaryOf, type Entries, type PdfObject, Scanner, UnusualPdf } from './syntax.ts';

/** What a file, or what was appended to it, tells of its objects at its end (ISO 32000-1, 7.5.4 and 7.5.5). */
export interface Index {
  /** Where each object begins. */
  places: ReadonlyMap<number, number>;
  /** Numbers that it says are of nothing. */
  free: ReadonlySet<number>;
  trailer: Entries;
  /** Where the index itself begins. */
  start: number;
}

const SECTION = /(\d{1,10}) (\d{1,10}) ?\r?\n/y;
const ENTRY = /(\d{10}) (\d{5}) ([nf])(?: \n| \r|\r\n)/y;
const UNUSED = '65535';

/** Takes a table of objects, its trailer, and the end of the file. @throws UnusualPdf */
function takeIndex(scanner: Scanner): Index {
  const start = scanner.at;
  scanner.demand(/xref ?\r?\n/y);
  const places = new Map<number, number>();
  const free = new Set<number>();
  for (let section = scanner.take(SECTION); section; section = scanner.take(SECTION))
    for (let nth = 0; nth < Number(section[2]); nth += 1) {
      const number = Number(section[1]) + nth;
      const [, place, generation, kind] = scanner.demand(ENTRY);
      if (places.has(number) || free.has(number)) throw new UnusualPdf(`${number} is there twice`);
      if (generation !== (kind === 'n' ? '00000' : UNUSED)) throw new UnusualPdf('A generation');
      if (kind === 'n') places.set(number, Number(place));
      else free.add(number);
    }
  scanner.demand(/trailer[ \r\n]*/y);
  const trailer = dictionaryOf(scanner.value());
  scanner.space();
  const said = scanner.demand(/startxref\r?\n(\d{1,10})\r?\n%%EOF(?:\r?\n)?/y)[1];
  if (!trailer || Number(said) !== start || !scanner.isAtEnd) throw new UnusualPdf('No end');
  return { places, free, trailer, start };
}

/** A file as it was first written, without anything appended. */
export interface PdfFile extends Index {
  /** Returns an object; null: it has none of that number. @throws UnusualPdf */
  object(number: number | null): PdfObject | null;
}

/** Reads the index of a file that we wrote. `text`: a letter for each byte. @throws UnusualPdf */
export function fileIn(text: string): PdfFile {
  const [, said] = /startxref\n(\d{1,10})\n%%EOF\n?$/.exec(text.slice(-40)) ?? [];
  const index = takeIndex(new Scanner(text, said === undefined ? text.length : Number(said)));
  return {
    ...index,
    object(number) {
      const at = number === null ? undefined : index.places.get(number);
      return at === undefined ? null : new Scanner(text, at).object();
    },
  };
}

/** What was appended to a file. */
export interface Revision {
  index: Index;
  objects: ReadonlyMap<number, PdfObject>;
}

/**
 * Reads what was appended to a file: objects, a table that has each of them where it stands and no other, a trailer, and nothing else at all.
 * @param scanner of the whole file, where the first file ends
 * @throws UnusualPdf
 */
export function revisionIn(scanner: Scanner): Revision {
  const objects = new Map<number, PdfObject>();
  scanner.demand(/[\r\n]+/y);
  for (let each = scanner.object(); each; each = scanner.object()) {
    if (objects.has(each.number)) throw new UnusualPdf(`${each.number} is there twice`);
    objects.set(each.number, each);
    scanner.space();
  }
  const index = takeIndex(scanner);
  const { places } = index;
  if (
    places.size !== objects.size ||
    [...places].some(([number, at]) => objects.get(number)?.at !== at)
  )
    throw new UnusualPdf('The table is not of these objects');
  return { index, objects };
}
