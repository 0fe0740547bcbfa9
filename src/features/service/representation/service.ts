import { isEnough } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { PersonViewer, StaffViewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { type Identification, linkAppointment } from '../../foundation/identification/service.ts';
import type { PersonName } from '../../foundation/identification/types.ts';
import { shownByOf } from '../identifying/rules.ts';
import { type AskingDeps, type AskResult, askOrGive } from './asking.ts';
import {
  type DecideResult,
  type DecidingDeps,
  type Decision,
  decide,
  type ToDecide,
  toDecide,
} from './deciding.ts';
import { endAll, endOverdue, endOwn } from './ending.ts';
import { isMeantFor, type NamingDeps, nameAround, named } from './naming.ts';
import { KEPT_DAYS, stateAt } from './rules.ts';
import { deleteOld, forgetPerson, noteRepresented } from './store.ts';
import {
  ACTING_LEVEL,
  type Acting,
  type Around,
  type AskedWith,
  type Representation,
  type Side,
  type Typed,
} from './types.ts';
import {
  type AroundFound,
  readAround,
  readAskable,
  readBy,
  readOfPerson,
  readOne,
} from './views.ts';

export type { AskResult } from './asking.ts';
export type { DecideResult, Decision, ToDecide } from './deciding.ts';
export { whomOf } from './naming.ts';
export type { AroundFound } from './views.ts';

/** How an appointment that was booked by an authorisation stands. */
export interface Authority {
  /** The authorisation is over: the appointment opens for nobody but the represented person. */
  isClosed: boolean;
}

/** People who act for others by authorisation, and what they do thereby (docs/adr/0087). */
export interface Representations {
  /** Returns the authorisations of a person, of both sides, the newest first. */
  own(viewer: PersonViewer): Promise<Representation[]>;
  /** Returns the appointments with whose documents a person can hand over an authorisation. */
  askable(viewer: PersonViewer, office: Office): Promise<AskedWith[]>;
  /** Asks for an authorisation (`representative`), or gives one (`represented`). */
  ask(
    viewer: PersonViewer,
    office: Office,
    wanted: { side: Side; typed: Typed },
  ): Promise<AskResult>;
  /** Ends one as one of its two people. Returns whether there was one. */
  end(viewer: PersonViewer, id: string): Promise<boolean>;
  /** Returns how an authorisation stands by which a person acts in a session. It is looked up at each use. */
  acting(viewer: PersonViewer, id: string): Promise<Acting>;
  /**
   * Notes that a person has booked an appointment for somebody else, by a valid authorisation. It is in the folders of both then. Returns
   * whether they may.
   */
  booked(viewer: PersonViewer, office: Office, appointment: string, id: string): Promise<boolean>;
  /** Returns how an appointment that was booked by an authorisation stands for whoever holds its link; null: it was booked without one. */
  authorityOf(
    appointment: { id: string; office: number },
    person: string | null,
  ): Promise<Authority | null>;
  /** Reads the authorisations around an appointment, for those who may see it. */
  aroundIn(tx: Tx, appointment: string): Promise<AroundFound>;
  /** Gives them their people's names. */
  named(found: AroundFound): Promise<Around>;
  /** Returns what an official needs to decide; null: the appointment isn't theirs. */
  toDecide(viewer: StaffViewer, office: Office, appointment: string): Promise<ToDecide | null>;
  decide(
    viewer: StaffViewer,
    on: { office: Office; appointment: string; id: string },
    decision: Decision,
  ): Promise<DecideResult>;
  /** Ends all authorisations of a person who erases their folder; those with which nothing was done are deleted. */
  erase(viewer: PersonViewer): Promise<void>;
  /** Ends authorisations whose last day has passed. Returns how many. */
  endOver(): Promise<number>;
  /** Deletes authorisations that are long over. */
  tidy(): Promise<void>;
}

export interface RepresentationsDeps extends AskingDeps, DecidingDeps, NamingDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  identification: Pick<Identification, 'person' | 'named' | 'sealSaid' | 'openSaid'>;
}

export function createRepresentations(deps: RepresentationsDeps): Representations {
  const { db, clock, unit, identification } = deps;
  return {
    async own(viewer) {
      const { person } = viewer;
      const self = await identification.person(person);
      const all = await within(db, { person }, (tx) => readOfPerson(tx, person));
      if (!self) return [];
      return (await named(deps, all)).filter((each) => isMeantFor(each, self));
    },

    askable: ({ person }, office) =>
      within(db, { person }, (tx) =>
        readAskable(tx, { person, office: office.id, now: clock.now() }),
      ),

    ask: (viewer, office, wanted) => askOrGive(deps, viewer, office, wanted),
    end: async (viewer, id) => isUuid(id) && endOwn(deps, viewer, id),
    acting: (viewer, id) => actingOf(deps, viewer, id),

    async booked(viewer, office, appointment, id) {
      const self = await identification.person(viewer.person);
      if (!self) return false;
      return unit(viewer, office.id, (each) => noteBooked(each, self.name, { appointment, id }));
    },

    authorityOf: ({ id, office }, person) =>
      within(db, office, async (tx) => {
        const by = await readBy(tx, id);
        if (!by) return null;
        const isRepresented = person !== null && by.represented === person;
        return { isClosed: !isRepresented && stateAt(by, clock.now()) !== 'valid' };
      }),

    aroundIn: readAround,
    named: (found) => nameAround(deps, found),

    toDecide: (viewer, office, appointment) => toDecide(deps, viewer, { office, appointment }),
    decide: (viewer, on, decision) => decide(deps, viewer, on, decision),

    async erase(viewer) {
      await endAll(deps, viewer);
      await within(db, INSTALLATION, (tx) => forgetPerson(tx, viewer.person));
    },

    endOver: () => endOverdue(deps),
    tidy: () =>
      within(db, INSTALLATION, (tx) =>
        deleteOld(tx, clock.now().subtract({ hours: KEPT_DAYS * 24 })),
      ),
  };
}

async function actingOf(
  deps: RepresentationsDeps,
  { person, level }: PersonViewer,
  id: string,
): Promise<Acting> {
  const nothing: Acting = {
    ...{ id, name: '', office: null, procedures: [], opens: false, isValid: false, endsAt: null },
  };
  const self = await deps.identification.person(person);
  const row = await within(deps.db, { person }, (tx) => readOne(tx, id));
  if (!self || !row || row.representative !== person) return nothing;
  const [of] = await named(deps, [row]);
  if (!of || !isMeantFor(of, self)) return nothing;
  const { office, procedures, opens, endsAt, state } = of;
  const isValid = state === 'valid' && isEnough(level, ACTING_LEVEL);
  return { id, name: of.represented.name, office, procedures, opens, isValid, endsAt };
}

/** Notes by which authorisation an appointment was booked, and puts it into the folders of both people. */
async function noteBooked(
  unit: Unit<PersonViewer>,
  name: PersonName,
  { appointment: id, id: representation }: { appointment: string; id: string },
): Promise<boolean> {
  const { tx, viewer, now } = unit;
  const appointment = await lockAppointment(tx, id);
  const by = await readOne(tx, representation, true);
  const isTheirs = by?.representative === viewer.person && stateAt(by, now) === 'valid';
  if (!appointment || !by?.represented || !isTheirs) return false;
  await noteRepresented(unit, id, representation);
  const { person, identification } = viewer;
  const shownBy = shownByOf({ appointment, events: [], name, hasCode: false });
  await linkAppointment(unit, { person, identification, appointment: id, how: 'booked', shownBy });
  const whom = by.represented;
  const acted = { appointment: id, identification: null, how: 'acted' } as const;
  await linkAppointment(unit, { person: whom, ...acted });
  await unit.record('represented', aboutAppointment(appointment, { representation }));
  return true;
}
