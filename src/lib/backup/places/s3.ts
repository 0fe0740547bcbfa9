import type { Readable } from 'node:stream';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { loadS3 } from '../../blobs/s3.ts';
import type { S3Settings } from '../../blobs/settings.ts';
import { PlainError } from '../../plain-error.ts';
import { BackupError } from '../format.ts';
import type { BackupPlace, KeptFile } from './types.ts';

const PREFIX = 'backups/';
/** The size of a part: a store takes 10,000 parts at most, so a backup may have 160 GB. */
const PART = 16 * 1024 * 1024;
/** The maximum of names that one request may remove. */
const MOST_REMOVED = 1000;

/** A store puts the parts of a large file together before it answers. */
const SILENT_MS = 120_000;

type S3 = Awaited<ReturnType<typeof loadS3>>;

/**
 * Returns a bucket as a place of backups.
 * @param silentMs how long it is waited for a store that neither takes nor sends a byte
 */
export function s3Place(settings: S3Settings, silentMs = SILENT_MS): BackupPlace {
  const { bucket: Bucket } = settings;
  const words = `the bucket ${Bucket}`;
  const at = (name: string) => ({ Bucket, Key: `${PREFIX}${name}` });
  const loading: Record<'asking' | 'reading', Promise<S3> | null> = { asking: null, reading: null };
  const ask = async <T>(
    work: (s3: S3) => Promise<T>,
    how: keyof typeof loading = 'asking',
  ): Promise<T> => {
    try {
      loading[how] ??= loadS3(settings, { silentMs: how === 'asking' ? silentMs : 0 }).catch(
        (error) => {
          loading[how] = null; // the next time it is loaded again
          throw error;
        },
      );
      return await work(await loading[how]);
    } catch (error) {
      if (error instanceof SourceFailed) throw error.cause;
      if (error instanceof PlainError || !isOfStore(error)) throw error;
      const { name, message } = error as Error;
      throw new BackupError(`Backups can't be kept in ${words}: ${name}: ${message}`);
    }
  };
  return {
    words,
    write: (name, bytes) => ask((s3) => upload(s3, at(name), marked(bytes))),
    read: (name) => ({
      name: `${name} in ${words}`,
      open: () => read((work) => ask(work, 'reading'), at(name), silentMs),
    }),
    list: () => ask((s3) => listIn(s3, Bucket)),
    remove: (names) =>
      ask(async ({ client, sdk }) => {
        for (let from = 0; from < names.length; from += MOST_REMOVED) {
          const Objects = names
            .slice(from, from + MOST_REMOVED)
            .map((each) => ({ Key: at(each).Key }));
          const Delete = { Objects, Quiet: true };
          const { Errors } = await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete }));
          if (Errors?.[0]) throw new BackupError(`${words} removes no file: ${Errors[0].Code}`);
        }
      }),
    tidy: (isOurs) =>
      ask(async ({ client, sdk }) => {
        const found = await client.send(
          new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: PREFIX }),
        );
        for (const { Key = '', UploadId } of found.Uploads ?? []) {
          if (!isOurs(Key.slice(PREFIX.length))) continue;
          await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
        }
      }),
  };
}

/** Reads an object. Whoever restores takes their time, so only while the next bytes are waited for is the store silent. */
async function* read(
  ask: <T>(work: (s3: S3) => Promise<T>) => Promise<T>,
  at: { Bucket: string; Key: string },
  silentMs: number,
): AsyncGenerator<Uint8Array> {
  const ends = new AbortController();
  const waited = <T>(work: (s3: S3) => Promise<T>) =>
    ask((s3) => {
      const timer = setTimeout(() => ends.abort(), silentMs);
      return work(s3).finally(() => clearTimeout(timer));
    });
  const { Body } = await waited(({ client, sdk }) =>
    client.send(new sdk.GetObjectCommand(at), { abortSignal: ends.signal }),
  );
  const body = Body as Readable;
  ends.signal.addEventListener('abort', () =>
    body.destroy(new DOMException('Nothing comes any more', 'TimeoutError')),
  );
  const bytes: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await waited(() => bytes.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    body.destroy();
  }
}

/** What is written could not be read: that is no failure of the store, whatever its code. */
class SourceFailed extends Error {}

async function* marked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (cause) {
    throw new SourceFailed('What is written could not be read', { cause });
  }
}

const isOfStore = (error: unknown): boolean =>
  Boolean(
    (error as { $metadata?: unknown }).$metadata ||
      /^(Timeout|Abort)Error$/.test((error as Error).name) ||
      /^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code ?? '')),
  );

/** Sends a file in parts, since a store must know the size of what it takes, and a backup's is known at its end. */
async function upload(
  { client, sdk }: S3,
  at: { Bucket: string; Key: string },
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(at));
  try {
    const Parts: CompletedPart[] = [];
    for await (const Body of inParts(bytes, PART)) {
      const PartNumber = Parts.length + 1;
      const part = new sdk.UploadPartCommand({ ...at, UploadId, PartNumber, Body });
      const { ETag } = await client.send(part);
      Parts.push({ ETag, PartNumber });
    }
    const MultipartUpload = { Parts };
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
  } catch (error) {
    await client.send(new sdk.AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => {});
    throw error;
  }
}

/** Yields the bytes in parts of this size; the last one may be smaller. */
async function* inParts(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    kept.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    const all = Buffer.concat(kept);
    yield all;
    kept = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(kept);
}

async function listIn({ client, sdk }: S3, Bucket: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  let token: string | undefined;
  do {
    const more = token ? { ContinuationToken: token } : {};
    const page = await client.send(
      new sdk.ListObjectsV2Command({ Bucket, Prefix: PREFIX, ...more }),
    );
    for (const { Key, Size } of page.Contents ?? [])
      if (Key) files.push({ name: Key.slice(PREFIX.length), bytes: Size ?? 0 });
    token = page.NextContinuationToken;
  } while (token);
  return files;
}
