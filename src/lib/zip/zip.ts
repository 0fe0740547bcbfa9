import { crc32 } from 'node:zlib';

/** A file in an archive. */
export interface ZipEntry {
  /** With `/` between its folders. */
  path: string;
  bytes: Buffer;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Version 2.0 of the format, names in UTF-8. */
const VERSION = 20;
const UTF8 = 1 << 11;
/** What the format without its extensions can hold. */
const MOST_BYTES = 0xffff_ffff;
const MOST_ENTRIES = 0xffff;

/**
 * Returns files as one ZIP (APPNOTE 6.3.10), uncompressed: what is kept for good should need nothing to be read. Each has the same local time.
 * @throws where there are more than the format holds: 65,535 files or 4 GiB
 */
export function zipOf(entries: readonly ZipEntry[], at: Temporal.PlainDateTime): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of entries) {
    const name = Buffer.from(path);
    const facts = factsOf(name, bytes, at);
    const local = Buffer.concat([uint32(LOCAL), facts, name]);
    central.push(uint32(CENTRAL), uint16(VERSION), facts, Buffer.alloc(10), uint32(offset), name);
    parts.push(local, bytes);
    offset += local.length + bytes.length;
  }
  const directory = Buffer.concat(central);
  const count = entries.length;
  if (count > MOST_ENTRIES || offset + directory.length > MOST_BYTES)
    throw new Error('This is more than a ZIP holds');
  const end = [uint32(END), Buffer.alloc(4), uint16(count), uint16(count)];
  return Buffer.concat([
    ...parts,
    directory,
    ...end,
    uint32(directory.length),
    uint32(offset),
    uint16(0),
  ]);
}

/** What both headers of a file have in common. */
function factsOf(name: Buffer, bytes: Buffer, at: Temporal.PlainDateTime): Buffer {
  const time = (at.hour << 11) | (at.minute << 5) | (at.second >> 1);
  const day = ((at.year - 1980) << 9) | (at.month << 5) | at.day;
  return Buffer.concat([
    ...[VERSION, UTF8, 0, time, day].map(uint16),
    ...[crc32(bytes), bytes.length, bytes.length].map(uint32),
    uint16(name.length),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
