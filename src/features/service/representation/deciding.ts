import type { Office } from '../../../domain/office/types.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { StaffIdentifiers } from '../../foundation/staff-identifiers/service.ts';
import { holderOf } from '../coordination/rules.ts';
import type { Documents } from '../documents/service.ts';
import { endIn } from './ending.ts';
import { type NamingDeps, nameAround } from './naming.ts';
import { canAuthorise, decisionRefusal, REASON_LENGTH, stateAt } from './rules.ts';
import { settleRepresentation } from './store.ts';
import { tellBoth } from './telling.ts';
import type { Around, DecisionRefusal } from './types.ts';
import { readAround, readOne, type SealedRepresentation } from './views.ts';

/** `not_found`: it isn't the viewer's, or it was settled meanwhile. */
export type DecideResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'no_document' | 'no_reason' | DecisionRefusal };

/** What an official decides: accepted by a document, refused, or ended, with a reason for both people. */
export type Decision =
  | { do: 'accept'; document: string }
  | { do: 'refuse'; reason: string }
  | { do: 'end'; reason: string };

/** An authorisation around an appointment. */
export interface Asked {
  office: Office;
  appointment: string;
  id: string;
}

export interface DecidingDeps {
  db: Db;
  clock: { now(): Temporal.Instant };
  unit: RunUnit;
  identification: Pick<Identification, 'person'>;
  staffIdentifiers: Pick<StaffIdentifiers, 'compare'>;
  documents: Pick<Documents, 'list' | 'isOpenTo' | 'holdIn'>;
}

/** What an official needs to decide on the authorisations around an appointment. */
export interface ToDecide extends Around {
  /** The documents that can be a signed authorisation. */
  documents: { id: string; name: string | null }[];
  /** Why the viewer can't decide, by the id of the authorisation; absent: they can. */
  refusals: ReadonlyMap<string, DecisionRefusal>;
}

/** Returns what an official needs to decide; null: the appointment isn't theirs. */
export async function toDecide(
  deps: DecidingDeps & NamingDeps,
  viewer: StaffViewer,
  { office, appointment }: Pick<Asked, 'office' | 'appointment'>,
): Promise<ToDecide | null> {
  if (!isUuid(appointment) || !(await deps.documents.isOpenTo(viewer, appointment))) return null;
  const found = await within(deps.db, office.id, (tx) => readAround(tx, appointment));
  const refusals = new Map<string, DecisionRefusal>();
  for (const row of [...found.asked, ...(found.by ? [found.by] : [])]) {
    const refusal = await refusalFor(deps, viewer, { row, appointment });
    if (refusal) refusals.set(row.id, refusal);
  }
  const papers = await papersOf(deps, viewer, { office, appointment });
  const documents = papers.map(({ id, name }) => ({ id, name }));
  return { ...(await nameAround(deps, found)), documents, refusals };
}

/** Returns the documents of an appointment that can be a signed authorisation, with their names. */
const papersOf = async (
  { documents }: Pick<DecidingDeps, 'documents'>,
  viewer: StaffViewer,
  { office, appointment }: Pick<Asked, 'office' | 'appointment'>,
) => ((await documents.list(viewer, office, appointment)) ?? []).filter(canAuthorise);

/** Decides on an authorisation as an official. */
export async function decide(
  deps: DecidingDeps,
  viewer: StaffViewer,
  on: Asked,
  decision: Decision,
): Promise<DecideResult> {
  const { office, appointment, id } = on;
  const row = await findAround(deps, viewer, on);
  if (!row) return { ok: false, reason: 'not_found' };
  const refusal = await refusalFor(deps, viewer, { row, appointment });
  if (refusal) return { ok: false, reason: refusal };
  if (decision.do === 'accept') return accept(deps, viewer, on, decision.document);
  const reason = decision.reason.trim().slice(0, REASON_LENGTH);
  if (reason === '') return { ok: false, reason: 'no_reason' };
  return deps.unit(viewer, office.id, async (each) =>
    decision.do === 'refuse'
      ? settle(each, id, { reason })
      : asResult(await endIn(each, id, { reason, isTheirs: () => true })),
  );
}

/** Returns an authorisation that was asked for with an appointment, or with which it was booked, where the appointment is the viewer's. */
async function findAround(
  { db, documents }: DecidingDeps,
  viewer: StaffViewer,
  { office, appointment, id }: Asked,
): Promise<SealedRepresentation | null> {
  if (!isUuid(appointment) || !(await documents.isOpenTo(viewer, appointment))) return null;
  const { asked, by } = await within(db, office.id, (tx) => readAround(tx, appointment));
  return [...asked, by].find((each) => each?.id === id) ?? null;
}

/** Returns why a viewer can't decide on an authorisation; null: they can. */
async function refusalFor(
  { db, identification, staffIdentifiers }: DecidingDeps,
  viewer: StaffViewer,
  {
    row,
    appointment,
  }: {
    row: Pick<SealedRepresentation, 'representative' | 'represented'>;
    appointment: string;
  },
): Promise<DecisionRefusal | null> {
  const ids = [row.representative, row.represented].flatMap((each) => each ?? []);
  const people = await Promise.all(ids.map((each) => identification.person(each)));
  const compared = await Promise.all(
    people.flatMap((each) => (each ? [staffIdentifiers.compare(viewer.staff, each.id)] : [])),
  );
  const isOwn = compared.includes('same');
  const events = await within(db, viewer.office, (tx) => readEvents(tx, appointment));
  return decisionRefusal(viewer, { isOwn, holder: holderOf(events)?.actor ?? null });
}

/** Accepts an authorisation. The document is kept for a legal reason: it is what shows that somebody may act. */
async function accept(
  deps: DecidingDeps,
  viewer: StaffViewer,
  { office, appointment, id }: Asked,
  document: string,
): Promise<DecideResult> {
  const papers = await papersOf(deps, viewer, { office, appointment });
  if (!papers.some((each) => each.id === document)) return { ok: false, reason: 'no_document' };
  return deps.unit(viewer, office.id, async (each) => {
    const settled = await settle(each, id, { document });
    if (settled.ok) await deps.documents.holdIn(each, appointment, document, HELD);
    return settled;
  });
}

/** The legal reason for which an authorisation is kept, for the office. */
const HELD = 'Ley 39/2015, art. 5.4';

async function settle(
  unit: Unit<StaffViewer>,
  id: string,
  decision: { document: string } | { reason: string },
): Promise<DecideResult> {
  const row = await readOne(unit.tx, id, true);
  if (!row || stateAt(row, unit.now) !== 'asked' || !row.appointment) return asResult(false);
  await settleRepresentation(unit, id, decision);
  const isAccepted = 'document' in decision;
  await unit.record(isAccepted ? 'representation_accepted' : 'representation_refused', {
    appointment: row.appointment,
    data: { representation: id, ...(isAccepted && { document: decision.document }) },
  });
  await tellBoth(unit, row, isAccepted ? 'accepted' : 'refused');
  return { ok: true };
}

const asResult = (isDone: boolean): DecideResult =>
  isDone ? { ok: true } : { ok: false, reason: 'not_found' };
