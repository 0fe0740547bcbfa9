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
 * Checks a file before anybody can open it: first its bytes, against the accepted kinds and limits; then with the antivirus, if there is
 * one. A check without a result is `error`, and is repeated later.
 * @throws the errors of reading the content
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

/**
 * Returns the result of the bytes alone.
 * @throws Unreadable
 */
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

/** The stream of a document with a password, which is a package in the old format (MS-OFFCRYPTO, 2.3.4). */
const LOCKED = new RegExp(Buffer.from('EncryptedPackage', 'utf16le').toString('latin1'));

/**
 * Checks a package in the old format. Old Office documents aren't accepted. Locked documents of today have the same format; then only the
 * name says their kind.
 */
async function lookAtOle(bytes: Bytes, name: string): Promise<Look> {
  const kind = (['docx', 'xlsx', 'pptx'] as const).find((each) => each === endingOf(name));
  if (!(await isIn(bytes.parts(), LOCKED, 40))) return refused('type');
  return kind ? { kind, locked: true } : refused('mismatch');
}
