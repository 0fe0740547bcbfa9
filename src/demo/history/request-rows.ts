import { isClosedRequest, type RequestState } from '../../domain/requests/states.ts';
import { requestDue, requestKeptUntil } from '../../domain/requests/terms.ts';
import { uuidOf } from '../../lib/uuid.ts';
import { ANSWERED, ASKED_BACK } from './complaints.ts';
import type { PlannedRequest, PlannedStep } from './requests.ts';
import { answerRow, type Rows, type RowsOf, textOf, type Written } from './rows.ts';
import type { Millis } from './types.ts';

/** How a request stands at a moment. */
interface Standing {
  state: RequestState;
  stateAt: Millis;
  /** The steps that were taken. */
  steps: readonly PlannedStep[];
  closedAt: Millis | null;
  /** When its words were destroyed; null: they are there. */
  endedAt: Millis | null;
}

function standingOf({ seed, now }: Written, planned: PlannedRequest): Standing {
  const steps = planned.steps.filter(({ at }) => at <= now);
  const last = steps.at(-1);
  const state = last?.to ?? 'received';
  const closedAt = last && isClosedRequest(state) ? last.at : null;
  const { requests } = seed.office.settings;
  const kept =
    closedAt === null || !requests
      ? null
      : requestKeptUntil(
          Temporal.Instant.fromEpochMilliseconds(closedAt),
          requests,
          seed.office.timeZone,
        ).epochMilliseconds;
  const endedAt = kept !== null && kept < now ? kept : null;
  return { state, stateAt: last?.at ?? planned.sentAt, steps, closedAt, endedAt };
}

/** Returns a request as it stands now, with what happened to it. */
export function requestRows(written: Written, planned: PlannedRequest): RowsOf {
  const standing = standingOf(written, planned);
  const { answer, steps } = planned;
  const isSaid =
    answer !== null && answer.at <= written.now && standing.steps.length === steps.length;
  return {
    request: [requestRow(written, planned, standing)],
    request_event: eventRows(written, planned, standing, isSaid),
    request_message: standing.endedAt === null ? messageRows(written, planned, standing) : [],
    survey_answer: isSaid
      ? [answerRow(written, { request: planned.id, began: planned.sentAt }, answer)]
      : [],
  };
}

function requestRow({ seed }: Written, planned: PlannedRequest, standing: Standing) {
  const { type, sentAt, person, point } = planned;
  const { state, stateAt, steps, closedAt, endedAt } = standing;
  const sent = textOf(sentAt);
  const isEnded = endedAt !== null;
  const isPlaceKept = !isEnded || type.public;
  return {
    id: planned.id,
    office_id: seed.office.id,
    reference: planned.reference,
    type: type.code,
    kind: type.kind,
    door: planned.door,
    language: planned.language,
    made_at: sent,
    made_by: 'citizen',
    changed_at: sent,
    sent_at: sent,
    sent_on: dayOf(sentAt, seed.office.timeZone),
    since: sent,
    is_public: type.public,
    state,
    state_at: textOf(stateAt),
    version: 1 + steps.length,
    reason: steps.at(-1)?.reason ?? null,
    answer_for_all: '',
    text: isEnded ? '' : planned.text,
    answers: isEnded ? {} : planned.answers,
    address: isEnded ? '' : planned.address,
    latitude: isPlaceKept ? (point?.lat ?? null) : null,
    longitude: isPlaceKept ? (point?.lon ?? null) : null,
    area: planned.area,
    tell_by: person && !isEnded ? 'email' : 'page',
    anonymous: person === null,
    ...(person && !isEnded
      ? { name: person.name, email: person.email }
      : { name: '', email: null }),
    phone: null,
    team: planned.team,
    due: dueOf(seed.office, planned, standing),
    closed_at: closedAt === null ? null : textOf(closedAt),
    shown_text: planned.isShown && !isEnded && steps.length > 0,
    anonymised_at: endedAt === null ? null : textOf(endedAt),
  };
}

/** Returns the local day of a moment. */
const dayOf = (at: Millis, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/** The term stands still while its person is asked. */
function dueOf(
  { timeZone, settings }: Written['seed']['office'],
  { type, sentAt }: PlannedRequest,
  { steps }: Standing,
): string | null {
  const instant = (at: Millis) => Temporal.Instant.fromEpochMilliseconds(at);
  const asked = steps.flatMap((step, nth) =>
    step.to === 'asked'
      ? [{ from: instant(step.at), until: steps[nth + 1] ? instant(steps[nth + 1]!.at) : null }]
      : [],
  );
  const term = { since: instant(sentAt), days: type.days, asked };
  return requestDue(term, { timeZone, holidays: settings })?.toString() ?? null;
}

/** The steps of the service that lead to a state. */
const STEPS: Readonly<Partial<Record<RequestState, string>>> = {
  planned: 'plan',
  in_progress: 'begin',
  asked: 'ask',
  answered: 'answer',
  refused: 'refuse',
};

function eventRows(
  { seed }: Written,
  { id, sentAt, team, answer }: PlannedRequest,
  { steps, endedAt }: Standing,
  isSaid: boolean,
): Rows {
  const staff = [...seed.staffAt.values()];
  const actor = `staff:${staff[Math.floor(sentAt / 1000) % staff.length] ?? 0}`;
  const event = (at: Millis, who: string, kind: string, more: object = {}) => ({
    office_id: seed.office.id,
    request_id: id,
    at: textOf(at),
    actor: who,
    kind,
    from_state: null,
    to_state: null,
    data: {},
    ...more,
  });
  const rows: Rows = [event(sentAt, 'citizen', 'sent', { to_state: 'received', data: { team } })];
  for (const { at, from, to, reason } of steps) {
    const isReply = from === 'asked';
    const step = isReply ? 'reply' : STEPS[to];
    const data = { step, ...(reason && { reason }) };
    const more = { from_state: from, to_state: to, data };
    rows.push(event(at, isReply ? 'citizen' : actor, 'moved', more));
  }
  if (isSaid && answer) rows.push(event(answer.at, 'citizen', 'surveyed'));
  if (endedAt !== null) rows.push(event(endedAt, 'system', 'anonymised'));
  return rows;
}

/** What both sides wrote to each other: a question and its answer, and the last answer. */
function messageRows({ seed }: Written, planned: PlannedRequest, { steps }: Standing): Rows {
  const { id, language } = planned;
  const answers = ANSWERED[language];
  return steps.flatMap(({ at, from, to }, nth) => {
    const text =
      from === 'asked'
        ? planned.address || 'Al costat de la parada.'
        : to === 'asked'
          ? ASKED_BACK[language]
          : to === 'answered'
            ? answers[nth % answers.length]
            : null;
    if (!text) return [];
    const side = from === 'asked' ? 'person' : 'office';
    const staff = [...seed.staffAt.values()][0] ?? 0;
    return [
      {
        id: uuidOf('demo message', id, String(nth)),
        office_id: seed.office.id,
        request_id: id,
        at: textOf(at),
        side,
        text,
        by: side === 'person' ? 'citizen' : `staff:${staff}`,
        seen_at: side === 'person' ? textOf(at) : null,
      },
    ];
  });
}
