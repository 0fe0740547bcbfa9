import type { Answers } from '../../../../features/booking/journeys/types.ts';
import type { Case } from '../../../../features/service/cases/types.ts';
import { Notice } from '../../../../ui/parts.tsx';
import { textOf } from '../../booking/answers.ts';
import { applicantOf, type CitizenDeps, type ProcedureVisit } from '../../visit.tsx';

/** The parameter, and the answer of a booking, that says which case the appointment is about. */
export const ABOUT = 'about';

/** The parameter of the page of a booking that could not be tied to the case that it should be about. */
export const UNTIED = 'untied';

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

/**
 * How a booking about a case stands: `case`: the one that it is about; `lost`: it began from one that whoever books may not open any more, since their
 * identification has ended, its link was changed, or the address was made up. Null: it is about none.
 */
export type AboutStands = { case: Case } | 'lost' | null;

/** Returns how a booking with such a text about a case stands. */
export async function aboutStands(
  { cases }: Pick<CitizenDeps, 'cases'>,
  { office, session, acting }: Pick<ProcedureVisit, 'office' | 'session' | 'acting'>,
  about: string | null,
): Promise<AboutStands> {
  if (!about) return null;
  const { identified } = applicantOf('', session, acting);
  const found = await cases.ofAbout(office, about, identified);
  return found ? { case: found } : 'lost';
}

/** Tells, before the booking, that it will be about the case from which somebody comes, or that it can't be. */
export function AboutCase({
  visit: { t, to, c },
  stands,
}: {
  visit: Pick<ProcedureVisit, 'c' | 't' | 'to'>;
  stands: AboutStands;
}) {
  if (!stands) return null;
  if (stands !== 'lost')
    return (
      <Notice>
        <p>{t('talking.about')}</p>
      </Notice>
    );
  const { pathname, search } = new URL(c.req.url);
  return (
    <Notice kind="warn">
      <p>{t('talking.lost')}</p>
      <p>
        <a href={to.identify({ next: `${pathname}${search}` })}>{t('talking.identify')}</a>
      </p>
    </Notice>
  );
}

/** Tells, after a booking or once somebody waits, that it is not about the case from which they came. */
export const Untied = (props: { visit: Pick<ProcedureVisit, 'c' | 't'>; isWaiting?: boolean }) =>
  props.visit.c.req.query(UNTIED) === undefined ? null : (
    <Notice kind="warn">
      <p role="status">
        {props.visit.t(props.isWaiting ? 'talking.untied.waiting' : 'talking.untied')}
      </p>
    </Notice>
  );
