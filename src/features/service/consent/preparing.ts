import { randomUUID } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Habilitation } from '../../../domain/office/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { isTheirs } from '../documents/rules.ts';
import type { Digest, DocumentEntry } from '../documents/types.ts';
import type { Encounter } from '../encounter/types.ts';
import { readEncounter } from '../encounter/views.ts';
import { type ConsentDeps, habilitationOf, sealRecord, tellOf } from './keeping.ts';
import { makeRecord } from './record.ts';
import { ASKED_HOURS, actsFor, checkDraft, ineligibilityFor, proceduresOf } from './rules.ts';
import { insertAct } from './store.ts';
import type { ActCase, ActDraft, Ineligibility, PrepareResult } from './types.ts';

/** The acts and documents that an official can choose from. */
export interface Options {
  ineligibility: Ineligibility | null;
  acts: ReturnType<typeof actsFor>;
  languages: readonly Language[];
  /** The documents of the space that can be opened. */
  documents: readonly DocumentEntry[];
  habilitation: Habilitation | null;
}

export interface Preparing {
  /**
   * Returns the acts that can be prepared in an encounter, or why there are none; null: it isn't the viewer's. `handsIn`: those that hand in the
   * form of this procedure; absent: those that hand in none.
   */
  options(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    handsIn?: Pick<ActCase, 'procedure'>,
  ): Promise<Options | null>;
  /** Asks the citizen to consent to an act. */
  prepare(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    draft: ActDraft,
  ): Promise<PrepareResult>;
}

export function createPreparing(deps: ConsentDeps): Preparing {
  const { db, documents, unit } = deps;

  return {
    async options(viewer, office, id, handsIn) {
      const habilitation = await habilitationOf(deps, office, viewer.staff);
      const list = await documents.list(viewer, office, id);
      if (!list) return null;
      return within(db, office.id, async (tx) => {
        const appointment = await readById(tx, id);
        if (!appointment) return null;
        const encounter = await readEncounter(tx, { appointment: id });
        const found = optionsOf(office, appointment, encounter, habilitation, handsIn);
        return { ...found, documents: list.filter(isOpen) };
      });
    },

    async prepare(viewer, office, id, draft) {
      const list = await documents.list(viewer, office, id);
      const habilitation = await habilitationOf(deps, office, viewer.staff);
      if (!list) return { ok: false, reason: 'not_found' };
      const open = new Set(list.filter(isOpen).map((each) => each.id));
      const isKnown = draft.documents.every((each) => open.has(each));
      const digests = isKnown
        ? ((await documents.digest(viewer, office, id, draft.documents)) ?? [])
        : [];
      return unit(viewer, office.id, (each) =>
        prepare(deps, each, { office, id, draft, digests, habilitation }),
      );
    },
  };
}

function optionsOf(
  office: Office,
  appointment: Appointment,
  encounter: Encounter | null,
  habilitation: Habilitation | null,
  handsIn?: Pick<ActCase, 'procedure'>,
): Omit<Options, 'documents'> {
  const acts = handsIn
    ? actsFor(office.settings.acts, new Set([handsIn.procedure]), true)
    : actsFor(office.settings.acts, proceduresOf(appointment, encounter));
  const { status } = appointment;
  const identity = encounter?.identity ?? null;
  const ineligibility = ineligibilityFor({ status, identity, habilitation, acts });
  return { ineligibility, acts, habilitation, languages: office.languages };
}

async function prepare(
  deps: Pick<ConsentDeps, 'keyring'>,
  unit: Unit<StaffViewer>,
  on: {
    office: Office;
    id: string;
    draft: ActDraft;
    digests: Digest[];
    habilitation: Habilitation | null;
  },
): Promise<PrepareResult> {
  const { tx, viewer } = unit;
  const { office, id, draft, digests, habilitation } = on;
  const appointment = await lockTheirs(tx, viewer, id);
  if (!appointment) return { ok: false, reason: 'not_found' };
  const encounter = await readEncounter(tx, { appointment: id });
  const { case: of } = draft;
  const found = optionsOf(office, appointment, encounter, habilitation, of);
  const { ineligibility, acts } = found;
  if (ineligibility) return { ok: false, reason: ineligibility };
  // A document that was destroyed meanwhile has no digest.
  const readable = new Set(digests.map((each) => each.id));
  const mistakes = checkDraft(draft, acts, office.languages, readable);
  const act = acts.find((each) => each.code === draft.template);
  if (Object.keys(mistakes).length > 0 || !act || !habilitation || !encounter)
    return { ok: false, reason: 'invalid', mistakes };
  const now = unit.now;
  const which = { id: randomUUID(), office: office.id, appointment: id };
  const { language, details } = draft;
  const record = makeRecord({
    id: which.id,
    office,
    appointment,
    act,
    language,
    details,
    documents: digests,
    handsIn: of,
    habilitation,
    staff: viewer.staff,
    encounter,
    now,
  });
  const { sealed } = await sealRecord(deps, tx, which, record);
  await insertAct(tx, {
    ...which,
    template: act.code,
    handsIn: of?.case ?? null,
    language,
    preparedBy: actorOf(viewer),
    now,
    copy: randomUUID(),
    record: sealed,
    expiresAt: now.add({ hours: ASKED_HOURS }),
  });
  await tellOf(unit, { appointment, act: which }, 'act_prepared', { template: act.code });
  return { ok: true, id: which.id };
}

/** Whether a document can be opened now. */
const isOpen = ({ state, destroyedAt }: DocumentEntry): boolean =>
  state === 'clean' && !destroyedAt;

/** Locks an appointment; null: the viewer doesn't serve it. */
async function lockTheirs(tx: Tx, viewer: StaffViewer, id: string): Promise<Appointment | null> {
  const appointment = await lockAppointment(tx, id);
  if (!appointment) return null;
  return isTheirs(viewer, appointment, await readEvents(tx, id)) ? appointment : null;
}
