/** Whether an identifier is the NIF of a member of staff; `unknown`: none was entered. */
export type SameNif = 'same' | 'other' | 'unknown';

/** The NIF of a member of staff, as somebody may see it. */
export interface SeenIdentifier {
  /** With four of its characters; null: none was entered. */
  masked: string | null;
  /** Whether whoever sees it may enter it, or enter another one. */
  mayEnter: boolean;
}

/**
 * The result of entering a NIF. `invalid`: it is none, or its letter is wrong; `stale`: the second factor was shown too long ago; `already`:
 * there is one, which only the person or an operator changes.
 */
export type Entered =
  | { ok: true }
  | { ok: false; reason: 'invalid' | 'stale' | 'already' | 'not_found' };
