import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { standingOf } from '../presence/rules.ts';
import { readDesk } from '../presence/views.ts';
import { placeInLine } from './line-rules.ts';
import type { PlaceInLine } from './types.ts';
import { readTurns } from './views.ts';

/** Where somebody who waits stands in the line of their desk. */
export interface Line {
  /** Returns the place of an appointment whose hour is near; null: it has begun or ended, or its hour is too far away to say. */
  place(office: Office, appointment: Appointment): Promise<PlaceInLine | null>;
}

/** Appointments that began earlier than so many hours ago are of another shift. */
const BACK_HOURS = 12;

export const createLine = ({ db, clock }: { db: Db; clock: Clock }): Line => ({
  place: (office, { id, desk, start }) =>
    within(db, office.id, async (tx) => {
      const now = clock.now();
      const span = { from: now.subtract({ hours: BACK_HOURS }), to: start, desk };
      const turns = await readTurns(tx, office.id, span);
      const found = await readDesk(tx, desk);
      const state = found && standingOf(found.signs, office.settings.board, now).state;
      const { windowMinutes } = office.settings.attempts;
      return placeInLine(turns, id, {
        isAway: state === 'away' || state === 'break',
        windowMinutes,
        now,
      });
    }),
});
