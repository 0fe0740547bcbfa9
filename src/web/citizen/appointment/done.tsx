import { Notice } from '../../../ui/parts.tsx';
import { Reach } from '../reaching.tsx';
import type { AppointmentVisit } from '../visit.tsx';
import { standing } from './card.tsx';

const DONE = ['moved', 'contact', 'notices', 'confirmed', 'cancelled', 'too_late'] as const;
/** The result of a form, carried in the address of the next page, since browsers keep nothing. */
export type Done = (typeof DONE)[number];

/** Redirects to the appointment's page, which shows the result. */
export const afterDoing = (
  { redirect, to, secret }: Pick<AppointmentVisit, 'redirect' | 'to' | 'secret'>,
  done: Done,
): Response => redirect(`${to.appointment(secret)}?done=${done}`);

/** Returns the result of the last form, if it still holds: an address may be opened again later. */
function doneOf(visit: AppointmentVisit): Done | undefined {
  const done = DONE.find((each) => each === visit.c.req.query('done'));
  const stands = standing(visit);
  switch (done) {
    case 'moved':
      return stands === 'coming' ? done : undefined;
    case 'confirmed':
      return done;
    case 'notices':
    case 'contact': // a citizen with a wrong number changes it after the hour, too
      return stands === 'coming' || stands === 'due' || stands === 'late' ? done : undefined;
    case 'cancelled':
      return stands === 'cancelled' ? done : undefined;
    case 'too_late':
      return stands === 'coming' || stands === 'forgotten' ? undefined : done;
    default:
      return undefined;
  }
}

/** Shows the result of a form. It takes the focus, so that screen readers read it first. */
export function SayDone({ visit }: { visit: AppointmentVisit }) {
  const { t, dates, appointment } = visit;
  const done = doneOf(visit);
  if (!done) return null;
  const { start } = appointment;
  const when = { day: dates.day(start), time: dates.time(start) };
  return (
    <div class="no-print" role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind={done === 'too_late' ? 'warn' : 'good'}>
        <p>{done === 'moved' ? t('manage.done.moved', when) : t(`manage.done.${done}`)}</p>
        {done === 'too_late' ? <Reach visit={visit} lead={t('manage.trouble')} /> : null}
      </Notice>
    </div>
  );
}
