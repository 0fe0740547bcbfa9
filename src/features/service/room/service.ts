import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { EventStream } from '../../../lib/http/streams.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { readById } from '../../booking/appointments/views.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Attendants } from '../attendants/service.ts';
import { createByPhone } from './by-phone.ts';
import { createFollowing } from './following.ts';
import { roomStands } from './rules.ts';
import { createSeating, isTheirRoom, type Seating } from './seating.ts';
import { createTalking } from './talking.ts';
import type { Party, Seat, Side } from './types.ts';
import { type MessageFound, readThere } from './views.ts';
import { createWatching } from './watching.ts';

type Refused<R extends string> = { ok: false; reason: R };

/** The room of a video appointment: who is there (`seating.ts`), and what their browsers tell each other so as to meet. */
export interface Room extends Seating {
  /** Passes on to another seat what a page sent. `alone`: nobody who is let in sits there. */
  signal(
    seat: Seat,
    to: string,
    text: string,
  ): Promise<{ ok: true } | Refused<'invalid' | 'alone' | 'not_open' | 'too_often'>>;
  /** Keeps what somebody wrote in the call, and tells those who are in it. `id` is made by their page. */
  say(
    who: Viewer,
    seat: Seat,
    id: string,
    text: string,
  ): Promise<{ ok: true } | Refused<'invalid' | 'not_open' | 'too_often'>>;
  /** Returns the messages of the call, in order. */
  messages(appointment: Pick<Appointment, 'id' | 'office'>): Promise<MessageFound[]>;
  /** Returns the people whose pages are in the room or wait to be let in. */
  present(appointment: Pick<Appointment, 'id' | 'office'>): Promise<Party[]>;
  /** Asks to go on by telephone. A second request changes nothing. `unmet_need`: a telephone call can't meet what the citizen needs. */
  byPhone(
    who: Viewer,
    office: number,
    appointment: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open' | 'unmet_need'>>;
  /** Returns the side that asked to go on by telephone; null: none. */
  askedBy(appointment: Appointment): Promise<Side | null>;
  /**
   * Tells a page how its room stands, what the others send after the signal `after`, which it was told last, and all that was
   * written. Answers how to stop.
   */
  follow(seat: Seat, stream: EventStream, after: number): Promise<() => void>;
  /** How the room stands, for who may be there at all; null: it is none of theirs. */
  stands(
    who: Viewer,
    office: number,
    appointment: string,
  ): Promise<ReturnType<typeof roomStands> | null>;
  /** Frees the seats of pages that are gone, and forgets old signals. */
  tidy(): Promise<void>;
  close(): void;
}

export interface RoomDeps {
  db: Db;
  notifier: Pick<Notifier, 'listen' | 'listenToTopics'>;
  clock: Clock;
  unit: RunUnit;
  attendants: Pick<Attendants, 'ofAll' | 'showsNames'>;
}

export function createRoom({ db, notifier, clock, unit, attendants }: RoomDeps): Room {
  const seating = createSeating({ db, clock, unit });
  const watching = createWatching({ db, notifier, clock, attendants });
  return {
    ...seating,
    ...createTalking({ db, clock, unit }),
    ...createByPhone({ db, unit }),
    ...createFollowing({ db, clock, watching, seating }),

    present: ({ id, office }) => within(db, office, (tx) => readThere(tx, id)),

    stands: (who, office, id) =>
      within(db, office, async (tx) => {
        const appointment = isUuid(id) ? await readById(tx, id) : null;
        return appointment && isTheirRoom(who, appointment)
          ? roomStands(appointment, clock.now())
          : null;
      }),
  };
}

export { createStills, type Stills } from './stills.ts';
