import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { doEachOrFail } from '../../../lib/jobs/batches.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import {
  type Identification,
  linkAppointment,
  renewLink,
  unlinkAppointment,
} from '../../foundation/identification/service.ts';
import type { AppointmentLink, PersonName } from '../../foundation/identification/types.ts';
import { shownByOf } from '../identifying/rules.ts';
import type { Representations } from '../representation/service.ts';
import { forgottenBefore, givesWay, isFresh, PAGE, pageAt, standingFor } from './rules.ts';
import {
  type Entries,
  LIST_NAMES,
  type ListName,
  type ListPage,
  type Overview,
  type Standing,
} from './types.ts';
import { countToFetch, READERS, readIdle, readOffices, readOwners } from './views.ts';

export { exportText } from './exporting.ts';

export type TakeResult = { ok: true } | { ok: false; reason: 'not_found' | 'others' };
/** `stale`: they must identify again first (see `FRESH_MINUTES`). */
export type EraseResult =
  /** `isGone`: false when who they are is kept with an act that they confirmed. */
  { ok: true; isGone: boolean } | { ok: false; reason: 'stale' };

/**
 * A person's folder: what they have with all offices of the town. It is read in the person's own scope, never in that of an office
 * (docs/adr/0083).
 */
export interface Folder {
  overview(viewer: PersonViewer): Promise<Overview>;
  /** Returns a page of a list. `kind`: of `LISTS`, to narrow it; `page`: from 1 on. */
  list<K extends ListName>(
    viewer: PersonViewer,
    list: K,
    asked: { kind: string | null; page: number },
  ): Promise<ListPage<Entries[K]>>;
  /** Reads all entries of a list, some at a time. */
  all<K extends ListName>(viewer: PersonViewer, list: K): AsyncIterable<Entries[K]>;
  /** Returns whose folder an appointment is in, for this person. */
  standing(viewer: PersonViewer, office: Office, appointment: string): Promise<Standing>;
  /**
   * Puts an appointment into the viewer's folder. The caller has checked that they may: they opened its link in their own browser, or have
   * just booked it. `isProved`: they typed a code there, so that it is taken from whoever has it by its link alone. `others`: it is in the
   * folder of somebody else.
   */
  take(
    viewer: PersonViewer,
    office: Office,
    appointment: string,
    how: Exclude<AppointmentLink['how'], 'call' | 'code' | 'acted'>,
    isProved?: boolean,
  ): Promise<TakeResult>;
  /** Takes an appointment out of the viewer's folder. The appointment stays. Returns whether it was there. */
  remove(viewer: PersonViewer, office: Office, appointment: string): Promise<boolean>;
  /** Records that the viewer takes away everything. */
  exported(viewer: PersonViewer): Promise<void>;
  /** Deletes the person with their identifications, sessions and wishes; what offices must keep stays with the offices. */
  erase(viewer: PersonViewer, identifiedAt: Temporal.Instant): Promise<EraseResult>;
  /**
   * Ends links to appointments of which nothing is kept, and erases people who have neither an appointment, a case nor an act: of whoever is kept, all but who they are. Returns how many
   * people.
   */
  tidy(): Promise<number>;
}

export interface FolderDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  identification: Pick<Identification, 'erase' | 'endEmptyLinks' | 'person'>;
  representations: Pick<Representations, 'erase'>;
}

export function createFolder(deps: FolderDeps): Folder {
  const { db, clock, unit, identification, representations } = deps;
  const own = <T>({ person }: PersonViewer, work: (tx: Tx) => Promise<T>) =>
    within(db, { person }, work);
  const list: Folder['list'] = (viewer, name, asked) =>
    own(viewer, (tx) => readPage(tx, name, { ...asked, person: viewer.person, now: clock.now() }));
  return {
    overview: (viewer) => own(viewer, (tx) => readOverview(tx, viewer.person, clock.now())),
    list,

    async *all(viewer, name) {
      const { person } = viewer;
      const at = { person, kind: null, now: clock.now() };
      for (let offset = 0; ; offset += AT_ONCE) {
        const entries = await own(viewer, (tx) =>
          READERS[name].read(tx, at, { offset, most: AT_ONCE }),
        );
        yield* entries;
        if (entries.length < AT_ONCE) return;
      }
    },

    standing: ({ person }, office, appointment) =>
      within(db, office.id, async (tx) => standingFor(person, await readOwners(tx, appointment))),

    take: async (viewer, office, id, how, isProved = false) => {
      const person = await identification.person(viewer.person);
      if (!person) return { ok: false, reason: 'not_found' };
      const { name } = person;
      return unit(viewer, office.id, (each) => take(each, id, { how, isProved, name }));
    },

    remove: (viewer, office, id) =>
      unit(viewer, office.id, async (each) => {
        const found = isUuid(id) ? await lockAppointment(each.tx, id) : null;
        const link = { person: viewer.person, appointment: id };
        if (!found || !(await unlinkAppointment(each, link))) return false;
        await each.record('folder_removed', aboutAppointment(found));
        return true;
      }),

    exported: (viewer) => recordEverywhere(deps, viewer, 'folder_exported'),

    async erase(viewer, identifiedAt) {
      if (!isFresh(identifiedAt, clock.now())) return { ok: false, reason: 'stale' };
      await recordEverywhere(deps, viewer, 'folder_erased');
      await representations.erase(viewer);
      return { ok: true, isGone: await identification.erase(viewer.person) };
    },

    async tidy() {
      await identification.endEmptyLinks();
      const before = forgottenBefore(clock.now());
      return forgetIdle(deps, before);
    },
  };
}

const AT_ONCE = 200;

/** Erases people who have neither an appointment, a case nor an act. Returns how many. @throws when some can't be erased: they hold up no other */
const forgetIdle = (
  { db, identification }: FolderDeps,
  before: Temporal.Instant,
): Promise<number> =>
  doEachOrFail(
    AT_ONCE,
    (page) => within(db, INSTALLATION, (tx) => readIdle(tx, before, page)),
    async (person) => {
      await identification.erase(person);
      return true; // of whoever is kept nothing more can be erased
    },
    'Some people could not be forgotten',
  );

async function readPage<K extends ListName>(
  tx: Tx,
  list: K,
  asked: { person: string; now: Temporal.Instant; kind: string | null; page: number },
): Promise<ListPage<Entries[K]>> {
  const total = await READERS[list].count(tx, asked);
  const at = pageAt(total, asked.page);
  const offset = (at.page - 1) * PAGE;
  return { entries: await READERS[list].read(tx, asked, { offset, most: PAGE }), total, ...at };
}

async function readOverview(tx: Tx, person: string, now: Temporal.Instant): Promise<Overview> {
  const counts = { ...NONE };
  for (const list of LIST_NAMES)
    counts[list] = await READERS[list].count(tx, { person, now, kind: null });
  const coming = { person, now, kind: 'coming' };
  return {
    counts,
    coming: await READERS.appointments.read(tx, coming, { offset: 0, most: PAGE }),
    comingCount: await READERS.appointments.count(tx, coming),
    toFetch: await countToFetch(tx, person),
    toAnswer: await READERS.consents.count(tx, { person, now, kind: 'asked' }),
  };
}

const NONE: Overview['counts'] = {
  appointments: 0,
  documents: 0,
  consents: 0,
  notices: 0,
  looks: 0,
  identifications: 0,
};

async function take(
  unit: Unit<PersonViewer>,
  id: string,
  { how, isProved, name }: Pick<AppointmentLink, 'how'> & { isProved: boolean; name: PersonName },
): Promise<TakeResult> {
  const { tx, viewer } = unit;
  // Locked, so that two people can't take it at once.
  const appointment = isUuid(id) ? await lockAppointment(tx, id) : null;
  if (!appointment?.citizen.name) return { ok: false, reason: 'not_found' };
  const owners = await readOwners(tx, id);
  const stands = standingFor(viewer.person, owners);
  if (stands === 'mine') return { ok: true };
  if (stands === 'others' && !givesWay(owners, isProved)) return { ok: false, reason: 'others' };
  for (const each of owners)
    await unlinkAppointment(unit, { person: each.person, appointment: id });
  const { person, identification } = viewer;
  const events = await readEvents(tx, id);
  const shownBy = shownByOf({ appointment, events, name, hasCode: isProved });
  const link = { person, identification, appointment: id, how, shownBy };
  // They may have identified for it by a code, which puts it into no folder.
  if (!(await linkAppointment(unit, link))) await renewLink(unit, link);
  await unit.record('folder_added', aboutAppointment(appointment, { how }));
  return { ok: true };
}

/** Records what a person does with all of their folder in each office that has something in it. */
async function recordEverywhere(
  { db, unit }: FolderDeps,
  viewer: PersonViewer,
  action: 'folder_exported' | 'folder_erased',
): Promise<void> {
  const { person } = viewer;
  const offices = await within(db, { person }, (tx) => readOffices(tx, person));
  await unit.installation(viewer, async ({ recordIn }) => {
    for (const office of offices) await recordIn(office, action);
  });
}
