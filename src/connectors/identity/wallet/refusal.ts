import type { FailureReason } from '../../../features/foundation/identification/types.ts';
import { NotIdentified } from '../adapter.ts';

/**
 * Ends an identification.
 *
 * @throws NotIdentified always. `code`: small letters and underscores, never a person's data
 */
export function refuse(code: string, reason: FailureReason = 'refused'): never {
  throw new NotIdentified(reason, code);
}

/** What a parser or a cryptographic function throws means that the answer isn't well formed. Its message may have parts of the answer. */
export const malformed = (): NotIdentified => new NotIdentified('refused', 'malformed');
