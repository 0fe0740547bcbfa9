import {
  dictionaryIn,
  type Entries,
  objectsIn,
  type PdfObject,
  packedIn,
  referencesIn,
} from './syntax.ts';

/** What a signature may change in the catalogue of a document: that it has a field, and what the version of the file is. */
const OF_CATALOG = ['/AcroForm', '/Extensions', '/Version', '/Metadata', '/Perms'];
const OF_PAGE = ['/Annots'];
/** AutoFirma's library writes its name here. */
const OF_PAGES = ['/ITXT'];

/** Names of what runs, or of what programs may read otherwise than this does. */
const FORBIDDEN =
  /\/(XRefStm|JavaScript|JS|OpenAction|AA|XFA|Launch|EmbeddedFile|Encrypt)(?![A-Za-z])/;
/** A name with an escaped letter: no program writes those that matter so. */
const ESCAPED = /\/[A-Za-z]*#[\dA-Fa-f]{2}/;

/**
 * Returns whether what was appended to a document adds a signature without anything to see, and changes nothing else: no page looks otherwise
 * than before (ISO 32000-1, 7.5.6; ETSI EN 319 142-1). Whoever signs could otherwise sign a document that shows something else.
 */
export function addsOnlySignature(original: string, appended: string): boolean {
  const before = new Map(objectsIn(original).map(({ number, body }) => [number, body]));
  const objects = unpackedObjects(appended);
  if (!objects || objects.some(({ body }) => FORBIDDEN.test(body) || ESCAPED.test(body)))
    return false;
  const added = new Map(objects.map(({ number, body }) => [number, body]));
  if (added.size < objects.length) return false;
  const trailer = trailerIn(original);
  const newer = trailerIn(appended);
  if (!trailer || !newer || newer.get('/Root') !== trailer.get('/Root')) return false;
  if (newer.get('/Prev') !== startOf(original)) return false;
  const isInfo = (number: number) => referencesIn(trailer.get('/Info') ?? '')?.[0] === number;
  return objects.every((each) => {
    const was = before.get(each.number);
    return was === undefined || isInfo(each.number) || isHarmless(was, each, added);
  });
}

/** Returns all objects of a part of a file, also those in streams of objects; null: one can't be read. */
function unpackedObjects(text: string): PdfObject[] | null {
  const objects: PdfObject[] = [];
  for (const each of objectsIn(text)) {
    objects.push(each);
    if (dictionaryIn(each.body)?.get('/Type') !== '/ObjStm') continue;
    const inside = packedIn(each.body);
    if (!inside) return null;
    objects.push(...inside);
  }
  return objects;
}

/**
 * Returns the dictionary at the end of a file, or of a part of it: of its trailer, or of the stream that stands for it; null: it has none, or
 * several.
 */
function trailerIn(text: string): Entries | null {
  const trailers = [...text.matchAll(/(?<![A-Za-z])trailer(?![A-Za-z])/g)].map(({ index }) =>
    dictionaryIn(text.slice(index + 7)),
  );
  const streams = objectsIn(text)
    .map(({ body }) => dictionaryIn(body))
    .filter((each) => each?.get('/Type') === '/XRef');
  const [first = null, ...others] = [...trailers, ...streams];
  return others.length === 0 ? first : null;
}

const startOf = (text: string): string | undefined =>
  [...text.matchAll(/startxref\s+(\d+)/g)].at(-1)?.[1];

/** Returns whether an object that was there before is, but for what a signature needs, as it was. */
function isHarmless(was: string, { body }: PdfObject, added: ReadonlyMap<number, string>): boolean {
  const old = dictionaryIn(was);
  const now = dictionaryIn(body);
  const type = old?.get('/Type');
  if (!old || !now || now.get('/Type') !== type) return false;
  switch (type) {
    case '/Metadata':
      return true;
    case '/Catalog':
      return isSameBut(old, now, OF_CATALOG);
    case '/Pages':
      return isSameBut(old, now, OF_PAGES);
    case '/Page':
      return isSameBut(old, now, OF_PAGE) && hasOnlyFields(old, now, added);
    default:
      return false;
  }
}

function isSameBut(old: Entries, now: Entries, but: readonly string[]): boolean {
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].every((name) => but.includes(name) || old.get(name) === now.get(name));
}

/** Returns whether a page has what it had before, and besides it only fields of signatures without a place on it. */
function hasOnlyFields(old: Entries, now: Entries, added: ReadonlyMap<number, string>): boolean {
  const list = (entries: Entries): number[] | null => {
    const value = entries.get('/Annots') ?? '[ ]';
    const [one] = referencesIn(value) ?? [];
    const array = value.startsWith('[') || one === undefined ? undefined : added.get(one);
    const text = array === undefined ? value : plainArray(array);
    return referencesIn(text);
  };
  const had = list(old);
  const has = list(now);
  if (!had || !has) return false;
  return (
    had.every((each) => has.includes(each)) &&
    has.every((each) => had.includes(each) || isUnseenField(added.get(each)))
  );
}

const plainArray = (body: string): string => body.trim().replaceAll(/\s+/g, ' ');

function isUnseenField(body: string | undefined): boolean {
  const entries = body === undefined ? null : dictionaryIn(body);
  return (
    entries?.get('/Subtype') === '/Widget' &&
    entries.get('/FT') === '/Sig' &&
    /^\[ ?(0+(\.0*)? ){4}\]$/.test(entries.get('/Rect') ?? '')
  );
}
