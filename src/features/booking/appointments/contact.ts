import { ADDRESS_KINDS, NOTICE_WAYS, type NoticeWay } from '../../../domain/address.ts';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Citizen } from '../../../domain/person.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { hashSecret, type PurposeKey } from '../../../lib/secrets.ts';
import type { CitizenViewer, TokenViewer, Viewer } from '../../../lib/viewer.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { addressOf, contactOwed } from '../../foundation/notices/rules.ts';
import { oweNotices, waitingSecret } from '../../foundation/notices/service.ts';
import { replaceOpening } from '../../foundation/openings/service.ts';
import { endProofs, noteAddresses } from '../proof/service.ts';
import { holdsDocuments } from '../proof/views.ts';
import type { ChangeResult } from './changing.ts';
import { updateNoticesBy } from './choosing/store.ts';
import { linkSecret } from './link.ts';
import { type ContactRefusal, contactRefusal, isOpen, isSpaceOpen } from './rules.ts';
import { appendEvent, hasEnough, replaceLink, updateCitizen } from './store.ts';
import { retell } from './telling.ts';
import { countRefusedContacts, lacksNumber, readForUpdate, readWaitingIds } from './views.ts';

/**
 * `too_many`: the person of the new address has the maximum of appointments. `needs_proof`: there are documents, so the citizen types a
 * code first. `has_papers`: there are documents, so a token can't change it any more. `not_allowed`: the token lacks the scope.
 */
export type ContactResult = ChangeResult<'too_many' | ContactRefusal>;

export interface ContactChanging {
  /**
   * Changes name, telephone or e-mail address. The former addresses are informed. Codes go to a new address once it is
   * trusted (docs/adr/0040). When the address to which the link went is no longer the citizen's, there is a new link, and the one before ends.
   *
   * The new address may not exceed the maximum of future appointments per person. After a few such refusals in
   * a day, the answer is a refusal without a query, so that nobody can test which other people have reached the maximum.
   */
  changeContact(
    viewer: Viewer,
    office: Office,
    id: string,
    citizen: Citizen,
  ): Promise<ContactResult>;
  /**
   * Notes by which way the citizen wants notices; what is pending goes there. Only to somebody who proved to be the citizen: codes go the
   * other way, so whoever has a mailbox alone could otherwise turn the codes into it.
   */
  chooseNotices(
    viewer: CitizenViewer,
    office: Office,
    by: NoticeWay,
  ): Promise<ChangeResult<'needs_proof'>>;
  /**
   * Returns why `changeContact` would refuse this token; null: it would not. For a request that also changes something else, and
   * is applied completely or not at all.
   */
  refusesContact(viewer: TokenViewer, office: Office, id: string): Promise<ContactRefusal | null>;
  /** Returns whether a citizen who can't be called may still enter their number after the start. */
  isAskedForNumber(
    office: Office,
    appointment: Pick<Appointment, 'id' | 'status'>,
  ): Promise<boolean>;
}

export interface ContactDeps {
  db: Db;
  /** The key of links. */
  key: PurposeKey;
  run: RunUnit;
}

export function createContactChanging({ db, key, run }: ContactDeps): ContactChanging {
  return {
    changeContact: (viewer, office, id, citizen) =>
      run(viewer, office.id, async (unit): Promise<ContactResult> => {
        const { tx, now, record } = unit;
        const old = await readForUpdate(tx, id);
        if (!old) return { ok: false, reason: 'not_found' };
        if (!(await mayMend(unit, old, office))) return { ok: false, reason: 'not_open' };
        const changed = (Object.keys(citizen) as (keyof Citizen)[]).filter(
          (each) => citizen[each] !== old.citizen[each],
        );
        if (changed.length === 0) return { ok: true, appointment: old };
        const refusal = contactRefusal(viewer, await holdsDocuments(tx, id));
        if (refusal) return { ok: false, reason: refusal };
        if (viewer.kind === 'citizen' && (await refuses(unit, office, old, citizen)))
          return { ok: false, reason: 'too_many' };
        await updateCitizen(tx, id, citizen, now);
        const link = isLeft(old, citizen) ? old.link + 1 : old.link;
        const appointment = { ...old, citizen, link, updatedAt: now };
        if (link !== old.link) await replaceLinks(unit, appointment);
        await settleAddresses(unit, old, appointment);
        await appendEvent(unit, { appointment, kind: 'contact_changed', data: { changed } });
        await record('contact_changed', aboutAppointment(old, { changed }));
        await retell(unit, old, appointment, office);
        return { ok: true, appointment };
      }),

    chooseNotices: (viewer, office, by) =>
      run(viewer, office.id, (unit) => chooseNotices(unit, office, by)),

    refusesContact: (viewer, office, id) =>
      within(db, office.id, async (tx) => contactRefusal(viewer, await holdsDocuments(tx, id))),

    isAskedForNumber: (office, { id, status }) =>
      status === 'booked'
        ? within(db, office.id, (tx) => lacksNumber(tx, id))
        : Promise.resolve(false),
  };

  /** Ends the former link of the appointment and that of the wait list. */
  async function replaceLinks(unit: Unit, { id, link }: Appointment): Promise<void> {
    await replaceLink(unit, id, link, hashSecret(linkSecret(key, { id, link })));
    for (const waiting of await readWaitingIds(unit.tx, id))
      await replaceOpening(
        unit,
        'wait_list',
        waiting,
        hashSecret(waitingSecret(key, waiting, link)),
      );
  }
}

async function chooseNotices(
  unit: Unit<CitizenViewer>,
  office: Office,
  by: NoticeWay,
): Promise<ChangeResult<'needs_proof'>> {
  const { tx, viewer, now } = unit;
  const old = await readForUpdate(tx, viewer.appointment);
  if (!old) return { ok: false, reason: 'not_found' };
  if (!(await mayMend(unit, old, office))) return { ok: false, reason: 'not_open' };
  if (old.noticesBy === by) return { ok: true, appointment: old };
  if (!viewer.proof) return { ok: false, reason: 'needs_proof' };
  const appointment = { ...old, noticesBy: by, updatedAt: now };
  await updateNoticesBy(tx, old.id, by, now);
  await unit.record('notices_chosen', aboutAppointment(old, { by }));
  await retell(unit, old, appointment, office);
  return { ok: true, appointment };
}

/**
 * Returns whether the address to which notices went, and the link with them, is no longer the citizen's: a corrected e-mail address, or the
 * corrected mobile of a citizen without one, or who chose a way. Where there was no such address, the link is in nobody's mailbox.
 */
function isLeft({ citizen, noticesBy }: Appointment, { email, phone }: Citizen): boolean {
  // Who chose a way may have got the link by both.
  const ways = noticesBy ? NOTICE_WAYS : [noticesBy];
  return ways
    .map((each) => addressOf(citizen, each)?.recipient)
    .some((was) => was !== undefined && was !== email && was !== phone);
}

/**
 * Informs the former addresses of each change, records the actor, and ends earlier proofs, except for the
 * browser in which the citizen made the change.
 */
async function settleAddresses(
  unit: Unit,
  old: Appointment,
  { citizen, link }: Appointment,
): Promise<void> {
  const { viewer, now } = unit;
  const { id, office } = old;
  const changed = ADDRESS_KINDS.filter((each) => citizen[each] !== old.citizen[each]);
  if (changed.length === 0) return;
  const owed = contactOwed(old, changed, changerOf(viewer), now);
  await oweNotices(unit, { office, appointment: id }, owed);
  const told = owed.map((each) => each.id);
  await noteAddresses(unit, { of: old, before: old.citizen, after: citizen, link, told });
  const own = viewer.kind === 'citizen' ? viewer.proof?.browser : null;
  await endProofs(unit, id, own ?? null);
}

/** Returns the actor that the former addresses are told. */
function changerOf(viewer: Viewer): 'citizen' | 'office' | 'system' {
  if (viewer.kind === 'citizen') return 'citizen';
  return viewer.kind === 'staff' ? 'office' : 'system';
}

/**
 * Returns whether the viewer may change the citizen's addresses. The citizen may until the start, and after it as long as they can't be
 * called, since the number is another person's and they were asked for theirs. Staff may as long as there may be documents
 * to hand over or to fetch; a token may while it is booked.
 */
async function mayMend(
  { tx, viewer, now }: Unit,
  of: Appointment,
  { settings }: Office,
): Promise<boolean> {
  if (of.citizen.name === '') return false;
  if (viewer.kind === 'staff') return isSpaceOpen(of, settings.retention, now);
  if (of.status !== 'booked') return false;
  return viewer.kind !== 'citizen' || isOpen(of, now) || lacksNumber(tx, of.id);
}

/** Daily maximum of answers to an appointment's citizen that a person has the maximum of appointments. */
const MOST_REFUSALS = 3;

/**
 * Returns whether the person of the new address has the maximum of appointments, and records it. The appointment is locked, so that
 * each of several parallel requests is counted.
 */
async function refuses(
  unit: Unit,
  office: Office,
  old: Appointment,
  { email, phone }: Citizen,
): Promise<boolean> {
  const { tx, now } = unit;
  const fresh = {
    email: email === old.citizen.email ? null : email,
    phone: phone === old.citizen.phone ? null : phone,
  };
  if (fresh.email === null && fresh.phone === null) return false;
  const lately = await countRefusedContacts(tx, old.id, now.subtract({ hours: 24 }));
  if (lately >= MOST_REFUSALS) return true;
  if (!(await hasEnough(tx, old, fresh, office.settings.booking.openPerPerson, now))) return false;
  await appendEvent(unit, { appointment: old, kind: 'contact_refused' });
  return true;
}
