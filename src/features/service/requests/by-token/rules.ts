import { createHash } from 'node:crypto';
import { tidyText } from '../../../../domain/tidy-text.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { idNaming, type PurposeKey } from '../../../../lib/secrets.ts';
import type { RequestRow } from '../types.ts';
import type { SentByToken } from './types.ts';

/** For how long the same content from the same token is the same request, when no key says otherwise. */
const SAME_MS = 60_000;

/**
 * Returns the ids under which a request of a token may be there already, and last the one under which it is made: of its key, for ever; without one,
 * of its content, in this minute and the one before. Nobody works an id out without the key of the installation.
 */
export function idsOf(
  key: PurposeKey,
  { token, now }: { token: number; now: Temporal.Instant },
  sent: SentByToken,
  idempotencyKey: string | null,
): string[] {
  const idFrom = (text: string) => {
    const digest = createHash('sha256').update(key.derive(`request by ${token} ${text}`));
    const hex = digest.digest('hex');
    const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
    return idNaming(key.version, [...uuid, hex.slice(20, 32)].join('-'));
  };
  if (idempotencyKey !== null) return [idFrom(`key ${idempotencyKey}`)];
  const minute = Math.floor(now.epochMilliseconds / SAME_MS);
  const content = canonicalJson(sent);
  return [minute - 1, minute].map((each) => idFrom(`content ${each} ${content}`));
}

/** Whether a request that is there was made of the same content. Where its words were destroyed, nobody knows. */
export const isSameContent = (
  row: Pick<RequestRow, 'type' | 'text' | 'point'>,
  sent: Pick<SentByToken, 'type' | 'text' | 'point'>,
): boolean =>
  row.type === sent.type &&
  row.text === tidyText(sent.text) &&
  row.point?.lat === sent.point?.lat &&
  row.point?.lon === sent.point?.lon;
