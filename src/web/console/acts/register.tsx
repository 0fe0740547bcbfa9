import { holdsOn } from '../../../features/service/consent/rules.ts';
import { mayCoordinate } from '../../../features/service/coordination/rules.ts';
import { BackLink, Table, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';

/**
 * `/console/{office}/register`: the officials who may carry out acts for citizens (Ley 39/2015, art.
 * 12.3), for coordinators.
 */
export function registerPage(visit: DeskVisit): Response | Promise<Response> {
  const { c, t, viewer, office, base, dates, now } = visit;
  if (!mayCoordinate(viewer)) return c.notFound();
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const say = (day: string) =>
    dates.shortDay(Temporal.PlainDate.from(day).toZonedDateTime(office.timeZone).toInstant());
  const title = t('acts.register.title');
  const rows = office.settings.habilitated;
  return visit.show(
    { title },
    <>
      <BackLink href={`${base}/audit`}>{t('staff.place.audit')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('acts.register.lead')}</p>
      {rows.length === 0 ? <p role="status">{t('acts.register.none')}</p> : null}
      {rows.length > 0 ? (
        <Table
          caption={title}
          wide="register"
          rows={rows}
          keyOf={(each) => `${each.email} ${each.since}`}
          columns={[
            { head: t('acts.register.name'), cell: (each) => each.name },
            { head: t('acts.register.post'), cell: (each) => each.post },
            { head: t('acts.register.order'), cell: (each) => each.order },
            { head: t('acts.register.since'), cell: (each) => say(each.since) },
            {
              head: t('acts.register.until'),
              cell: (each) => (each.until ? say(each.until) : t('acts.register.open')),
            },
            {
              head: t('acts.register.now'),
              cell: (each) =>
                holdsOn(each, today) ? (
                  <Tag kind="good">{t('acts.register.holds')}</Tag>
                ) : (
                  <span class="nowrap">
                    <Tag kind="plain">{t('acts.register.over')}</Tag>
                  </span>
                ),
            },
          ]}
        />
      ) : null}
    </>,
  );
}
