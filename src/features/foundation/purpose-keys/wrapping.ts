import type { Purpose } from '../../../lib/keys/purposes.ts';
import type { Roots } from '../../../lib/keys/roots.ts';
import { PlainError } from '../../../lib/plain-error.ts';

/** Returns the associated data that binds a wrapped key to its purpose and version. */
export const purposeData = (purpose: Purpose, version: number): Buffer =>
  Buffer.from(`purpose key|${purpose}|${version}`);

/** @throws PlainError when the root key is missing or has the wrong value */
export async function unwrapBy(
  roots: Roots,
  root: string,
  wrapped: Buffer,
  data: Buffer,
): Promise<Buffer> {
  const provider = await roots.find(root);
  if (provider) return provider.unwrap(wrapped, data);
  throw new PlainError(
    `The database's keys are wrapped by another root key (${root}) than the one that is here. Without it no link, code or ` +
      'document opens. Put the key back from where you keep it (docs/operating.md, "Keys").',
  );
}
