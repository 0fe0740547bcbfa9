import { createHash } from 'node:crypto';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { type ApplicantViewer, staffIn } from '../../../../lib/viewer.ts';
import { readById, readEvents } from '../../../booking/appointments/views.ts';
import { couldBeCitizen } from '../../../booking/proof/rules.ts';
import { readStanding } from '../../../booking/proof/views.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { SameNif } from '../../../foundation/staff-identifiers/types.ts';
import { isOfficial } from '../../consent/rules.ts';
import { readEncounter } from '../../encounter/views.ts';
import { shownByOf } from '../../identifying/rules.ts';
import type { CasesDeps } from '../keeping.ts';
import { openSealed } from '../sealing.ts';
import type { Assisted, Case, CaseRecord, CaseRow, Draft } from '../types.ts';
import { readCase } from '../views.ts';

/** An official who helped to fill in a form, as they compare with whoever hands it in. */
export interface Helper {
  staff: number;
  name: string;
  /** Whether their NIF is that of the identified person; `unknown`: nobody is identified, or it was not entered. */
  nif: SameNif;
}

type Kept = Pick<Case, 'openedBy' | 'confirmation'>;

/** Returns the ids of the officials who opened a case, typed answers of it, or asked to confirm it. */
const helpersIn = ({ openedBy, confirmation }: Kept, draft: Draft | null): number[] => {
  const actors = [
    openedBy,
    confirmation?.by ?? '',
    ...Object.values(draft?.hands ?? {}).map(({ by }) => by),
  ];
  return [...new Set(actors.flatMap((each) => staffIn(each) ?? []))].sort((a, b) => a - b);
};

/** Returns who helped to fill in a case, before the unit of work: accounts belong to no office. Empty: its applicant did it alone. */
export async function helpersOf(
  { db, keyring, officials }: Pick<CasesDeps, 'db' | 'keyring' | 'officials'>,
  office: Office,
  id: string,
  known: IdentificationOf | null,
): Promise<Helper[]> {
  const found = await within(db, office.id, async (tx) => {
    const row = await readCase(tx, id);
    return row?.encounter ? helpersIn(row, (await openSealed(keyring, tx, row)).draft) : [];
  });
  const names = await officials.namesOf(found);
  return Promise.all(
    found.map(async (staff) => ({
      staff,
      name: names.get(staff) ?? '',
      nif: known ? await officials.compare(staff, known.of) : 'unknown',
    })),
  );
}

/** Who hands in a case that officials helped with. */
interface Confirming {
  draft: Draft;
  /** The answers that are handed in. */
  answers: CaseRecord['answers'];
  known: IdentificationOf | null;
  helpers: readonly Helper[];
}

type Confirmed =
  | { ok: true; assisted: Assisted }
  | { ok: false; reason: 'changed' | 'not_citizen' | 'not_independent' };

/**
 * Returns how the applicant confirms what officials helped them with, or why it is no confirmation: nothing shows that it is the citizen, or
 * it may be one of the officials. The link alone never is one, since others have it.
 */
export async function confirmationOf(
  unit: Unit<ApplicantViewer>,
  row: CaseRow,
  on: Confirming,
): Promise<Confirmed> {
  const { draft, known, helpers } = on;
  // Somebody else has helped since they were looked up.
  if (helpersIn(row, draft).some((id) => helpers.every(({ staff }) => staff !== id)))
    return { ok: false, reason: 'changed' };
  if (known && helpers.some(({ name, nif }) => isOfficial(known, { name, nif })))
    return { ok: false, reason: 'not_independent' };
  const appointment = await appointmentOf(unit, row);
  const proof = await codeOf(unit, appointment, helpers);
  const shownBy =
    known && appointment ? await shownOf(unit, appointment, known, proof !== null) : null;
  const isShown = known ? appointment === null || shownBy !== null : proof !== null;
  if (!isShown) return { ok: false, reason: 'not_citizen' };
  const isByCode = known === null || shownBy === 'code';
  const { confirmation } = row;
  const assisted: Assisted = {
    officials: helpers.map(({ staff, name }) => ({ staff, name })),
    appointment: appointment?.id ?? null,
    asked: confirmation && {
      by: confirmation.by,
      at: confirmation.at.toString(),
      version: confirmation.version,
    },
    confirmed: {
      by: known ? 'identity' : 'code',
      shownBy: known ? shownBy : 'code',
      code: isByCode ? proof : null,
      answers: createHash('sha256').update(canonicalJson(on.answers)).digest('hex'),
    },
  };
  return { ok: true, assisted };
}

type Found = NonNullable<Awaited<ReturnType<typeof readById>>>;

async function appointmentOf({ tx }: Unit, { encounter }: CaseRow): Promise<Found | null> {
  const begun = encounter ? await readEncounter(tx, { encounter }) : null;
  return begun?.appointment ? readById(tx, begun.appointment) : null;
}

/** Returns the code that was typed in the viewer's browser; null: none was, or an official who helped could have got it. */
async function codeOf(
  { tx, now, viewer }: Unit<ApplicantViewer>,
  appointment: Found | null,
  helpers: readonly Helper[],
): Promise<Assisted['confirmed']['code']> {
  const { proof } = viewer;
  if (!proof || proof.channel === 'identity' || !appointment) return null;
  const standing = await readStanding(tx, appointment, now);
  const isTheirs = helpers.some(({ staff }) => {
    const actor = `staff:${staff}`;
    return proof.setBy === actor || couldBeCitizen(actor, standing);
  });
  const { channel, masked, setBy, at } = proof;
  return isTheirs ? null : { channel, to: masked, setBy, at: at.toString() };
}

/** Returns what shows that an identified person is the citizen of an appointment. Their name counts first: no official has somebody's identity. */
async function shownOf(
  { tx }: Unit,
  appointment: Found,
  { name }: IdentificationOf,
  hasCode: boolean,
): Promise<'name' | 'code' | null> {
  const on = { appointment, events: await readEvents(tx, appointment.id), name };
  return shownByOf({ ...on, hasCode: false }) ?? shownByOf({ ...on, hasCode });
}
