import { createHash } from 'node:crypto';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { type ApplicantViewer, staffIn } from '../../../../lib/viewer.ts';
import { readById, readEvents } from '../../../booking/appointments/views.ts';
import { couldBeCitizen, insidersOf } from '../../../booking/proof/rules.ts';
import { readStanding } from '../../../booking/proof/views.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { SameNif } from '../../../foundation/staff-identifiers/types.ts';
import { isOfficial } from '../../consent/rules.ts';
import { shownByOf } from '../../identifying/rules.ts';
import { readCodes } from '../../one-time-codes/views.ts';
import type { CasesDeps } from '../keeping.ts';
import { type KnownApplicant, whoActs } from '../represented/acting.ts';
import { openSealed } from '../sealing.ts';
import type { Case, CaseRecord, CaseRow, Draft } from '../types.ts';
import { readCase } from '../views.ts';
import type { Assisted } from './types.ts';

/** An official who helped to fill in a form, as they compare with whoever hands it in. */
export interface Helper {
  staff: number;
  name: string;
  /** Whether their NIF is that of the identified person; `unknown`: nobody is identified, or it was not entered. */
  nif: SameNif;
}

type Kept = Pick<Case, 'openedBy' | 'confirmation'>;

/** Minutes after which somebody types another code to confirm a case. */
const CODE_COUNTS_MINUTES = 30;

/** Returns the ids of the officials who opened a case, typed answers of it, or asked to confirm it. */
const helpersIn = ({ openedBy, confirmation }: Kept, draft: Draft | null): number[] => {
  const actors = [
    openedBy,
    confirmation?.by ?? '',
    ...Object.values(draft?.hands ?? {}).map(({ by }) => by),
  ];
  const ids = [...actors.flatMap((each) => staffIn(each) ?? []), ...(draft?.helpers ?? [])];
  return [...new Set(ids)].sort((a, b) => a - b);
};

/** Returns who helped to fill in a case, before the unit of work: accounts belong to no office. Empty: its applicant did it alone. */
async function helpersOf(
  { db, keyring, officials }: Pick<CasesDeps, 'db' | 'keyring' | 'officials'>,
  office: Office,
  id: string,
  known: IdentificationOf | null,
): Promise<Helper[]> {
  const found = await within(db, office.id, async (tx) => {
    const row = await readCase(tx, id);
    return row?.isAssisted ? helpersIn(row, (await openSealed(keyring, tx, row)).draft) : [];
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

/** Who hands in a case, and who helped them, as they are looked up before the unit of work. */
export interface HandingIn {
  /** Who hands it in, as their provider says; null: nobody is identified. */
  known: KnownApplicant | null;
  /** The officials who helped to fill it in. */
  helpers: readonly Helper[];
}

/** Looks up who hands a case in, before the unit of work. */
export async function handingInOf(
  deps: Pick<CasesDeps, 'db' | 'clock' | 'keyring' | 'officials' | 'identification'>,
  viewer: ApplicantViewer,
  office: Office,
  id: string,
): Promise<HandingIn> {
  const known = await whoActs(deps, viewer, office, id);
  return { known, helpers: await helpersOf(deps, office, id, known) };
}

/** Who hands in a case that officials helped with. */
interface Confirming extends HandingIn {
  draft: Draft;
  /** The answers that are handed in. */
  answers: CaseRecord['answers'];
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
  const { appointment, proof, shownBy, isShown } = await showingOf(unit, row, on);
  if (!isShown) return { ok: false, reason: 'not_citizen' };
  const { confirmation, version } = row;
  const isAsked = confirmation?.version === version;
  const assisted: Assisted = {
    officials: helpers.map(({ staff, name }) => ({ staff, name })),
    appointment: appointment?.id ?? null,
    asked: isAsked
      ? { by: confirmation.by, at: confirmation.at.toString(), version: confirmation.version }
      : null,
    confirmed: {
      by: known ? 'identity' : 'code',
      shownBy,
      code: shownBy === 'code' ? proof : null,
      version,
      answers: createHash('sha256').update(canonicalJson(on.answers)).digest('hex'),
    },
  };
  return { ok: true, assisted };
}

type Found = NonNullable<Awaited<ReturnType<typeof readById>>>;
type ReadingUnit = Pick<Unit<ApplicantViewer>, 'tx' | 'now' | 'viewer'>;

/** What shows that somebody is the citizen with whom an official began a case. */
interface Showing {
  appointment: Found | null;
  /** Whether what was booked is forgotten, so that only an identification is left to show it. */
  isForgotten: boolean;
  /** The code that was typed for it; null: none was, or it shows nothing. */
  proof: Assisted['confirmed']['code'];
  shownBy: Assisted['confirmed']['shownBy'];
  isShown: boolean;
}

/** Returns what shows that the viewer is the citizen with whom an official began a case. */
export async function showingOf(
  unit: ReadingUnit,
  row: Pick<Case, 'id' | 'citizenOf' | 'person'>,
  { known, helpers }: HandingIn,
): Promise<Showing> {
  const appointment = row.citizenOf ? await readById(unit.tx, row.citizenOf) : null;
  // It was theirs before anybody helped.
  if (known && row.person !== null && row.person === unit.viewer.identified?.person)
    return { appointment, isForgotten: false, proof: null, shownBy: 'owner', isShown: true };
  if (!appointment)
    return { appointment, isForgotten: false, proof: null, shownBy: null, isShown: known !== null };
  const events = await readEvents(unit.tx, appointment.id);
  const isForgotten = events.some(
    ({ kind, data }) => kind === 'forgotten' && data.what === 'contact',
  );
  if (isForgotten) {
    const shownBy = known && 'forgotten';
    return { appointment, isForgotten, proof: null, shownBy, isShown: known !== null };
  }
  const proof = await codeOf(unit, row.id, appointment, { known, helpers });
  // The name counts first: no official has somebody's identity.
  const shownBy = known
    ? (shownByOf({ appointment, events, name: known.name, hasCode: false }) ?? (proof && 'code'))
    : proof && 'code';
  return { appointment, isForgotten, proof, shownBy, isShown: shownBy !== null };
}

/**
 * Returns the code that was typed in the viewer's browser to confirm this case, lately; null: none was, or an official who helped could have
 * got it. Where nobody is identified, nothing else tells one person from another: no official may have set the address or hold it.
 */
async function codeOf(
  { tx, now, viewer }: ReadingUnit,
  id: string,
  appointment: Found,
  { known, helpers }: HandingIn,
): Promise<Assisted['confirmed']['code']> {
  const { proof } = viewer;
  if (!proof || proof.channel === 'identity') return null;
  if (proof.at.until(now).total('minutes') > CODE_COUNTS_MINUTES) return null;
  const codes = await readCodes(tx, appointment.id, `case ${id}`);
  // The code that ended when the browser was remembered is the one that was typed in it.
  if (!codes.some(({ endedAt }) => endedAt?.equals(proof.at))) return null;
  const standing = await readStanding(tx, appointment, now);
  const { channel, masked, setBy, at } = proof;
  const isTheirs = helpers.some(({ staff }) => {
    const actor = `staff:${staff}`;
    return setBy === actor || couldBeCitizen(actor, standing);
  });
  const holders = standing[channel === 'sms' ? 'phone' : 'email']?.heldBy ?? [];
  const isHeld = staffIn(setBy) !== null || holders.length > 0;
  if (isTheirs || (known === null && isHeld)) return null;
  const insiders = insidersOf(standing);
  return {
    channel,
    to: masked,
    setBy,
    at: at.toString(),
    ...(insiders.length > 0 && { insiders }),
  };
}
