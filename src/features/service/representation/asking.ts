import { randomUUID } from 'node:crypto';
import { isEnough, nifIn } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import { checkTyped, MOST_LIVE, stateAt } from './rules.ts';
import { insertRepresentation, type NewRepresentation } from './store.ts';
import { tellBoth } from './telling.ts';
import { ACTING_LEVEL, type Side, type Typed, type TypedMistakes } from './types.ts';
import { readAskable, readOfPerson, type SealedRepresentation } from './views.ts';

/** `too_low`: the session's level is too low; `too_many`: the person has `MOST_LIVE` of them. */
export type AskResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'too_low' | 'too_many' }
  | { ok: false; reason: 'mistakes'; mistakes: TypedMistakes };

export interface AskingDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  identification: Pick<Identification, 'person' | 'named' | 'sealSaid'>;
}

/**
 * Asks for an authorisation, as whoever wants to act, or gives one, as whoever is represented. What is asked for waits for an official; what is
 * given is valid at once: the identified person says it themselves (Ley 39/2015, arts. 5.4 and 6.5).
 */
export async function askOrGive(
  deps: AskingDeps,
  viewer: PersonViewer,
  office: Office,
  { side, typed }: { side: Side; typed: Typed },
): Promise<AskResult> {
  const { db, clock, unit, identification } = deps;
  const { person } = viewer;
  const self = isEnough(viewer.level, ACTING_LEVEL) ? await identification.person(person) : null;
  if (!self) return { ok: false, reason: 'too_low' };
  const now = clock.now();
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const { timeZone } = office;
  const procedures = office.procedures.map(({ code }) => code);
  const found = checkTyped(typed, { self: self.id, today, timeZone, procedures });
  const isAsked = side === 'representative';
  const askable = isAsked
    ? await within(db, { person }, (tx) => readAskable(tx, { person, office: office.id, now }))
    : [];
  const isWrong = isAsked && !askable.some(({ id }) => id === typed.appointment);
  const mistakes = {
    ...(found.ok ? {} : found.mistakes),
    ...(isWrong && { appointment: typed.appointment ? 'wrong' : 'missing' }),
  } satisfies TypedMistakes;
  if (!found.ok || isWrong) return { ok: false, reason: 'mistakes', mistakes };
  const { other, ...rest } = found.checked;
  const nif = nifIn(other.identifier);
  if (!nif) throw new Error('A checked identifier is no DNI or NIE');
  const named = await identification.named(nif);
  const id = randomUUID();
  const sealed = await identification.sealSaid({ person, of: id }, other);
  if (!sealed) return { ok: false, reason: 'too_low' };
  const row: NewRepresentation = {
    ...rest,
    id,
    askedBy: side,
    representative: isAsked ? person : named,
    represented: isAsked ? named : person,
    other: sealed,
    appointment: isAsked ? typed.appointment : null,
  };
  return unit(viewer, office.id, (each) => add(each, row));
}

/** Adds an authorisation, unless the same one is there: a form that is sent twice asks once. */
async function add(unit: Unit<PersonViewer>, row: NewRepresentation): Promise<AskResult> {
  const { tx, viewer, now } = unit;
  const own = (await readOfPerson(tx, viewer.person)).filter(
    (each) => each.askedBy === row.askedBy && isWaitingOrValid(each, now),
  );
  const same = own.find((each) => isSame(each, row));
  if (same) return { ok: true, id: same.id };
  if (own.length >= MOST_LIVE) return { ok: false, reason: 'too_many' };
  await insertRepresentation(unit, row);
  const isAsked = row.askedBy === 'representative';
  await unit.record(isAsked ? 'representation_asked' : 'representation_given', {
    ...(row.appointment && { appointment: row.appointment }),
    data: { representation: row.id },
  });
  await tellBoth(unit, row, isAsked ? 'asked' : 'given');
  return { ok: true, id: row.id };
}

const isWaitingOrValid = (row: SealedRepresentation, now: Temporal.Instant): boolean =>
  ['asked', 'valid'].includes(stateAt(row, now));

const isSame = (one: SealedRepresentation, other: NewRepresentation): boolean =>
  one.representative === other.representative &&
  one.represented === other.represented &&
  one.appointment === other.appointment &&
  one.endsAt.equals(other.endsAt) &&
  one.opens === other.opens &&
  one.procedures.join() === other.procedures.join();
