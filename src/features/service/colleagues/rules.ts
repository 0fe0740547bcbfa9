import type { Ask, Status } from '../../../domain/appointment.ts';
import { roleCan } from '../../../domain/roles.ts';
import type { RotaDesk } from '../../../domain/rota.ts';
import { unaccented } from '../../../lib/unaccented.ts';
import { unfitFor } from '../coordination/rules.ts';
import type { State } from '../presence/types.ts';
import type {
  Candidate,
  Colleague,
  ColleagueRequest,
  Objection,
  RequestKind,
  RequestState,
} from './types.ts';

/** How long a request waits for its answer. */
export const ANSWER_MINUTES = 2;
/** Characters. */
export const LONGEST_NOTE = 200;

/** Returns how a request stands. `status`: of its appointment. */
export function stateOf(
  request: Pick<ColleagueRequest, 'kind' | 'answer' | 'askedAt' | 'endedAt'>,
  status: Status,
  now: Temporal.Instant,
): RequestState {
  const { kind, answer, askedAt, endedAt } = request;
  const isOpen = status === 'in_progress';
  if (answer === 'accepted') return isOpen && kind === 'join' && !endedAt ? 'in' : 'over';
  if (answer) return answer;
  if (!isOpen) return 'over';
  const until = askedAt.add({ minutes: ANSWER_MINUTES });
  return Temporal.Instant.compare(now, until) < 0 ? 'asked' : 'lapsed';
}

/** Returns whether a member of staff serves citizens, so that they can be asked: see `mayAssist`. */
export const isColleague = ({ role, desk }: Pick<Colleague, 'role' | 'desk'>): boolean =>
  roleCan(role, 'serve_citizens') && (desk !== null || roleCan(role, 'serve_without_desk'));

const UNAVAILABLE: Partial<Record<State, Objection>> = {
  in_call: 'in_call',
  break: 'break',
  away: 'away',
};

/**
 * Returns why a colleague can't be asked; null: they can. `earlier`: the states of the same person's requests about this encounter.
 * Whoever joins a call needs no competence. An encounter goes to a desk that is there and can serve it.
 */
export function objectionTo(
  kind: RequestKind,
  { state, desk }: { state: State | null; desk: RotaDesk | null },
  need: Pick<Ask, 'procedure' | 'further' | 'channel' | 'language' | 'site'>,
  earlier: readonly RequestState[],
): Objection | null {
  if (earlier.includes('asked')) return 'asked';
  if (kind === 'join' && earlier.includes('in')) return 'in';
  const unavailable = state && UNAVAILABLE[state];
  // A colleague who is in this very call may get the encounter.
  if (unavailable && !(unavailable === 'in_call' && earlier.includes('in'))) return unavailable;
  if (kind === 'join') return null;
  return desk && state ? unfitFor(desk, need) : 'away';
}

const RANKS: readonly (State | null)[] = ['available', 'wrap_up', null, 'in_call', 'break', 'away'];

/** Returns the candidates who can be asked first, and of these the ones who are free now; then by name. */
export const inOrder = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.toSorted(
    (a, b) =>
      Number(a.objection !== null) - Number(b.objection !== null) ||
      RANKS.indexOf(a.state) - RANKS.indexOf(b.state) ||
      a.name.localeCompare(b.name),
  );

/** Returns whether every word of a search begins a word of these texts, without regard to accents. */
export function matches(search: string, texts: readonly string[]): boolean {
  const words = unaccented(texts.join(' ')).split(/[^\p{L}\p{N}]+/u);
  const sought = unaccented(search)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((each) => each !== '');
  return sought.every((each) => words.some((word) => word.startsWith(each)));
}
