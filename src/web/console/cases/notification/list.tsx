import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import { lastDayOf, sendBy } from '../../../../features/service/notifications/rules.ts';
import type { ToNotify } from '../../../../features/service/notifications/types.ts';
import { Table } from '../../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseColumns } from '../listed/columns.tsx';
import { showListed } from '../listed/page.tsx';
import { dayIn, whenIn } from '../words.ts';

/** `…/cases/notifications`: decisions that do not count as notified yet, those that the office notifies on paper first. */
export function toNotifyPage(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const found = await deps.notifications.toDo(viewer, office);
    if (!found) return c.notFound();
    const title = t('notification.desk.list');
    return showListed(
      visit,
      { title, lead: t('notification.desk.list.lead') },
      <>
        {found.shown.length === 0 ? (
          <p role="status">{t('notification.desk.list.none')}</p>
        ) : (
          <List visit={visit} found={found.shown} />
        )}
        {found.more > 0 ? <p>{t('notification.desk.more', { count: found.more })}</p> : null}
      </>,
    );
  };
}

function List({ visit, found }: { visit: DeskVisit; found: readonly ToNotify[] }) {
  const { t, office } = visit;
  const days = workingDaysOf(office.settings);
  const until = (of: ToNotify) => {
    const last = lastDayOf(of, office.timeZone) ?? sendBy(of, office.timeZone, days);
    return last ? dayIn(visit, last) : '';
  };
  return (
    <Table
      caption={t('notification.desk.list')}
      columns={[
        ...caseColumns<ToNotify>(visit, (of) => of.case),
        {
          head: t('notification.desk.column.way'),
          cell: (of) => t(`notification.desk.way.${of.via === 'enotum' ? of.via : of.way}`),
        },
        {
          head: t('caseDesk.column.state'),
          cell: (of) =>
            t(
              of.stopped
                ? `notification.desk.stopped.${of.stopped.state}`
                : of.isRefused
                  ? 'notification.desk.refused'
                  : `notification.state.${of.state}`,
            ),
        },
        { head: t('notification.desk.column.since'), cell: (of) => whenIn(visit, of.madeAt) },
        { head: t('notification.desk.column.until'), cell: until },
      ]}
      rows={found}
      keyOf={({ id }) => id}
    />
  );
}
