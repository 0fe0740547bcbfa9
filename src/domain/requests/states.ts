/** Where a request stands. */
export const REQUEST_STATES = [
  /** It has come, or was reopened; nobody has begun with it. */
  'received',
  /** It will be done, at a time that is known or not. */
  'planned',
  'in_progress',
  /** The person was asked something; the term stands still until they answer. */
  'asked',
  'answered',
  'refused',
  /** It is the same as another request, which stays. */
  'merged',
] as const;

export type RequestState = (typeof REQUEST_STATES)[number];

const CLOSED: ReadonlySet<RequestState> = new Set(['answered', 'refused', 'merged']);

export const isClosedRequest = (state: RequestState): boolean => CLOSED.has(state);

/** The states in which somebody of the office or the person has something to do yet. */
export const OPEN_REQUEST_STATES = REQUEST_STATES.filter((each) => !CLOSED.has(each));

/** Who takes a step: the person who wrote, somebody of the staff who may see the request, or the service by itself. */
export type RequestActor = 'person' | 'staff' | 'system';

/** What must come with a step. `answer`, `question` and `words` are texts; `reason` is a code of the office; `target` is another request. */
export type RequestNeed = 'answer' | 'question' | 'words' | 'reason' | 'target';

interface Rule {
  from: readonly RequestState[];
  /** `before`: the state in which it was before the present one. */
  to: RequestState | 'before';
  by: readonly RequestActor[];
  needs: RequestNeed | null;
}

const AT_WORK = ['received', 'planned', 'in_progress'] as const satisfies RequestState[];

/** Each step that moves a request. Who has it and to which team it belongs change without one. */
const RULES = {
  plan: { from: ['received'], to: 'planned', by: ['staff'], needs: null },
  begin: { from: ['received', 'planned'], to: 'in_progress', by: ['staff'], needs: null },
  ask: { from: AT_WORK, to: 'asked', by: ['staff'], needs: 'question' },
  /** The person says what they were asked. */
  reply: { from: ['asked'], to: 'before', by: ['person'], needs: 'words' },
  /** Staff go on: they were told on the telephone, or the question is not needed any more. */
  resume: { from: ['asked'], to: 'before', by: ['staff'], needs: null },
  /** Closes what its person was asked about in vain, some days after they were told for the last time. */
  lapse: { from: ['asked'], to: 'refused', by: ['staff'], needs: null },
  answer: { from: [...AT_WORK, 'asked'], to: 'answered', by: ['staff'], needs: 'answer' },
  refuse: { from: [...AT_WORK, 'asked'], to: 'refused', by: ['staff'], needs: 'reason' },
  merge: { from: [...AT_WORK, 'asked'], to: 'merged', by: ['staff'], needs: 'target' },
  /** Takes a merging back. */
  separate: { from: ['merged'], to: 'before', by: ['staff'], needs: null },
  reopen: {
    from: ['answered', 'refused'],
    to: 'received',
    by: ['person', 'staff'],
    needs: 'words',
  },
} as const satisfies Record<string, Rule>;

export type RequestStep = keyof typeof RULES;

export const REQUEST_STEPS = Object.keys(RULES) as RequestStep[];

const ruleOf = (step: RequestStep): Rule => RULES[step];

/** Returns what must come with a step; null: nothing. */
export const needOf = (step: RequestStep): RequestNeed | null => ruleOf(step).needs;

/** Returns the steps that somebody may take now, in the order of the table. */
export const requestStepsOf = (state: RequestState, actor: RequestActor): RequestStep[] =>
  REQUEST_STEPS.filter((step) => isAllowed(step, state, actor));

const isAllowed = (step: RequestStep, state: RequestState, actor: RequestActor): boolean =>
  ruleOf(step).from.includes(state) && ruleOf(step).by.includes(actor);

/** Where a request stands, with what decides about its next state. */
export interface RequestStanding {
  state: RequestState;
  /** The state before the present one; null: it has had no other. */
  before: RequestState | null;
}

/** What comes with a step. Texts without a letter in them are as good as none. */
export type RequestGiven = Partial<Record<RequestNeed, string | null>>;

/** The state that follows; `not_now`: the step is not one of this state or actor; `missing`: what must come with it is not there. */
export type RequestMoved =
  | { ok: true; to: RequestState }
  | { ok: false; reason: 'not_now' }
  | { ok: false; reason: 'missing'; need: RequestNeed };

/** Returns the state to which a step leads, or why it can't be taken. */
export function requestMoved(
  step: RequestStep,
  { state, before }: RequestStanding,
  actor: RequestActor,
  given: RequestGiven = {},
): RequestMoved {
  if (!isAllowed(step, state, actor)) return { ok: false, reason: 'not_now' };
  const { to, needs } = ruleOf(step);
  if (needs && !given[needs]?.trim()) return { ok: false, reason: 'missing', need: needs };
  if (to !== 'before') return { ok: true, to };
  return { ok: true, to: before && !isClosedRequest(before) ? before : 'received' };
}
