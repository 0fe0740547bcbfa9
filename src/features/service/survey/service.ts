import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { appendEvent } from '../../booking/appointments/service.ts';
import { mayAnswer } from './rules.ts';
import { keepAnswer } from './store.ts';
import type { SurveyAnswer } from './types.ts';
import { readAnswer } from './views.ts';

export { judgeComment } from './store.ts';

export interface Survey {
  /** Whether the citizen may (still) be asked. */
  isOpen(appointment: Appointment): boolean;
  find(appointment: Appointment): Promise<SurveyAnswer | null>;
  answer(
    appointment: Appointment,
    answer: SurveyAnswer,
  ): Promise<{ ok: true } | { ok: false; reason: 'not_open' }>;
}

export function createSurvey(deps: {
  db: Db;
  clock: Clock;
  /** Called after somebody answered this office. */
  notify(office: number): void;
}): Survey {
  const { db, clock, notify } = deps;
  return {
    isOpen: (appointment) => mayAnswer(appointment, clock.now()),
    find: (appointment) => within(db, appointment.office, (tx) => readAnswer(tx, appointment.id)),
    async answer(appointment, answer) {
      const now = clock.now();
      if (!mayAnswer(appointment, now)) return { ok: false, reason: 'not_open' };
      await within(db, appointment.office, async (tx) => {
        await keepAnswer(
          tx,
          { office: appointment.office, appointment: appointment.id },
          answer,
          now,
        );
        await appendEvent(tx, { appointment, kind: 'surveyed', actor: 'citizen', at: now });
      });
      notify(appointment.office);
      return { ok: true };
    },
  };
}
