import type { ArchivePage } from '../../../../features/service/cases/service.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Table } from '../../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseColumns } from '../listed/columns.tsx';
import { showListed } from '../listed/page.tsx';
import { dayIn, whenIn } from '../words.ts';
import { ForGood } from './packages.tsx';

/** `…/cases/archive`: what is going to be destroyed soon, and the register of what was. */
export function archivePage(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const page = await deps.archive.page(viewer, office);
    if (!page) return c.notFound();
    const due = await deps.packages.due(viewer, office);
    const title = t('archive.title');
    return showListed(
      visit,
      { title, lead: t('archive.lead') },
      <>
        <Ending visit={visit} page={page} />
        <Destroyed visit={visit} page={page} />
        <ForGood visit={visit} due={due} />
      </>,
    );
  };
}

interface Props {
  visit: DeskVisit;
  page: ArchivePage;
}

type EndingCase = ArchivePage['ending'][number];

function Ending({ visit, page: { ending, moreEnding } }: Props) {
  const { t } = visit;
  if (ending.length === 0) return <p role="status">{t('archive.ending.none')}</p>;
  return (
    <>
      <Table
        caption={t('archive.ending')}
        columns={[
          ...caseColumns<EndingCase>(visit, ({ id }) => id),
          { head: t('caseDesk.column.closed'), cell: (of) => whenIn(visit, of.closedAt) },
          { head: t('archive.column.until'), cell: (of) => dayIn(visit, of.until) },
          {
            head: t('archive.column.then'),
            cell: (of) => t(of.stays ? `archive.stays.${of.stays}` : 'archive.ends'),
          },
        ]}
        rows={ending}
        keyOf={({ id }) => id}
      />
      {moreEnding > 0 ? <p>{t('archive.more', { count: moreEnding })}</p> : null}
    </>
  );
}

function Destroyed({ visit, page: { destroyed, moreDestroyed } }: Props) {
  const { t, office } = visit;
  if (destroyed.length === 0) return <p>{t('archive.destroyed.none')}</p>;
  return (
    <>
      <Table
        caption={t('archive.destroyed')}
        wide="destroyed"
        columns={[
          {
            head: t('caseDesk.column.reference'),
            cell: ({ reference }) => <span class="figures">{reference}</span>,
          },
          {
            head: t('caseDesk.column.procedure'),
            cell: ({ procedure }) => textIn(office.procedure(procedure)?.name, t.language),
          },
          { head: t('archive.column.schedule'), cell: ({ schedule }) => schedule ?? '–' },
          { head: t('caseDesk.column.handedIn'), cell: (of) => whenIn(visit, of.handedInAt) },
          { head: t('caseDesk.column.closed'), cell: (of) => whenIn(visit, of.closedAt) },
          { head: t('archive.column.destroyed'), cell: (of) => whenIn(visit, of.destroyedAt) },
        ]}
        rows={destroyed}
        keyOf={({ reference }) => reference}
      />
      {moreDestroyed > 0 ? <p>{t('archive.more', { count: moreDestroyed })}</p> : null}
    </>
  );
}
