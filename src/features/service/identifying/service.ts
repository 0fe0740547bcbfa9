import { createHash } from 'node:crypto';
import type { Appointment, AppointmentEvent } from '../../../domain/appointment.ts';
import { type GivenLevel, isEnough, maskedIdentifier } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { CitizenProof, CitizenViewer, StaffViewer } from '../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import {
  holdIdentification,
  type Identification,
  linkAppointment,
  renewLink,
} from '../../foundation/identification/service.ts';
import type { CitizenSession, IdentificationOf } from '../../foundation/identification/types.ts';
import { attends } from '../documents/rules.ts';
import { noteElectronic } from '../encounter/service.ts';
import { spendCode } from './codes.ts';
import { askingOf, isSameName, PROVING_LEVEL, shownByOf } from './rules.ts';
import type { IdentifiedPerson, IdentityStanding, NotIdentified } from './types.ts';
import { isActedFor, type LinkFound, readLinks } from './views.ts';

export { browserHash, createIdentityCodes, type IdentityCodes } from './codes.ts';

type Refused<R extends string> = { ok: false; reason: R };

/** `isCitizen`: what is known of the appointment shows that they are its citizen. */
export type SettleResult = { ok: true; isCitizen: boolean } | Refused<'not_found' | 'code_over'>;

/** The code that was typed, and the hash that names the browser. */
export interface TypedBy {
  id: string;
  browser: Buffer;
}

/** Identification for an appointment: before it, on its page, and in its encounter (docs/adr/0084). */
export interface Identifying {
  /** Asks the citizen to identify, on their screens. */
  ask(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    level: GivenLevel,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open'>>;
  /**
   * Notes that somebody with the appointment's link has identified. It is theirs then, beside whoever identified before; neither the name
   * nor the addresses of the booking change. `by`: the code that they typed on a device without the link; `code_over`: it no longer counts.
   */
  settle(
    viewer: CitizenViewer,
    office: Office,
    identification: string,
    by?: TypedBy,
  ): Promise<SettleResult>;
  /** Notes why the citizen did not identify; without effect when nobody asked them. */
  fail(viewer: CitizenViewer, office: Office, reason: NotIdentified): Promise<void>;
  /** Returns how an appointment stands with identification. */
  standing(appointment: Pick<Appointment, 'id' | 'office'>): Promise<IdentityStanding>;
  /** Returns the people behind links that were read, for those who may see the appointment. */
  people(
    appointment: Pick<Appointment, 'citizen'>,
    links: readonly LinkFound[],
  ): Promise<IdentifiedPerson[]>;
  /**
   * Returns the proof that the identified person in a browser is the citizen of an appointment; null: they identified at too low a level,
   * or nothing shows that it is theirs.
   */
  proof(
    session: CitizenSession,
    appointment: Pick<Appointment, 'id' | 'office'>,
  ): Promise<CitizenProof | null>;
  /** Returns the whole identifier of somebody who identified for an appointment; null: it is not the viewer's. It is recorded. */
  reveal(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    person: string,
  ): Promise<string | null>;
}

export interface IdentifyingDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  identification: Pick<Identification, 'of' | 'offered'>;
}

export function createIdentifying(deps: IdentifyingDeps): Identifying {
  const { db, clock, unit, identification } = deps;
  return {
    ask: (viewer, office, id, level) =>
      unit(viewer, office.id, async (each) => {
        const found = await findAttended(each, id);
        if (!found) return { ok: false, reason: 'not_found' };
        const { appointment } = found;
        if (appointment.status !== 'in_progress') return { ok: false, reason: 'not_open' };
        await note(each, appointment, 'identity_asked', { level });
        return { ok: true };
      }),

    settle: async (viewer, office, id, by) => {
      const of = await identification.of(id);
      if (!of) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, (each) => settle(each, office, of, by));
    },

    fail: (viewer, office, reason) =>
      unit(viewer, office.id, async (each) => {
        const appointment = await lockAppointment(each.tx, viewer.appointment);
        if (!appointment) return;
        const events = await readEvents(each.tx, appointment.id);
        if (askingOf(events, each.now)?.state !== 'asked') return;
        await note(each, appointment, 'identity_failed', { reason });
      }),

    standing: async ({ id, office }) => {
      const read = await within(db, office, async (tx) => ({
        appointment: await readById(tx, id),
        events: await readEvents(tx, id),
        links: await readLinks(tx, id),
      }));
      const people = read.appointment ? await peopleOf(deps, read.appointment, read.links) : [];
      return { asking: askingOf(read.events, clock.now()), people };
    },

    people: (appointment, links) => peopleOf(deps, appointment, links),
    proof: (session, appointment) => proofOf(db, session, appointment),

    reveal: async (viewer, office, id, person) => {
      const link = await unit(viewer, office.id, async (each) => {
        const found = await findAttended(each, id);
        const its = found ? await readLinks(each.tx, id) : [];
        const one = its.find((link) => link.person === person);
        if (!found || !one) return null;
        const data = { identification: one.identification };
        await each.record('identifier_shown', aboutAppointment(found.appointment, data));
        return one;
      });
      return link && ((await identification.of(link.identification))?.of.identifier ?? null);
    },
  };
}

/** Returns an appointment whose documents the viewer may see, locked, with its events; null: there is none. */
async function findAttended(
  { tx, viewer }: Unit<StaffViewer>,
  id: string,
): Promise<{ appointment: Appointment; events: AppointmentEvent[] } | null> {
  const appointment = isUuid(id) ? await lockAppointment(tx, id) : null;
  const events = appointment ? await readEvents(tx, id) : [];
  return appointment && attends(viewer, appointment, events) ? { appointment, events } : null;
}

type Noted = 'identity_asked' | 'identified' | 'identity_failed';

async function note(
  unit: Unit,
  appointment: Appointment,
  kind: Noted,
  data: Record<string, unknown>,
): Promise<void> {
  await appendEvent(unit, { appointment, kind, data });
  await unit.record(kind, aboutAppointment(appointment, data));
}

async function settle(
  unit: Unit<CitizenViewer>,
  office: Office,
  of: IdentificationOf,
  by: TypedBy | undefined,
): Promise<SettleResult> {
  const { tx, viewer } = unit;
  // The person may have been erased meanwhile.
  if (!(await holdIdentification(unit, of.id))) return { ok: false, reason: 'not_found' };
  const appointment = await lockAppointment(tx, viewer.appointment);
  // A forgotten appointment has no name.
  if (appointment?.office !== office.id || appointment.citizen.name === '')
    return { ok: false, reason: 'not_found' };
  if (by && !(await spendCode(tx, by, appointment, unit.now)))
    return { ok: false, reason: 'code_over' };
  const events = await readEvents(tx, appointment.id);
  const hasCode = !!viewer.proof && viewer.proof.channel !== 'identity';
  const shownBy = shownByOf({ appointment, events, name: of.name, hasCode });
  const here = appointment.status === 'in_progress' ? 'call' : 'link';
  const how = by ? 'code' : here;
  const { person, level, provider } = of;
  const link = {
    person,
    appointment: appointment.id,
    identification: of.id,
    how,
    shownBy,
  } as const;
  if (!(await linkAppointment(unit, link))) await renewLink(unit, link);
  const isCitizen = (await readLinks(tx, appointment.id)).some(
    (each) => each.person === person && each.shownBy !== null,
  );
  // Another name is for whoever attends to judge. So is a code, and an address of an act, which can be sent on: the person in the call may
  // be another than the one who identified.
  const isByRelay = by !== undefined || of.purpose === 'act';
  if (isCitizen && !isByRelay && isSameName(appointment.citizen.name, of.name))
    await noteElectronic(unit, office, appointment, noteOf(office, of));
  await note(unit, appointment, 'identified', {
    ...{ identification: of.id, level, provider },
    ...(by && { by: 'code' }),
  });
  return { ok: true, isCitizen };
}

/** Returns the note of the encounter on how the identity was checked, without the person's data. */
function noteOf({ languages }: Office, { provider, method, level, represents }: IdentificationOf) {
  const t = translateTo(languages[0] ?? 'ca');
  const how = t('identify.note', {
    provider,
    method,
    level: t(`identify.level.${level}`),
  });
  return represents ? `${how} ${t('identify.note.company')}` : how;
}

async function peopleOf(
  { identification }: Pick<IdentifyingDeps, 'identification'>,
  { citizen }: Pick<Appointment, 'citizen'>,
  links: readonly LinkFound[],
): Promise<IdentifiedPerson[]> {
  if (citizen.name === '' || links.length === 0) return [];
  const offered = await identification.offered();
  const found = await Promise.all(
    links.map(async (link) => ({ link, of: await identification.of(link.identification) })),
  );
  return found.flatMap(({ link, of }) =>
    of === null
      ? []
      : [
          {
            ...link,
            name: of.name.full,
            masked: maskedIdentifier(of.of),
            level: of.level,
            provider: offered.find(({ code }) => code === of.provider)?.name ?? of.provider,
            method: of.method,
            at: of.at,
            represents: of.represents?.name ?? null,
            isOther: !isSameName(citizen.name, of.name),
          },
        ],
  );
}

async function proofOf(
  db: Db,
  { person, level, identification, provider, at }: CitizenSession,
  { id, office }: Pick<Appointment, 'id' | 'office'>,
): Promise<CitizenProof | null> {
  if (!isEnough(level, PROVING_LEVEL)) return null;
  const isTheirs = await within(db, office, async (tx) => {
    const links = await readLinks(tx, id);
    const isShown = links.some((each) => each.person === person && each.shownBy !== null);
    // What was booked for somebody with their authorisation is theirs: they were named by their identifier.
    return isShown || (await isActedFor(tx, id, person));
  });
  if (!isTheirs) return null;
  const browser = createHash('sha256').update(identification).digest('hex');
  return { browser, at, channel: 'identity', masked: provider, setBy: `person:${identification}` };
}

/** Returns the name of a provider in a language. */
export const providerName = (
  { provider }: Pick<IdentifiedPerson, 'provider'>,
  language: Parameters<typeof textIn>[1],
): string => (typeof provider === 'string' ? provider : textIn(provider, language));
