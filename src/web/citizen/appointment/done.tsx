import { Notice } from '../../../ui/parts.tsx';
import { Phone } from '../shared.tsx';
import type { AppointmentVisit } from '../visit.tsx';
import { standing } from './card.tsx';

const DONE = ['moved', 'contact', 'confirmed', 'cancelled', 'too_late'] as const;
/** What a form has just done, carried in the address of the page that it leads to, since nothing is kept in browsers. */
export type Done = (typeof DONE)[number];

/** To the appointment's page, which says what was done. */
export const afterDoing = (
  { redirect, to, secret }: Pick<AppointmentVisit, 'redirect' | 'to' | 'secret'>,
  done: Done,
): Response => redirect(`${to.appointment(secret)}?done=${done}`);

/** What was just done, if it is still so: an address may be opened again later. */
function doneOf(visit: AppointmentVisit): Done | undefined {
  const done = DONE.find((each) => each === visit.c.req.query('done'));
  const stands = standing(visit);
  switch (done) {
    case 'moved':
      return stands === 'coming' ? done : undefined;
    case 'confirmed':
      return done;
    case 'contact': // who couldn't be called changes it after the hour, too
      return stands === 'coming' || stands === 'due' || stands === 'late' ? done : undefined;
    case 'cancelled':
      return stands === 'cancelled' ? done : undefined;
    case 'too_late':
      return stands === 'coming' || stands === 'forgotten' ? undefined : done;
    default:
      return undefined;
  }
}

/** Says what a form has just done. It takes the focus, so that it is read out first. */
export function SayDone({ visit }: { visit: AppointmentVisit }) {
  const { t, dates, office, appointment } = visit;
  const done = doneOf(visit);
  if (!done) return null;
  const { start } = appointment;
  const phone = office.settings.contact?.phone;
  const when = { day: dates.day(start), time: dates.time(start) };
  return (
    <div class="no-print" role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind={done === 'too_late' ? 'warn' : 'good'}>
        <p>{done === 'moved' ? t('manage.done.moved', when) : t(`manage.done.${done}`)}</p>
        {done === 'too_late' && phone ? (
          <p>
            {t('manage.trouble')} <Phone number={phone} />
          </p>
        ) : null}
      </Notice>
    </div>
  );
}
