import type { AppointmentEvent } from '../../../domain/appointment.ts';
import type { AppointmentVisit } from '../visit.tsx';

const CHANGES: ReadonlySet<string> = new Set(['moved', 'contact_changed', 'cancelled']);

const COMPANY = ['invited', 'uninvited', 'admitted'] as const;

/** The booking, the last change, and the last event with a companion. */
export function History(props: { visit: AppointmentVisit; events: readonly AppointmentEvent[] }) {
  const { t, dates, appointment } = props.visit;
  const changed = props.events.findLast((each) => CHANGES.has(each.kind))?.at;
  const company = props.events.findLast((each) => COMPANY.some((kind) => kind === each.kind));
  const along = COMPANY.find((each) => each === company?.kind);
  return (
    <p class="soft small">
      {t('manage.history.booked', { day: dates.shortDay(appointment.createdAt) })}
      {changed
        ? ` ${t('manage.history.changed', { day: dates.shortDay(changed), time: dates.time(changed) })}`
        : null}
      {along && company
        ? ` ${t(`companions.history.${along}`, { day: dates.shortDay(company.at), time: dates.time(company.at) })}`
        : null}
    </p>
  );
}
