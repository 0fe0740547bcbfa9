import { Zip, ZipPassThrough } from 'fflate';

/** A file of an archive. */
export interface ZipEntry {
  /** Its path in the archive. */
  name: string;
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Returns the bytes of a ZIP archive (APPNOTE.TXT 6.3.10) with these files, read one after the other while the archive is sent. The files are
 * stored as they are.
 */
export async function* zipOf(
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  now: Temporal.Instant,
): AsyncIterable<Uint8Array> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    made.push(bytes);
  });
  const mtime = now.epochMilliseconds;
  for await (const entry of entries) {
    const file = new ZipPassThrough(entry.name);
    file.mtime = mtime;
    zip.add(file);
    for await (const part of entry.read()) {
      file.push(part);
      yield* made.splice(0);
    }
    file.push(new Uint8Array(0), true);
    yield* made.splice(0);
  }
  zip.end();
  yield* made.splice(0);
}
