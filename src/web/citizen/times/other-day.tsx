import { Button } from '../../../ui/buttons.tsx';
import { DateInput } from '../../../ui/forms.tsx';
import { Reach } from '../reaching.tsx';
import type { ProcedureVisit } from '../visit.tsx';
import { lastDay } from './days.ts';
import type { TimePage } from './time-page.ts';
import type { Wanted } from './wanted.ts';

/** A field for a typed day. */
export function OtherDay(props: { visit: ProcedureVisit; page: TimePage; wanted: Wanted }) {
  const { visit, page, wanted } = props;
  const { t, dates, office, now } = visit;
  const last = lastDay(office, now).toZonedDateTime(office.timeZone).toInstant();
  const kept = { ...page.keep, ...(wanted.part && { part: wanted.part }) };
  return (
    <section class="stack" aria-labelledby="other-day">
      <h2 id="other-day">{t('citizen.times.otherDay')}</h2>
      <form class="form" action={page.path} method="get">
        {Object.entries(kept).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <DateInput
          name="on"
          label={t('citizen.times.from')}
          hint={t('citizen.times.until', { day: dates.longDay(last) })}
          error={wanted.mistake ? t(`citizen.times.day.${wanted.mistake}`) : undefined}
          value={wanted.typed}
          labels={{
            day: t('common.date.day'),
            month: t('common.date.month'),
            year: t('common.date.year'),
          }}
        />
        <Button kind="quiet">{t('citizen.times.see')}</Button>
      </form>
    </section>
  );
}

/** The other options: the wait list, the telephone, walking in. */
export function NothingSuits(props: { visit: ProcedureVisit; waiting: string | undefined }) {
  const { t, office, procedure, to } = props.visit;
  return (
    <section class="stack" aria-labelledby="nothing">
      <h2 id="nothing">{t('citizen.times.nothing')}</h2>
      {props.waiting ? (
        <p>
          {t('times.waiting.text')} <a href={props.waiting}>{t('times.waiting.link')}</a>
        </p>
      ) : null}
      <Reach visit={props.visit} lead={t('citizen.times.callUs')} />
      <p>{t('citizen.walkIn.text')}</p>
      <p>
        <a href={`${to.procedure(office.code, procedure.code)}#walk-in`}>
          {t('citizen.times.where')}
        </a>
      </p>
    </section>
  );
}
