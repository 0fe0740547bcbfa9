import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer, type Viewer } from '../../../lib/viewer.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import { couldBeCitizen } from '../../booking/proof/rules.ts';
import { readStanding } from '../../booking/proof/views.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { canGive } from '../../foundation/identification/rules.ts';
import { isTheirs, maySee } from '../documents/rules.ts';
import { PROVING_LEVEL } from '../identifying/rules.ts';
import { identityWay } from './identity/rules.ts';
import { type ConsentDeps, type Kept, openNoted, openRecord, putOnTrail } from './keeping.ts';
import { standingOf } from './rules.ts';
import type { ActEntry, ActRecord, ActRow, ActSeen } from './types.ts';
import { readAct, readActOfCopy, readActs } from './views.ts';

export interface Seeing {
  /** Returns the acts of an appointment with their current states, newest first; null: it isn't the viewer's. */
  list(viewer: Viewer, office: Office, appointment: string): Promise<ActEntry[] | null>;
  /** The same in a unit of work, of an appointment whose acts are the viewer's. */
  listIn(unit: Unit, appointment: Appointment): Promise<ActEntry[]>;
  /**
   * Returns an act with its contents; null: there is none. A citizen who has only the link can read it while it awaits an answer, without
   * the names of documents and without the form that it hands in, and not afterwards. The audit trail records that a member of staff read it.
   */
  read(viewer: Viewer, office: Office, appointment: string, id: string): Promise<ActSeen | null>;
  /** Returns an act of an office to which the citizen has consented, with its record, for what is done by it; null: there is none. */
  consented(
    viewer: StaffViewer,
    office: Office,
    id: string,
  ): Promise<{ act: ActEntry; record: ActRecord; hash: string } | null>;
  /** Returns the consent whose copy is a document, for whoever may open that document; null: it is no copy. */
  consentOf(viewer: Viewer, office: number, copy: string): Promise<ActRecord['consent']>;
}

export function createSeeing(deps: ConsentDeps): Seeing {
  const { clock, unit } = deps;
  const listIn: Seeing['listIn'] = async ({ tx }, appointment) =>
    (await readActs(tx, appointment.id)).map((each) => entryOf(each, appointment, clock.now()));
  return {
    listIn,
    list: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const appointment = await findTheirs(each.tx, viewer, id);
        return appointment && listIn(each, appointment);
      }),

    consented: (viewer, office, id) =>
      unit(viewer, office.id, async ({ tx }) => {
        const row = isUuid(id) ? await readAct(tx, id) : null;
        const kept = row?.state === 'consented' ? await openRecord(deps, tx, row) : null;
        if (!row || !kept || viewer.office !== row.office) return null;
        const { record: _, noted: __, ...act } = row;
        return { act, ...kept };
      }),

    consentOf: (viewer, office, copy) =>
      unit(viewer, office, async ({ tx }) => {
        const row = await readActOfCopy(tx, copy);
        const kept = row && (await openRecord(deps, tx, row));
        return kept?.record.consent ?? null;
      }),

    read: (viewer, office, appointment, id) => read(deps, { viewer, office, appointment, id }),
  };
}

const entryOf = (
  { record: _, noted: __, ...row }: ActRow,
  { status }: Appointment,
  now: Temporal.Instant,
): ActEntry => ({ ...row, state: standingOf(row, status, now) });

async function read(
  deps: ConsentDeps,
  of: { viewer: Viewer; office: Office; appointment: string; id: string },
): Promise<ActSeen | null> {
  const { viewer, office, appointment, id } = of;
  const offered = await deps.identification.offered();
  return deps.unit(viewer, office.id, async (each) => {
    const { tx, now } = each;
    const found = await findTheirs(tx, viewer, appointment);
    const row = found && (await readActs(tx, appointment)).find((one) => one.id === id);
    if (!found || !row) return null;
    const entry = entryOf(row, found, deps.clock.now());
    const isShown = maySee(viewer) || entry.state === 'prepared';
    const kept = isShown ? await openRecord(deps, tx, row) : null;
    if (viewer.kind === 'staff') await putOnTrail(each, row, 'act_read');
    const isMine = actorOf(viewer) === row.preparedBy;
    const standing = await readStanding(tx, found, now);
    const isIndependent = !couldBeCitizen(row.preparedBy, standing);
    const events = await readEvents(tx, found.id);
    const level = kept?.record.level ?? PROVING_LEVEL;
    const providers = offered.filter((one) => canGive(one, level));
    // Whoever identifies hands the form in themselves.
    const isOpen = providers.length > 0 && row.case === null;
    const way = isOpen ? identityWay(events, viewer, isIndependent) : 'none';
    const identity = { way, level, providers } as const;
    const sees = { names: maySee(viewer), form: seesForm(viewer, entry, isMine) };
    const noted = viewer.kind === 'staff' ? await openNoted(deps, tx, row) : null;
    return { ...entry, ...shownOf(kept, sees), noted, isMine, isIndependent, identity };
  });
}

/**
 * Returns whether a viewer sees the form that an act hands in: its citizen, not by the link alone; while it awaits an answer whoever attends them, and
 * then the official who prepared it and those who coordinate. To colleagues the answers are a case, which may be another's.
 */
const seesForm = (viewer: Viewer, { state }: ActEntry, isMine: boolean): boolean =>
  maySee(viewer) &&
  (viewer.kind !== 'staff' || state === 'prepared' || isMine || can(viewer, 'see_every_document'));

/** Returns the visible part of a record. */
function shownOf(
  kept: Kept | null,
  sees: { names: boolean; form: boolean },
): Pick<ActSeen, 'record' | 'hash'> {
  if (!kept) return { record: null, hash: null };
  const { case: of, ...record } = kept.record;
  const documents = record.documents.map((each) => (sees.names ? each : { ...each, name: '' }));
  return {
    record: { ...record, documents, ...(sees.form && of && { case: of }) },
    hash: kept.hash,
  };
}

async function findTheirs(tx: Tx, viewer: Viewer, id: string): Promise<Appointment | null> {
  const found = isUuid(id) ? await readById(tx, id) : null;
  if (!found) return null;
  const events = viewer.kind === 'staff' ? await readEvents(tx, id) : [];
  return isTheirs(viewer, found, events) ? found : null;
}
