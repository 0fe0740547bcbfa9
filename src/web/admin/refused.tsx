import { changesBetween } from '../../features/town-file/rules.ts';
import type { Stranded } from '../../features/town-file/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Notice, Table } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import type { Value } from './types.ts';

/** Somebody else was quicker: what is written now, and what this form would make of it. */
export function Clash({ t, now, typed }: { t: Translate; now: Value; typed: Value }) {
  return (
    <div class="errors" role="alert" tabIndex={-1} autofocus>
      <h2>{t('admin.clash.title')}</h2>
      <p>{t('admin.clash.text')}</p>
      <Table
        caption={t('admin.clash.caption')}
        columns={[
          { head: t('admin.clash.where'), cell: (row) => <code>{row.path}</code> },
          { head: t('admin.clash.now'), cell: (row) => said(row.from) },
          { head: t('admin.clash.yours'), cell: (row) => said(row.to) },
        ]}
        rows={changesBetween(now, typed)}
        keyOf={(row) => row.path}
      />
    </div>
  );
}

const said = (value: unknown): string => {
  if (value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** The appointments that stand against a change. */
export function Stranding({
  visit,
  stranded,
}: {
  visit: DeskVisit;
  stranded: readonly Stranded[];
}) {
  const { t, base, dates, body } = visit;
  return (
    <div class="errors" role="alert" tabIndex={-1} autofocus>
      <h2>{t('admin.stranded.title', { count: stranded.length })}</h2>
      <p>{t('admin.stranded.text')}</p>
      <Table
        caption={t('admin.stranded.caption')}
        columns={[
          {
            head: t('audit.column.appointment'),
            cell: (row) => (
              <a href={`${base}/search?q=${row.reference}`} class="figures nowrap">
                {row.reference}
              </a>
            ),
          },
          {
            head: t('admin.stranded.when'),
            cell: (row) => `${dates.day(row.starts)}, ${dates.time(row.starts)}`,
          },
          {
            head: t('admin.stranded.desk'),
            cell: (row) => body.agents.find((each) => each.code === row.agent)?.name ?? row.agent,
          },
        ]}
        rows={stranded}
        keyOf={(row) => row.reference}
      />
      <Notice>{t('admin.stranded.how')}</Notice>
    </div>
  );
}
