import { inflateSync } from 'node:zlib';
import { fileIn, type PdfFile, type Revision, revisionIn } from './parts.ts';
import {
  dictionaryOf,
  type Entries,
  isSame,
  type PdfObject,
  referenceOf,
  Scanner,
  UnusualPdf,
  type Value,
} from './syntax.ts';

/** Where the signature stands in a file, in bytes: from `<` to after `>`. */
export interface SignaturePlace {
  from: number;
  until: number;
}

/** What was read of an appended part. `steps`: see `Scanner`. */
interface RevisionRead {
  isHarmless: boolean;
  steps: number;
}

/** What AutoFirma's library writes of a trailer. `/ID` changes with each revision. */
const OF_TRAILER = ['/Size', '/Root', '/Info', '/ID', '/Prev'];
const OF_FORM = ['/Fields', '/SigFlags', '/DA', '/DR'];
const OF_FIELD = '/Type /Subtype /FT /T /V /F /Rect /AP /P /DR'.split(' ');
const OF_SIGNATURE =
  '/Type /Filter /SubFilter /ByteRange /Contents /M /Name /Reason /Location /ContactInfo'.split(
    ' ',
  );
const OF_FONT = ['/Type', '/Subtype', '/BaseFont', '/Encoding', '/Name'];
/** What whoever signs a file may say of it: when, and by which program. */
const OF_INFO = ['/ModDate', '/Producer'];
const SUBFILTERS = ['/ETSI.CAdES.detached', '/adbe.pkcs7.detached'];
/** The most bytes of the picture of a field, unpacked. It is blank. */
const MOST_PICTURE = 100;

/**
 * Reads what was appended to a document of ours: whether it adds one signature without anything to see, and changes nothing else, so that each page
 * looks as before to every reader (ISO 32000-1, 7.5.6; ETSI EN 319 142-1). Whoever signs could otherwise sign a document that shows something else.
 * Only what AutoFirma writes is taken: each object has one of a few roles, and each of their entries is known.
 *
 * @param text the whole file, a letter for each byte
 * @param from where our document ends
 */
export function readRevision(text: string, from: number, place: SignaturePlace): RevisionRead {
  const scanner = new Scanner(text, from);
  try {
    const before = fileIn(text.slice(0, from));
    const added = revisionIn(scanner);
    const isHarmless = followsOn(before, added) && rolesIn(before, added, { text, place });
    return { isHarmless, steps: scanner.steps };
  } catch (error) {
    if (error instanceof UnusualPdf) return { isHarmless: false, steps: scanner.steps };
    throw error;
  }
}

/** Returns whether the end of an appended part leads on to all that was there before. */
function followsOn(before: PdfFile, { index, objects }: Revision): boolean {
  const { trailer } = index;
  const size = Number(trailer.get('/Size'));
  return (
    hasOnly(trailer, OF_TRAILER) &&
    trailer.get('/Prev') === String(before.start) &&
    isSame(trailer.get('/Root'), before.trailer.get('/Root')) &&
    isSame(trailer.get('/Info'), before.trailer.get('/Info')) &&
    [...objects.keys()].every((each) => each > 0 && each < size) &&
    // AutoFirma's library names numbers that it meant to use.
    [...index.free].every((each) => each === 0 || !before.places.has(each))
  );
}

/** Checks an object that stands for one thing. Returns whether it may be as it is. */
type Role = (object: PdfObject) => boolean;

/** Returns whether each object has a role, and is as its role demands. */
function rolesIn(
  before: PdfFile,
  { objects }: Revision,
  { text, place }: { text: string; place: SignaturePlace },
): boolean {
  const root = referenceOf(before.trailer.get('/Root'));
  const catalog = dictionaryOf(before.object(root)?.value);
  const form = dictionaryOf(entryOf(objects.get(root ?? 0), '/AcroForm'));
  const field = referenceOf(oneOf(form?.get('/Fields')));
  const widget = dictionaryOf(objects.get(field ?? 0)?.value);
  const page = referenceOf(widget?.get('/P'));
  const signature = referenceOf(widget?.get('/V'));
  const appearance = dictionaryOf(widget?.get('/AP'));
  const picture = referenceOf(appearance?.get('/N'));
  const fonts = fontsIn(form?.get('/DR'));
  if (!catalog || !form || !widget || !fonts || field === null || page === null) return false;
  if (!hasOnly(form, OF_FORM) || !isPlain(form, ['/SigFlags', '/DA'])) return false;
  if (appearance && (!hasOnly(appearance, ['/N']) || picture === null)) return false;
  const roles: [number | null, Role][] = [
    [root, (each) => isSameBut(catalog, each, ['/AcroForm', '/Extensions']) && hasNoLinks(each)],
    [referenceOf(catalog.get('/Pages')), (each) => isListOfPages(before, each)],
    [referenceOf(before.trailer.get('/Info')), (each) => isInfo(before, each)],
    [referenceOf(catalog.get('/Metadata')), isMetadata],
    [page, (each) => isPage(before, each, field)],
    [field, isUnseenField],
    [signature, (each) => isSignature(each, text, place)],
    [picture, isBlank],
    ...fonts.map((each): [number, Role] => [each, isFont]),
  ];
  const known = new Map(roles.filter((each): each is [number, Role] => each[0] !== null));
  const isNew = (each: number | null) =>
    each !== null && !before.places.has(each) && objects.has(each);
  return (
    [field, signature, ...(picture === null ? [] : [picture]), ...fonts].every(isNew) &&
    new Set([...fonts, field, signature, picture]).size === fonts.length + 3 &&
    objects.has(page) &&
    [...objects.values()].every((each) => known.get(each.number)?.(each) ?? false)
  );
}

const entryOf = (object: PdfObject | undefined, name: string): Value | undefined =>
  dictionaryOf(object?.value)?.get(name);

const oneOf = (value: Value | undefined): Value | undefined =>
  Array.isArray(value) && value.length === 1 ? value[0] : undefined;

const hasOnly = (entries: Entries, names: readonly string[]): boolean =>
  [...entries.keys()].every((each) => names.includes(each));

/** Returns whether some entries are names, numbers or texts: they refer to nothing. */
const isPlain = (entries: Entries, names: Iterable<string> = entries.keys()): boolean =>
  [...names].every((name) => {
    const value = entries.get(name) ?? '';
    return typeof value === 'string' && referenceOf(value) === null;
  });

/** Returns whether an object without a stream has what another had, but for some entries. */
function isSameBut(old: Entries, { value, stream }: PdfObject, but: readonly string[]): boolean {
  const now = dictionaryOf(value);
  if (!now || stream !== null) return false;
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].every((name) => but.includes(name) || isSame(old.get(name), now.get(name)));
}

/** Returns whether what a catalogue says of extensions of PDF refers to nothing. */
function hasNoLinks(catalog: PdfObject): boolean {
  const extensions = entryOf(catalog, '/Extensions');
  if (extensions === undefined) return true;
  const developers = dictionaryOf(extensions);
  return [...(developers?.values() ?? [null])].every((each) => {
    const entries = dictionaryOf(each ?? undefined);
    return entries !== null && isPlain(entries);
  });
}

/** AutoFirma's library writes its name into the list of pages. */
function isListOfPages(before: PdfFile, pages: PdfObject): boolean {
  const old = dictionaryOf(before.object(pages.number)?.value);
  const name = entryOf(pages, '/ITXT') ?? '(';
  return old !== null && isSameBut(old, pages, ['/ITXT']) && isText(name);
}

const isText = (value: Value): boolean => typeof value === 'string' && value.startsWith('(');

function isInfo(before: PdfFile, { number, value, stream }: PdfObject): boolean {
  const now = dictionaryOf(value);
  const old = dictionaryOf(before.object(number)?.value);
  if (!now || !old || stream !== null) return false;
  const had = (name: string): Value | undefined => {
    const said = old.get(name);
    const at = referenceOf(said);
    return at === null ? said : before.object(at)?.value;
  };
  return [...now].every(
    ([name, each]) => isText(each) && (OF_INFO.includes(name) || isSame(each, had(name))),
  );
}

function isMetadata({ value, stream }: PdfObject): boolean {
  const entries = dictionaryOf(value);
  return (
    stream !== null &&
    entries?.get('/Type') === '/Metadata' &&
    entries.get('/Subtype') === '/XML' &&
    hasOnly(entries, ['/Type', '/Subtype', '/Length'])
  );
}

/** Returns whether a page is as it was, with the field among its annotations. */
function isPage(before: PdfFile, page: PdfObject, field: number): boolean {
  const old = dictionaryOf(before.object(page.number)?.value);
  const had = old?.get('/Annots') ?? [];
  return (
    old?.get('/Type') === '/Page' &&
    Array.isArray(had) &&
    isSameBut(old, page, ['/Annots']) &&
    isSame(entryOf(page, '/Annots'), [...had, `${field} R`])
  );
}

/** Returns whether an object is a field of a signature that has no place on its page. */
function isUnseenField({ value, stream }: PdfObject): boolean {
  const entries = dictionaryOf(value);
  const rectangle = entries?.get('/Rect');
  return (
    entries !== null &&
    stream === null &&
    hasOnly(entries, OF_FIELD) &&
    isPlain(entries, ['/T', '/F']) &&
    entries.get('/Subtype') === '/Widget' &&
    entries.get('/FT') === '/Sig' &&
    Array.isArray(rectangle) &&
    rectangle.length === 4 &&
    rectangle.every((each) => /^0+(\.0*)?$/.test(String(each))) &&
    fontsIn(entries.get('/DR'))?.length === 0
  );
}

/** Returns whether an object is the signature whose place in the file is known. */
function isSignature({ value, stream }: PdfObject, text: string, place: SignaturePlace): boolean {
  const entries = dictionaryOf(value);
  if (!entries || stream !== null || !hasOnly(entries, OF_SIGNATURE)) return false;
  const { '/ByteRange': range, ...others } = Object.fromEntries(entries);
  const { from, until } = place;
  const contents = text.slice(from + 1, until - 1).toLowerCase();
  return (
    isPlain(new Map(Object.entries(others))) &&
    isSame(range, ['0', from, until, text.length - until].map(String)) &&
    entries.get('/Type') === '/Sig' &&
    entries.get('/Filter') === '/Adobe.PPKLite' &&
    SUBFILTERS.includes(String(entries.get('/SubFilter'))) &&
    entries.get('/Contents') === `(${contents}`
  );
}

/** Returns whether an object is a picture without anything in it. */
function isBlank({ value, stream }: PdfObject): boolean {
  const entries = dictionaryOf(value);
  if (stream === null || entries?.get('/Subtype') !== '/Form') return false;
  const filter = entries.get('/Filter');
  if (entries.has('/DecodeParms') || (filter !== undefined && filter !== '/FlateDecode'))
    return false;
  return (filter ? inflated(stream) : stream)?.trim() === '';
}

function inflated(packed: string): string | null {
  try {
    const bytes = Buffer.from(packed, 'latin1');
    return inflateSync(bytes, { maxOutputLength: MOST_PICTURE }).toString('latin1');
  } catch {
    return null;
  }
}

/** Returns the fonts that the resources of a form name, which nothing uses; null: the resources have something else. */
function fontsIn(resources: Value | undefined): number[] | null {
  if (resources === undefined) return [];
  const entries = dictionaryOf(resources);
  const fonts = [...(dictionaryOf(entries?.get('/Font'))?.values() ?? [])].map(referenceOf);
  const isWhole = entries !== null && hasOnly(entries, ['/Font']);
  return isWhole && fonts.every((each) => each !== null) ? fonts : null;
}

/** Returns whether an object is one of the fonts that each reader has. */
function isFont({ value, stream }: PdfObject): boolean {
  const entries = dictionaryOf(value);
  return (
    entries?.get('/Type') === '/Font' &&
    entries.get('/Subtype') === '/Type1' &&
    stream === null &&
    hasOnly(entries, OF_FONT) &&
    isPlain(entries)
  );
}
