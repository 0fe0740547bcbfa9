import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { doAll } from '../../../lib/jobs/batches.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { type Announcing, createAnnouncing } from './announcing.ts';
import { createLine, type Line } from './line.ts';
import {
  announcedDelay,
  delayOf,
  expectedStarts,
  isToBeTold,
  TOLD_BEFORE_MINUTES,
  worse,
} from './rules.ts';
import { tellOne } from './telling.ts';
import type { Delay, Turn } from './types.ts';
import { readTurns } from './views.ts';

export interface Delays extends Announcing, Line {
  /** By how much an appointment is likely to begin late, once that is worth telling; null: not, or too far away to say. */
  delay(office: Office, appointment: Appointment): Promise<Delay | null>;
  /** Writes to those who will be called late and don't know yet. Answers to how many. */
  tell(): Promise<number>;
}

/** How far back an appointment that nobody attended still counts: within a shift, not from the day before. */
const BACK_HOURS = 12;
/** How long before its hour a delay can be foreseen: further away there is time to catch up. */
const FORESEEN_MINUTES = 60;
const SYSTEM = { kind: 'system', why: 'late' } as const;

export interface DelaysDeps {
  db: Db;
  offices: Pick<Offices, 'list'>;
  clock: Clock;
  unit: RunUnit;
}

export function createDelays(deps: DelaysDeps): Delays {
  const { db, offices, clock, unit } = deps;
  return {
    ...createAnnouncing({ db, clock, unit }),
    ...createLine({ db, clock }),

    async delay(office, { id, desk, start, status }) {
      const now = clock.now();
      if (status !== 'booked' && status !== 'arrived') return null;
      const isNear = Temporal.Instant.compare(start, now.add({ minutes: FORESEEN_MINUTES })) <= 0;
      const from = isNear ? now.subtract({ hours: BACK_HOURS }) : start;
      const span = { from, to: start, desk };
      const turns = await within(db, office.id, (tx) => readTurns(tx, office.id, span));
      const own = turns.find((each) => each.id === id);
      const foreseen = isNear ? late(office, turns, now).find((each) => each.turn.id === id) : null;
      return worse(foreseen?.delay ?? null, own ? announcedDelay(own, now) : null);
    },

    tell: async () => doAll(await offices.list(), (office) => tellIn(deps, office)),
  };
}

async function tellIn(
  { db, clock, unit }: Pick<DelaysDeps, 'db' | 'clock' | 'unit'>,
  office: Office,
): Promise<number> {
  const now = clock.now();
  const from = now.subtract({ hours: BACK_HOURS });
  const to = now.add({ minutes: TOLD_BEFORE_MINUTES });
  const turns = await within(db, office.id, (tx) => readTurns(tx, office.id, { from, to }));
  const worth = late(office, turns, now).filter(({ turn, delay }) =>
    isToBeTold(turn, delay, office.timeZone, now),
  );
  return doAll(worth, ({ turn, delay }) =>
    unit(SYSTEM, office.id, (each) => tellTurn(each, office, turn, delay)),
  );
}

/** Tells the citizen of a turn, if meanwhile it has not begun, got another desk or been told by another worker. */
const tellTurn = (unit: Unit, office: Office, { id, desk }: Turn, delay: Delay): Promise<boolean> =>
  tellOne(unit, office, id, {
    minutes: delay.minutes,
    isDue: (turn) => turn.desk === desk && isToBeTold(turn, delay, office.timeZone, unit.now),
    isAnnounced: false,
  });

/** Those of these appointments, of any desks, that are likely to begin late. */
function late(office: Office, turns: readonly Turn[], now: Temporal.Instant) {
  const { attempts, notices } = office.settings;
  return [...Map.groupBy(turns, (each) => each.desk).values()].flatMap((desk) => {
    const expected = expectedStarts(desk, attempts.windowMinutes, now);
    return desk.flatMap((turn) => {
      const at = expected.get(turn.id);
      const delay = at && delayOf(turn.start, at, notices.lateMinutes);
      return delay ? [{ turn, delay }] : [];
    });
  });
}
