import { type Bytes, isIn } from './bytes.ts';
import { LIMITS } from './limits.ts';
import {
  type Decrypt,
  type Found,
  isName,
  isObjectStream,
  isWord,
  numberIn,
  objectsIn,
  TooMuch,
  trailersIn,
  unpacked,
} from './pdf-objects.ts';
import type { Token } from './pdf-tokens.ts';

/**
 * Finds active content in a PDF: scripts, programs, embedded files, forms that send their input, media players (ISO 32000-2, 12.6.4 and
 * 13). It reads every object in the file, also those in compressed object streams, and whether the cross-reference table names it or not.
 * So an update of the file can't hide an object.
 */

/** Names in actions, forms and annotations with active content. They are searched everywhere. */
const ACTIVE: ReadonlySet<string> = new Set([
  ...['JavaScript', 'JS', 'Launch', 'SubmitForm', 'ImportData', 'GoToR', 'GoToE', 'Rendition'],
  ...['RichMedia', 'RichMediaExecute', 'Movie', 'Sound', '3D', 'XFA'],
  ...['EmbeddedFile', 'EmbeddedFiles', 'EF', 'FileAttachment', 'Collection'],
  // Actions that run when a page or a field is opened.
  'AA',
]);

/** The same names, searched in the raw bytes. Short names are left out, since pictures contain them by accident. */
const RAW = new RegExp(
  `/(?:${[...ACTIVE]
    .filter((name) => name.length >= 5 || name === 'XFA')
    .map(escapable)
    .join('|')})(?![\\w#])`,
);
const LONGEST_NAME = 80;

/** Returns a pattern for a name in which each letter may be written as `#` and its code (7.3.5). */
function escapable(name: string): string {
  const signs = [...name].map((sign) => `(?:${sign}|#${sign.charCodeAt(0).toString(16)})`);
  return signs.join('');
}

/**
 * Addresses of links that don't open a browser, a mail program or a telephone: another scheme, a file, or a share of another computer, to
 * which Windows would send the credentials of the user.
 */
const UNUSUAL = /^(?:[\\/]{2}|(?!https?:|mailto:|tel:)[a-z][a-z\d+.-]*:(?!\d))/i;
/** Bytes that readers ignore in an address; the last two are the mark of UTF-16. */
const UNSEEN = /[\0-\x20]|^\xfe\xff/g;

/**
 * Whether a PDF has active content. It also returns true for a PDF with too many objects or a strange structure, which can't be checked.
 * @param decrypt null: it isn't encrypted
 * @throws Unreadable
 */
export async function isActive(bytes: Bytes, decrypt: Decrypt | null): Promise<boolean> {
  if (await isIn(bytes.parts(), RAW, LONGEST_NAME)) return true;
  try {
    return await hasActiveObjects(bytes, decrypt);
  } catch (error) {
    if (error instanceof TooMuch) return true;
    throw error;
  }
}

/** The number of tokens that belong to no object. */
const TRAILER = -1;

async function hasActiveObjects(bytes: Bytes, decrypt: Decrypt | null): Promise<boolean> {
  const budget = { objects: LIMITS.pdfObjects, text: LIMITS.pdfText };
  const opened = new Set<number>();
  const harmless = new Map<number, boolean>();
  let count = 0;
  const look = (found: Found, hasClearStrings: boolean): boolean => {
    if (found.number !== TRAILER) count += 1;
    const targets = openActions(found.tokens);
    if (targets === null || isActiveIn(found.tokens, hasClearStrings)) return true;
    for (const each of targets) opened.add(each);
    const was = harmless.get(found.number) ?? true;
    harmless.set(found.number, was && isDestination(found.tokens));
    return false;
  };
  for await (const object of objectsIn(bytes, budget)) {
    if (look(object, decrypt === null)) return true;
    if (!object.isStream || !isObjectStream(object.tokens)) continue;
    const inner = await unpacked(bytes, object, decrypt, budget);
    if (inner === null || inner.some((each) => look(each, true))) return true;
  }
  for await (const tokens of trailersIn(bytes, budget))
    if (look({ number: TRAILER, tokens }, false)) return true;
  return count === 0 || [...opened].some((each) => harmless.get(each) !== true);
}

function isActiveIn(tokens: readonly Token[], hasClearStrings: boolean): boolean {
  return tokens.some((token, index) => {
    if (token.kind !== 'name') return false;
    if (ACTIVE.has(token.value)) return true;
    const next = tokens[index + 1];
    const isAddress = token.value === 'URI' && next?.kind === 'string' && hasClearStrings;
    return isAddress && UNUSUAL.test(next.value.replaceAll(UNSEEN, ''));
  });
}

/**
 * Returns the objects that `OpenAction` names, which open with the document. Null: it is an action of its own that does more than go to a
 * page. Most programs write a page and its zoom there.
 */
function openActions(tokens: readonly Token[]): number[] | null {
  const found: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (!isName(token, 'OpenAction')) continue;
    const rest = tokens.slice(index + 1);
    const reference = isWord(rest[2], 'R') ? numberIn(rest[0]) : null;
    if (reference !== null) found.push(reference);
    else if (!isWord(rest[0], '[') && !isDestination(rest)) return null;
  }
  return found;
}

/** Whether an object is a place in this document: an array, or an action that only goes to a place. */
function isDestination(tokens: readonly Token[]): boolean {
  if (isWord(tokens[0], '[')) return true;
  if (!isWord(tokens[0], '<<')) return false;
  const own = outermost(tokens);
  const kinds = own.filter((_, index) => isName(own[index - 1], 'S'));
  return (
    kinds.length === 1 && isName(kinds[0], 'GoTo') && !own.some((each) => isName(each, 'Next'))
  );
}

/** Returns the first dictionary of these tokens, with its contents. */
function outermost(tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isWord(token, '<<')) depth += 1;
    if (isWord(token, '>>')) depth -= 1;
    if (depth === 0) return tokens.slice(0, index + 1);
  }
  return tokens;
}
