import { dayIn } from '../../../domain/form/answers/days.ts';
import { nifIn, type PersonId } from '../../../domain/identity.ts';
import type { Bundle } from '../../../domain/office/bundle.ts';
import { PERSON_FIELDS } from '../../../domain/person.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { DocumentEntry } from '../documents/types.ts';
import type {
  Acting,
  ActingObstacle,
  Checked,
  DecisionRefusal,
  Representation,
  RepresentationState,
  Typed,
  TypedMistakes,
} from './types.ts';

/** The longest time of an authorisation, in years (Ley 39/2015, art. 6.6). */
export const MOST_YEARS = 5;
/** How many authorisations that are not over one person may have asked for or given, so that nobody tries identifiers with them. */
export const MOST_LIVE = 20;
/** Characters of an official's reason. */
export const REASON_LENGTH = 500;
/** Characters of a name. */
export const NAME_LENGTH = PERSON_FIELDS.onBehalfOf.longest;

/** Returns whether a document can be a signed authorisation: the citizen handed it over, and it was checked. */
export const canAuthorise = ({
  kind,
  state,
  destroyedAt,
}: Pick<DocumentEntry, 'kind' | 'state' | 'destroyedAt'>): boolean =>
  kind === 'inbox' && state === 'clean' && !destroyedAt;

/** What typed answers are checked against. */
export interface CheckedOn {
  /** The identifier of whoever typed them. */
  self: PersonId;
  /** Local to the office. */
  today: Temporal.PlainDate;
  timeZone: string;
  /** The codes of the office's procedures. */
  procedures: readonly string[];
}

/** Checks what a person typed to authorise somebody, or to ask for an authorisation. */
export function checkTyped(
  typed: Typed,
  on: CheckedOn,
): { ok: true; checked: Checked } | { ok: false; mistakes: TypedMistakes } {
  const nif = nifIn(typed.identifier);
  const last = dayIn(typed.until);
  const procedures = on.procedures.filter((each) => typed.procedures.includes(each));
  const mistakes: TypedMistakes = {};
  if (typed.name === '') mistakes.name = 'missing';
  else if (typed.name.length > NAME_LENGTH || !/\p{L}.*\s.*\p{L}/u.test(typed.name))
    mistakes.name = 'wrong';
  if (typed.identifier === '') mistakes.identifier = 'missing';
  else if (!nif) mistakes.identifier = 'wrong';
  else if (nif.identifier === on.self.identifier) mistakes.identifier = 'self';
  if (typed.until === '') mistakes.until = 'missing';
  else if (!last || !isWithin(last, on.today)) mistakes.until = 'wrong';
  if (typed.scope !== 'all' && typed.scope !== 'some') mistakes.scope = 'missing';
  if (typed.scope === 'some' && procedures.length === 0) mistakes.procedures = 'missing';
  if (Object.keys(mistakes).length > 0 || !nif || !last) return { ok: false, mistakes };
  return {
    ok: true,
    checked: {
      other: { name: typed.name, identifier: nif.identifier },
      endsAt: endOf(last, on.timeZone),
      procedures: typed.scope === 'all' ? [] : procedures,
      opens: typed.opens,
    },
  };
}

const isWithin = (day: Temporal.PlainDate, today: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(day, today) >= 0 &&
  Temporal.PlainDate.compare(day, today.add({ years: MOST_YEARS })) <= 0;

const endOf = (last: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  last.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();

/** Returns an instant of the last day of an authorisation, to be shown. */
export const lastDayOf = ({ endsAt }: { endsAt: Temporal.Instant }): Temporal.Instant =>
  endsAt.subtract({ seconds: 1 });

/** Returns how an authorisation stands at an instant. `state`: as the database keeps it. */
export function stateAt(
  { state, endsAt }: { state: string; endsAt: Temporal.Instant },
  now: Temporal.Instant,
): RepresentationState {
  if (state === 'refused' || state === 'ended') return state;
  if (Temporal.Instant.compare(endsAt, now) <= 0) return 'over';
  return state === 'accepted' ? 'valid' : 'asked';
}

/** Returns whether an authorisation waits or is valid, so that it can be ended. */
export const isLive = ({ state }: Pick<Representation, 'state'>): boolean =>
  state === 'asked' || state === 'valid';

/**
 * Returns why something can't be booked for the person for whom somebody acts; null: it can. `over`: the authorisation is over; `office`,
 * `procedure`: it isn't for them; `on_behalf`: nobody can book the procedure for somebody else; `later`: it is over by then.
 */
export function obstacleTo(
  acting: Acting,
  {
    office,
    bundle,
    start,
  }: {
    office: number;
    bundle: Pick<Bundle, 'onBehalf'> & { parts: readonly { code: string }[] };
    start: Temporal.Instant;
  },
): ActingObstacle | null {
  if (!acting.isValid || !acting.endsAt) return 'over';
  if (acting.office !== office) return 'office';
  const { procedures } = acting;
  const isFor = bundle.parts.every(({ code }) => procedures.includes(code));
  if (procedures.length > 0 && !isFor) return 'procedure';
  if (!bundle.onBehalf) return 'on_behalf';
  return Temporal.Instant.compare(start, acting.endsAt) >= 0 ? 'later' : null;
}

/**
 * Returns why a member of staff can't decide on an authorisation; null: they can. Whoever attends the appointment doesn't, so that two people
 * of the office see it; and nobody does on their own. `holder`: the actor who attends, if somebody does.
 */
export function decisionRefusal(
  viewer: StaffViewer,
  { holder, isOwn }: { holder: string | null; isOwn: boolean },
): DecisionRefusal | null {
  if (!can(viewer, 'accept_representations')) return 'no_right';
  if (isOwn) return 'own';
  return holder === `staff:${viewer.staff}` ? 'attending' : null;
}

/** Days after which an authorisation that is over is deleted. */
export const KEPT_DAYS = 400;
