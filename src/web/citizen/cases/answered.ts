export type { CitizenDeps } from '../visit.tsx';

/** What became of a change of answers. */
export type Answered =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'handed_in' | 'gone' | 'full' };
