import type { ReportRow } from '../../../../features/service/cases/service.ts';
import { Table, Tag } from '../../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { showListed } from '../listed/page.tsx';
import { dayIn, dueIn, whenIn } from '../words.ts';
import { type OfficeNames, officeNames } from './part.tsx';

/** `…/reports`: the reports that are asked of somebody, what is due first. */
export function reportsPage(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const { open, ended } = await deps.reports.asked(viewer, office);
    const offices = officeNames(await deps.offices.list(), t.language);
    const title = t('report.asked.title');
    const done = (['done', 'declined'] as const).find((each) => each === c.req.query('done'));
    return showListed(
      visit,
      { title, lead: t('report.asked.lead') },
      <>
        {done ? <p role="status">{t(`report.answer.${done}`)}</p> : null}
        {open.length === 0 ? (
          <p>{t('report.asked.none')}</p>
        ) : (
          <Open visit={visit} rows={open} offices={offices} />
        )}
        {ended.length === 0 ? null : <Ended visit={visit} rows={ended} offices={offices} />}
      </>,
    );
  };
}

interface Listed {
  visit: DeskVisit;
  rows: readonly ReportRow[];
  offices: OfficeNames;
}

/** The first columns of a list of requests. */
const columnsOf = ({ visit, offices }: Listed) => {
  const { t, base } = visit;
  return [
    {
      head: t('caseDesk.column.reference'),
      cell: ({ id, reference }: ReportRow) => (
        <a href={`${base}/reports/${id}`} class="figures">
          {reference}
        </a>
      ),
    },
    { head: t('report.column.from'), cell: (of: ReportRow) => offices.get(of.office) ?? '' },
    { head: t('report.column.askedAt'), cell: (of: ReportRow) => whenIn(visit, of.askedAt) },
  ];
};

function Open(props: Listed) {
  const { visit, rows } = props;
  const { t } = visit;
  const until = (of: ReportRow) => {
    const { text, kind } = dueIn(visit, of.until);
    return (
      <>
        {dayIn(visit, of.until)} {kind ? <Tag kind={kind}>{text}</Tag> : null}
      </>
    );
  };
  return (
    <Table
      caption={t('report.asked.open')}
      columns={[...columnsOf(props), { head: t('report.column.until'), cell: until }]}
      rows={rows}
      keyOf={({ id }) => id}
    />
  );
}

function Ended(props: Listed) {
  const { visit, rows } = props;
  const { t } = visit;
  const ending = ({ ended }: ReportRow) => (ended ? t(`report.ending.${ended.how}`) : '');
  return (
    <Table
      caption={t('report.asked.ended')}
      columns={[...columnsOf(props), { head: t('report.column.ending'), cell: ending }]}
      rows={rows}
      keyOf={({ id }) => id}
    />
  );
}
