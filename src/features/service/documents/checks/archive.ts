import { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { type Bytes, bytesIn, Unreadable } from './bytes.ts';
import { sortOf } from './kind.ts';
import { LIMITS } from './limits.ts';
import { CONTENT_TYPES, isIndex, LONGEST_CALL, lookAtOffice, SCRIPT_CALL } from './office.ts';
import { type Look, type Refusal, refused } from './types.ts';

/** What remains of the limits that all archives of one file share. */
interface Left {
  members: number;
  unpacked: number;
  index: number;
}

/**
 * Checks a document that is a ZIP: its list first, then every member, which is unpacked and discarded.
 * @throws Unreadable
 */
export const lookIntoArchive = (bytes: Bytes): Promise<Look> => look(bytes, { ...LIMITS }, true);

async function look(bytes: Bytes, left: Left, mayEmbed: boolean): Promise<Look> {
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(readerOf(bytes), bytes.size, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: true,
    });
    const listed = await listOf(zip, bytes.size, left);
    if ('look' in listed) return listed.look;
    return await lookIntoMembers(zip, listed.members, left, mayEmbed);
  } catch (error) {
    // The library throws for strange names, false sizes and missing bytes.
    if (error instanceof Unreadable) throw error;
    const isLocked = (error as Error).message === 'strong encryption is not supported';
    return isLocked ? { kind: 'zip', locked: true } : refused('damaged');
  }
}

/** Bytes that are enough to recognise the type of a member. */
const HEAD = 64;
const SYMLINK = 0o120000;
const isSymlink = ({ externalFileAttributes }: yauzl.Entry): boolean =>
  ((externalFileAttributes >>> 16) & 0o170000) === SYMLINK;

/** Returns the members of an archive, if it may be unpacked. */
async function listOf(
  zip: yauzl.ZipFile,
  size: number,
  left: Left,
): Promise<{ members: Map<string, yauzl.Entry> } | { look: Look }> {
  const no = (why: Refusal) => ({ look: refused(why) });
  const members = new Map<string, yauzl.Entry>();
  let [packed, unpacked, isLocked] = [0, 0, false];
  if (zip.entryCount > left.members) return no('too_much_inside');
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase();
    if (members.has(name) || isSymlink(entry)) return no('damaged');
    members.set(name, entry);
    isLocked ||= entry.isEncrypted();
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
    if (entry.uncompressedSize > LIMITS.member || unpacked > left.unpacked)
      return no('too_much_inside');
  }
  if (isLocked) return { look: { kind: 'zip', locked: true } };
  // Overlapping members are a sign of a bomb; bytes before the first member belong to another file.
  if (
    packed > size ||
    ![...members.values()].some((each) => each.relativeOffsetOfLocalHeader === 0)
  )
    return no('hidden');
  if (unpacked > LIMITS.ratioFrom && unpacked > LIMITS.ratio * size) return no('too_much_inside');
  const isDocument = members.has(CONTENT_TYPES) || members.has('mimetype');
  left.members -= members.size;
  left.unpacked -= unpacked;
  return isDocument ? { members } : no('type');
}

async function lookIntoMembers(
  zip: yauzl.ZipFile,
  members: Map<string, yauzl.Entry>,
  left: Left,
  mayEmbed: boolean,
): Promise<Look> {
  const parts = new Map([...members.keys()].map((name) => [name, '']));
  for (const [name, entry] of members) {
    if (!isIndex(name)) continue;
    left.index -= entry.uncompressedSize;
    if (left.index < 0) return refused('too_much_inside');
    const text = (await textOf(zip, entry)) ?? '';
    if (text.includes('\0')) return refused('damaged'); // a search would find nothing in another encoding
    parts.set(name, text);
  }
  const document = lookAtOffice(parts);
  if ('refused' in document || document.locked) return document;
  const isOdf = !members.has(CONTENT_TYPES);
  for (const [name, entry] of members) {
    const seek = isOdf && name.endsWith('.xml') ? SCRIPT_CALL : null;
    const found = await lookIntoMember(zip, entry, seek);
    if (typeof found === 'string') return refused(found);
    if (!found) continue;
    if (!mayEmbed || found.length > LIMITS.embedded) return refused('too_much_inside');
    const within = await look(bytesIn(found), left, false);
    if ('refused' in within || within.locked) return asEmbedded(within);
  }
  return document;
}

/** Returns the refusal of a document for what is wrong with an embedded one. */
const asEmbedded = (within: Look): Look =>
  'refused' in within && within.refused !== 'type' ? within : refused('embedded');

async function textOf(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<string> {
  const kept: Buffer[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) kept.push(part);
  return Buffer.concat(kept).toString('utf8');
}

/**
 * Unpacks one member and discards it. The library stops at a member that is larger than the list says.
 * @returns why the member is refused; the bytes of an archive in it (cut if it is too large); else null
 */
async function lookIntoMember(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  seek: RegExp | null,
): Promise<Refusal | Buffer | null> {
  let [head, before] = [Buffer.alloc(0), ''];
  const kept: Buffer[] = [];
  let length = 0;
  for await (const part of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    if (head.length < HEAD) head = Buffer.concat([head, part.subarray(0, HEAD)]);
    if (length <= LIMITS.embedded && 'PK\x03\x04'.startsWith(head.toString('latin1', 0, 4))) {
      kept.push(part);
      length += part.length;
    }
    if (!seek) continue;
    const text = before + part.toString('latin1');
    if (text.includes('\0')) return 'damaged';
    if (seek.test(text)) return 'macros';
    before = text.slice(-LONGEST_CALL);
  }
  const sort = sortOf(head);
  if (sort === 'program') return 'program';
  if (sort === 'ole') return /vba/i.test(entry.fileName) ? 'macros' : 'embedded';
  return sort === 'zip' ? Buffer.concat(kept) : null;
}

function readerOf(bytes: Bytes): yauzl.RandomAccessReader {
  class Reader extends yauzl.RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(bytes.parts(start, end), { objectMode: false });
    }
    override read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      done: (error: Error | null, read?: number) => void,
    ): void {
      bytes.at(position, length).then(
        (found) => done(null, found.copy(buffer, offset)),
        (error) => done(error),
      );
    }
  }
  return new Reader();
}
