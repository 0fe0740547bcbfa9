import type { Answers } from '../../../../features/booking/journeys/types.ts';
import { Notice } from '../../../../ui/parts.tsx';
import { textOf } from '../../booking/answers.ts';
import type { ProcedureVisit } from '../../visit.tsx';

/** The parameter, and the answer of a booking, that says which case the appointment is about. */
export const ABOUT = 'about';

/** As `cases.aboutOf` writes it. */
const WRITTEN = /^[0-9a-f-]{36}\.[\w-]{32}$/;

const valid = (text: string): string | null => (WRITTEN.test(text) ? text : null);

/** Returns what the address of a page before the booking says of a case; null: nothing. */
export const aboutIn = ({ c }: Pick<ProcedureVisit, 'c'>): string | null =>
  valid(c.req.query(ABOUT) ?? '');

/** Returns the same of the answers of a booking. */
export const aboutInAnswers = (answers: Answers): string | null => valid(textOf(answers, ABOUT));

/** Returns what the next address keeps of it. */
export function aboutQuery(visit: Pick<ProcedureVisit, 'c'>): { about?: string } {
  const about = aboutIn(visit);
  return about ? { [ABOUT]: about } : {};
}

/** Keeps it in a form. */
export function CarriedCase({ visit }: { visit: Pick<ProcedureVisit, 'c'> }) {
  const about = aboutIn(visit);
  return about ? <input type="hidden" name={ABOUT} value={about} /> : null;
}

/** Tells, before the booking, that it will be about the case from which somebody comes. */
export function AboutCase({ visit }: { visit: Pick<ProcedureVisit, 'c' | 't'> }) {
  if (!aboutIn(visit)) return null;
  return (
    <Notice>
      <p>{visit.t('talking.about')}</p>
    </Notice>
  );
}
