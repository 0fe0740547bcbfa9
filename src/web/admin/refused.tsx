import type { Edited, Finding, Stranded } from '../../features/town-file/types.ts';
import { ErrorSummary, Notice, Table } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';

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

/**
 * Why a list stays as it was: who stands against it, or what would be wrong. `href`: where that is mended; `of`: what of the
 * body a mistake is about, where its words don't say.
 */
export function ListRefusal(props: {
  visit: DeskVisit;
  refusal: Exclude<Edited, { ok: true }> | undefined;
  href: string;
  of?: (finding: Finding) => string;
}) {
  const { visit, refusal, href, of = () => '' } = props;
  const { t } = visit;
  const wrong = refusal?.reason === 'mistakes' ? refusal.findings : [];
  return (
    <>
      {refusal?.reason === 'appointments_without_agent' ? (
        <Stranding visit={visit} stranded={refusal.stranded} />
      ) : null}
      <ErrorSummary
        title={t('people.wrong.title')}
        problems={wrong.map((each) => {
          const text = each.slip
            ? t(`admin.slip.${each.slip.kind}`, each.slip.values)
            : each.message;
          return { href, text: [of(each), text].filter(Boolean).join(': ') };
        })}
      />
    </>
  );
}
