import { fromBuffer } from 'yauzl';

/** Reads an archive, with another library than the one that writes it: the text of each file by its path. */
export function filesIn(bytes: Buffer): Promise<Record<string, string>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, string>>();
  const files: Record<string, string> = {};
  fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
    if (error) return reject(error);
    zip.on('error', reject);
    zip.on('end', () => resolve(files));
    zip.on('entry', (found) => {
      zip.openReadStream(found, async (failure, stream) => {
        if (failure) return reject(failure);
        files[found.fileName] = Buffer.concat(await Array.fromAsync(stream)).toString();
        zip.readEntry();
      });
    });
    zip.readEntry();
  });
  return promise;
}
