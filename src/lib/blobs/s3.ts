import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from './settings.ts';
import { type Blobs, NoBlobs } from './types.ts';

const PREFIX = 'documents/';
/** The maximum of names that one request may remove. */
const MOST_REMOVED = 1000;
const CONNECT_MS = 5_000;
/** How often a document is asked for at most, the first time included, so that whoever waits for it knows after twice the silence. */
const TRIES = 2;
const SILENT_MS = 20_000;

/**
 * Returns blobs as objects of a bucket. The client is loaded at its first use: most towns don't need it.
 * @param silentMs how long a store may neither take nor send a byte; when it was silent at each try it counts as away
 */
export function s3Blobs(settings: S3Settings, silentMs = SILENT_MS): Blobs {
  const { bucket: Bucket } = settings;
  const Key = (name: string) => `${PREFIX}${name}`;
  let loading: ReturnType<typeof loadS3> | null = null;
  const ask = async <T>(
    work: (s3: Awaited<ReturnType<typeof loadS3>>) => Promise<T>,
  ): Promise<T> => {
    try {
      loading ??= loadS3(settings, { silentMs, tries: TRIES }).catch((error) => {
        loading = null; // such as too many open files: the next time it is loaded again
        throw error;
      });
      return await work(await loading);
    } catch (error) {
      throw new NoBlobs(isFull(error) ? 'full' : 'away', error);
    }
  };

  return {
    put: (name, Body) =>
      ask(async ({ client, sdk }) => {
        await client.send(new sdk.PutObjectCommand({ Bucket, Key: Key(name), Body }));
      }),
    get: (name) =>
      ask(async ({ client, sdk }) => {
        try {
          const found = await client.send(new sdk.GetObjectCommand({ Bucket, Key: Key(name) }));
          return found.Body ? Buffer.from(await found.Body.transformToByteArray()) : null;
        } catch (error) {
          if (error instanceof sdk.NoSuchKey) return null;
          throw error;
        }
      }),
    remove: (names) =>
      ask(async ({ client, sdk }) => {
        for (let at = 0; at < names.length; at += MOST_REMOVED) {
          const Objects = names.slice(at, at + MOST_REMOVED).map((each) => ({ Key: Key(each) }));
          const Delete = { Objects, Quiet: true };
          const { Errors } = await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete }));
          if (Errors?.[0]) throw Object.assign(new Error(), { code: Errors[0].Code });
        }
      }),
    async *list() {
      let token: string | undefined;
      do {
        const more = token ? { ContinuationToken: token } : {};
        const page = await ask(({ client, sdk }) =>
          client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: PREFIX, ...more })),
        );
        for (const { Key: key } of page.Contents ?? []) if (key) yield key.slice(PREFIX.length);
        token = page.NextContinuationToken;
      } while (token);
    },
  };
}

/**
 * Loads the library at its first use, and returns a client for this bucket's store.
 * @param silentMs how long a store may neither take nor send a byte; 0: for ever
 * @param tries how often the client asks, the first time included; the library's own number otherwise
 */
export async function loadS3(
  { endpoint, region, accessKey, secretKey }: S3Settings,
  { silentMs, tries }: { silentMs: number; tries?: number },
) {
  const sdk = await import('@aws-sdk/client-s3');
  const client: S3Client = new sdk.S3Client({
    region,
    // Stores in the town's own network rarely have a host name for every bucket.
    ...(endpoint && { endpoint, forcePathStyle: true }),
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    // Its time for a whole request would only warn, or would end what is large: bytes that come are time enough.
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: silentMs },
    ...(tries !== undefined && { maxAttempts: tries }),
    // Not every store supports the newer checksums; each segment has a tag of its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

const isFull = (error: unknown): boolean =>
  /QuotaExceeded|InsufficientStorage|XMinioStorageFull/.test((error as Error | null)?.name ?? '');
