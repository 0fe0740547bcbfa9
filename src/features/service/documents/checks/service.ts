import type { Content, Scanner } from '../../../../lib/clamd.ts';
import { lookIntoArchive } from './archive.ts';
import { type Bytes, bytesOf, isIn, Unreadable } from './bytes.ts';
import { isTwoThings } from './hidden.ts';
import { lookAtPicture } from './image.ts';
import { sortOf } from './kind.ts';
import { lookAtPdf } from './pdf.ts';
import { endingOf, isAsDeclared, nameFor, verdictOf } from './rules.ts';
import { lookAtText } from './text.ts';
import { type Look, refused, type Verdict } from './types.ts';

/**
 * Looks into a file before anybody can open it: first what its bytes are, against a list of what is taken and limits; then the
 * antivirus, if there is one. What could not be known is `error`, and is to be tried again.
 * @throws what reading the content throws
 */
export async function checkContent(
  content: Content,
  declared: { name: string; type: string },
  scanner: Scanner | null,
): Promise<Verdict> {
  let look: Look;
  try {
    look = await lookInto(bytesOf(content), declared);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (error.cause) throw error.cause;
    return { verdict: 'error', why: 'content' };
  }
  if ('refused' in look) return { verdict: 'refused', why: look.refused };
  const { kind, locked = false, active = false } = look;
  const scan = scanner && (await scanner.scan(content));
  return verdictOf({ kind, name: nameFor(declared.name, kind), locked, active }, scan);
}

/** What the bytes alone say. @throws Unreadable */
async function lookInto(bytes: Bytes, declared: { name: string; type: string }): Promise<Look> {
  if (bytes.size === 0) return refused('empty');
  const look = await lookByKind(bytes, declared.name);
  if ('refused' in look) return look;
  return isAsDeclared(look.kind, declared) ? look : refused('mismatch');
}

async function lookByKind(bytes: Bytes, name: string): Promise<Look> {
  const sort = sortOf(await bytes.at(0, 64));
  if (sort === 'program') return refused('program');
  if (sort === 'zip') return lookIntoArchive(bytes);
  if (sort === 'ole') return lookAtOle(bytes, name);
  if (sort === null) return lookAtText(bytes);
  if (await isTwoThings(bytes, sort === 'pdf')) return refused('hidden');
  return sort === 'pdf'
    ? lookAtPdf(bytes)
    : ((await lookAtPicture(sort, bytes)) ?? refused('type'));
}

/** MS-OFFCRYPTO, 2.3.4: a document with a password is a package in the old format with this stream in it. */
const LOCKED = new RegExp(Buffer.from('EncryptedPackage', 'utf16le').toString('latin1'));

/** Old Office documents aren't taken; today's are like them when they are locked, and then only their name says which. */
async function lookAtOle(bytes: Bytes, name: string): Promise<Look> {
  const kind = (['docx', 'xlsx', 'pptx'] as const).find((each) => each === endingOf(name));
  if (!(await isIn(bytes.parts(), LOCKED, 40))) return refused('type');
  return kind ? { kind, locked: true } : refused('mismatch');
}
