import { timingSafeEqual } from 'node:crypto';
import { progressOf } from '../../../../domain/form/pages.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { deriveSecret } from '../../../../lib/secrets.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import {
  type ApplicantViewer,
  type CitizenViewer,
  type PersonViewer,
  type StaffViewer,
  staffIn,
} from '../../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../../booking/appointments/service.ts';
import { readById, readEvents } from '../../../booking/appointments/views.ts';
import { aboutAppointment, type Unit } from '../../../foundation/audit/service.ts';
import { isTheirs } from '../../encounter/rules.ts';
import { readEncounter } from '../../encounter/views.ts';
import { isTheirs as isTheirCase } from '../access.ts';
import { isUnderway } from '../assisted/filling.ts';
import { lockConversation } from '../assisted/views.ts';
import { type CasesDeps, findTheirs } from '../keeping.ts';
import { linkSecret } from '../link.ts';
import { caseOf } from '../opening.ts';
import { contextOf } from '../rules.ts';
import { openSealed } from '../sealing.ts';
import { type Case, type CaseRow, DRAFT } from '../types.ts';
import { isOnItsWay, readCase, readCaseForUpdate } from '../views.ts';
import { type Contacts, createContacts } from './contact.ts';
import { sendHome, sentAtIn } from './sending.ts';
import { insertTie, setEncounter } from './store.ts';
import type { CaseAt, SendResult, ShowResult, TiedAppointment } from './types.ts';
import { isTied, readOwnAppointments, readTiedTo, readTiesOf } from './views.ts';
import { createWaitingFor, type WaitingFor } from './waiting.ts';

/** Cases and the appointments at which they are talked about (docs/adr/0108). */
export interface Tying extends Contacts, WaitingFor {
  /**
   * Returns what the addresses of a booking carry, to book an appointment about a case. It opens nothing: it shows that somebody had the case's
   * link.
   */
  aboutOf(of: Pick<Case, 'id' | 'link'>): string;
  /** Returns the case that such a text is about, if it may be opened by whoever is identified; null: it is about none. */
  ofAbout(
    office: Office,
    about: string,
    identified: ApplicantViewer['identified'],
  ): Promise<Case | null>;
  /** Ties an appointment that the case's person has just booked to their case. Returns whether it is. */
  tie(viewer: ApplicantViewer, office: Office, id: string, appointment: string): Promise<boolean>;
  /** Returns the cases at an appointment, the first first; null: the appointment is not the viewer's. */
  casesAt(
    viewer: StaffViewer | CitizenViewer,
    office: Office,
    appointment: string,
  ): Promise<CaseAt[] | null>;
  /** Returns the appointments about a case that are to come or go on, the first first; null: the case isn't the viewer's. */
  appointmentsAbout(
    viewer: ApplicantViewer,
    office: Office,
    id: string,
  ): Promise<TiedAppointment[] | null>;
  /** Lets those who attend in the encounter of an appointment about a draft see it and type in it, until the encounter ends: its person wants it. */
  show(
    viewer: ApplicantViewer,
    office: Office,
    id: string,
    appointment: string,
  ): Promise<ShowResult>;
  /** Ends that. Returns whether it was shown. */
  hide(viewer: ApplicantViewer, office: Office, id: string): Promise<boolean>;
  /** Tells the citizen of an appointment that the draft which an official began with them waits on its page. */
  sendHome(
    viewer: StaffViewer,
    office: Office,
    id: string,
    appointment: string,
  ): Promise<SendResult>;
  /** Returns the drafts that officials began with a person at the appointments of their folder, the last one first. */
  begunWith(viewer: PersonViewer): Promise<Case[]>;
}

/** Returns what an address carries about a case. Without its link it can't be made. */
const aboutFrom = (key: CasesDeps['key'], { id, link }: Pick<Case, 'id' | 'link'>): string =>
  `${id}.${deriveSecret(linkSecret(key, { id, link }), 'about')}`;

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export function createTying(deps: CasesDeps): Tying {
  const { db, unit, key } = deps;
  return {
    ...createContacts(deps),
    ...createWaitingFor(deps),
    aboutOf: (of) => aboutFrom(key, of),

    async ofAbout(office, about, identified) {
      const [id = ''] = about.split('.');
      const row = isUuid(id) ? await within(db, office.id, (tx) => readCase(tx, id)) : null;
      if (row?.office !== office.id || !isSame(about, aboutFrom(key, row))) return null;
      return isTheirCase({ kind: 'applicant', case: id, identified }, row) ? caseOf(row) : null;
    },

    tie: (viewer, office, id, appointment) =>
      unit(viewer, office.id, (each) => tie(each, id, appointment)),

    casesAt: (viewer, office, appointment) =>
      within(db, office.id, async (tx) => {
        if (!isUuid(appointment) || !isTheirs(viewer, { id: appointment, office: office.id }))
          return null;
        const found = await readTiedTo(tx, appointment);
        const events = found.length > 0 ? await readEvents(tx, appointment) : [];
        const cases: CaseAt[] = [];
        for (const { id, isHere } of found) {
          const row = await readCase(tx, id);
          const on = { isHere, sentAt: sentAtIn(events, id) };
          if (row) cases.push(await caseAt(deps, { tx, viewer }, office, { row, ...on }));
        }
        return cases;
      }),

    appointmentsAbout: (viewer, office, id) =>
      within(db, office.id, async (tx) => {
        const row = await findTheirs({ tx, viewer, office: office.id }, id, readCase);
        if (!row) return null;
        return (await readTiesOf(tx, id)).map((each) => ({
          id: each.id,
          channel: each.channel,
          start: each.start,
          stands: each.encounter ? 'underway' : 'to_come',
          isShown: each.encounter !== null && each.encounter === each.shown,
        }));
      }),

    show: (viewer, office, id, appointment) =>
      unit(viewer, office.id, (each) => show(each, id, appointment)),

    hide: (viewer, office, id) => unit(viewer, office.id, (each) => hide(each, id)),

    sendHome: (viewer, office, id, appointment) =>
      unit(viewer, office.id, (each) => sendHome(each, office, id, appointment)),

    begunWith: (viewer) => begunWith(deps, viewer),
  };
}

async function tie(unit: Unit<ApplicantViewer>, id: string, appointment: string): Promise<boolean> {
  const { tx, office } = unit;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  const booked = row && isUuid(appointment) ? await readById(tx, appointment) : null;
  if (booked?.office !== office) return false;
  if (await insertTie(unit, { case: id, appointment }))
    await unit.record('case_tied', aboutAppointment(booked, { case: id }));
  return true;
}

/** Returns a case as somebody at an appointment sees it. */
async function caseAt(
  { forms, keyring, clock }: Pick<CasesDeps, 'forms' | 'keyring' | 'clock'>,
  { tx, viewer }: { tx: Unit['tx']; viewer: StaffViewer | CitizenViewer },
  office: Office,
  { row, isHere, sentAt }: { row: CaseRow; isHere: boolean } & Pick<CaseAt, 'sentAt'>,
): Promise<CaseAt> {
  const isDraft = row.state === DRAFT;
  const isUnseen = viewer.kind === 'staff' && isDraft && !isHere;
  return {
    id: row.id,
    office: row.office,
    reference: row.reference,
    procedure: row.procedure,
    form: row.form,
    state: row.state,
    link: row.link,
    version: row.version,
    level: row.level,
    isOwn: staffIn(row.openedBy) === null,
    isShown: isDraft && isHere,
    sentAt,
    isOpenToStaff: viewer.kind === 'staff' && !isDraft && isTheirCase(viewer, row),
    progress: isUnseen ? await progressIn({ forms, keyring, clock }, tx, office, row) : null,
  };
}

/** Returns how far a draft is, without any answer of it. */
async function progressIn(
  { forms, keyring, clock }: Pick<CasesDeps, 'forms' | 'keyring' | 'clock'>,
  tx: Unit['tx'],
  office: Office,
  row: CaseRow,
): Promise<CaseAt['progress']> {
  const { draft } = await openSealed(keyring, tx, row);
  const { form } = await forms.version(office.id, row.form);
  const context = contextOf(office, clock.now(), row.language);
  return draft && progressOf(form, draft.answers, context);
}

/** The appointments of a person whose forms are looked for. */
const MOST_APPOINTMENTS = 50;

async function begunWith({ db }: Pick<CasesDeps, 'db'>, { person }: PersonViewer): Promise<Case[]> {
  const held = await within(db, { person }, (tx) =>
    readOwnAppointments(tx, person, MOST_APPOINTMENTS),
  );
  const found = await Promise.all(
    held.map(({ appointment, office }) =>
      within(db, office, async (tx) => {
        const tied = await readTiedTo(tx, appointment);
        return Promise.all(tied.map(({ id }) => readCase(tx, id)));
      }),
    ),
  );
  return found
    .flat()
    .flatMap((row) => (row?.state === DRAFT && staffIn(row.openedBy) !== null ? [row] : []))
    .filter((row) => row.person === null)
    .map(caseOf)
    .toSorted((a, b) => Temporal.Instant.compare(b.changedAt, a.changedAt));
}

async function show(
  unit: Unit<ApplicantViewer>,
  id: string,
  appointment: string,
): Promise<ShowResult> {
  const { tx } = unit;
  // In the order of every deed of an encounter: the appointment, its encounter, the case.
  const booked = isUuid(appointment) ? await lockAppointment(tx, appointment) : null;
  if (!booked || !isUuid(id) || !(await isTied(tx, { case: id, appointment })))
    return { ok: false, reason: 'not_found' };
  await lockConversation(tx, { appointment });
  const encounter = await readEncounter(tx, { appointment });
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  if (row.state !== DRAFT || (await isOnItsWay(tx, id))) return { ok: false, reason: 'handed_in' };
  if (!encounter || !isUnderway(encounter)) return { ok: false, reason: 'not_open' };
  if (row.encounter === encounter.id) return { ok: true };
  const citizenOf = row.isAssisted ? row.citizenOf : appointment;
  await setEncounter(unit, id, { encounter: encounter.id, citizenOf });
  await appendEvent(unit, { appointment: booked, kind: 'case_shown', data: { case: id } });
  await unit.record('case_shown', aboutAppointment(booked, { case: id }));
  unit.tell(id);
  return { ok: true };
}

async function hide(unit: Unit<ApplicantViewer>, id: string): Promise<boolean> {
  const { tx } = unit;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row?.encounter || row.state !== DRAFT) return false;
  const of = await readEncounter(tx, { encounter: row.encounter });
  const booked = of?.appointment ? await readById(tx, of.appointment) : null;
  await setEncounter(unit, id, { encounter: null, citizenOf: row.citizenOf });
  if (booked) {
    await appendEvent(unit, { appointment: booked, kind: 'case_hidden', data: { case: id } });
    await unit.record('case_hidden', aboutAppointment(booked, { case: id }));
  } else await unit.record('case_hidden', { data: { case: id } });
  unit.tell(id);
  return true;
}
