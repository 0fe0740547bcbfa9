import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { appendEvent } from '../../booking/appointments/service.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { findEncounter } from '../encounter/views.ts';
import { mayAnswer } from './rules.ts';
import { keepAnswer } from './store.ts';
import type { SurveyAnswer } from './types.ts';
import { readAnswer } from './views.ts';

export { judgeComment, keepAnswerOfRequest, keepEncounterAnswer } from './store.ts';
export { readAnswerOfRequest as answerOfRequest } from './views.ts';

export interface Survey {
  /** Whether the citizen may (still) be asked. */
  isOpen(appointment: Appointment): boolean;
  find(appointment: Appointment): Promise<SurveyAnswer | null>;
  answer(
    appointment: Appointment,
    answer: SurveyAnswer,
  ): Promise<{ ok: true } | { ok: false; reason: 'not_open' }>;
}

export function createSurvey(deps: { db: Db; clock: Clock; unit: RunUnit }): Survey {
  const { db, clock } = deps;
  return {
    isOpen: (appointment) => mayAnswer(appointment, clock.now()),
    find: (appointment) => within(db, appointment.office, (tx) => readAnswer(tx, appointment.id)),
    async answer(appointment, answer) {
      const { id, office } = appointment;
      if (!mayAnswer(appointment, clock.now())) return { ok: false, reason: 'not_open' };
      await deps.unit({ kind: 'citizen', appointment: id }, office, async (unit) => {
        const encounter = await findEncounter(unit.tx, id);
        await keepAnswer(unit.tx, { office, appointment: id, encounter }, answer, unit.now);
        await appendEvent(unit, { appointment, kind: 'surveyed' });
      });
      return { ok: true };
    },
  };
}
