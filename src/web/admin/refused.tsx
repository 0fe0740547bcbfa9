import type { Declaration, Edited, Stranded } from '../../features/booking/administration/types.ts';
import type { Finding } from '../../formats/town-file/reading/check.ts';
import type { MessageKey, Translate } from '../../lib/i18n/translate.ts';
import { ErrorSummary, Notice, type ProblemLink, Table } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { adminBase, pageForMending, placeName } from './places.ts';

/** The appointments that block a change. */
export function Stranding({
  visit,
  stranded,
}: {
  visit: DeskVisit;
  stranded: readonly Stranded[];
}) {
  const { t, base, dates, office } = visit;
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
            cell: (row) => office.desks.find((each) => each.code === row.desk)?.name ?? row.desk,
          },
        ]}
        rows={stranded}
        keyOf={(row) => row.reference}
      />
      <Notice>{t('admin.stranded.how')}</Notice>
    </div>
  );
}

/** Returns the description of a mistake, in the reader's language where it is translated. */
export const formatFinding = (t: Translate, { slip, message }: Finding): string =>
  slip ? t(`admin.slip.${slip.kind}`, slip.values) : message;

/** Returns the mistakes that are corrected on other pages, each with its page. */
export function mendedElsewhere(
  visit: DeskVisit,
  declaration: Declaration,
  findings: readonly Finding[],
): ProblemLink[] {
  const problems = findings.map((each) => ({
    href: `${adminBase(visit)}/${pageForMending(each)}`,
    text: `${placeName(visit, declaration, each)}: ${formatFinding(visit.t, each)}`,
  }));
  return [...new Map(problems.map((each) => [each.text, each])).values()];
}

/**
 * Says why a list wasn't changed: the appointments that block it, or its mistakes. `hrefOf`: the page of
 * a correction; `of`: the
 * part of the office that a mistake is about, where its words don't say.
 */
export function ListRefusal(props: {
  visit: DeskVisit;
  refusal: Exclude<Edited, { ok: true }> | undefined;
  hrefOf: (finding: Finding) => string;
  of?: (finding: Finding) => string;
}) {
  const { visit, refusal, hrefOf, of = () => '' } = props;
  const { t } = visit;
  const wrong = refusal?.reason === 'mistakes' ? refusal.findings : [];
  return (
    <>
      {refusal?.reason === 'appointments_without_desk' ? (
        <Stranding visit={visit} stranded={refusal.stranded} />
      ) : null}
      <ErrorSummary
        title={t('people.wrong.title')}
        problems={wrong.map((each) => ({
          href: hrefOf(each),
          text: [of(each), formatFinding(t, each)].filter(Boolean).join(': '),
        }))}
      />
    </>
  );
}

/** Why several changes at once are not saved. `not_found` and `shorter` have answers of their own. */
export type RefusedAtOnce = Exclude<
  Edited,
  { ok: true } | { reason: 'not_found' } | { reason: 'shorter' }
>;

/** Says why nothing of several changes was saved. `changed`: the words for what somebody else saved meanwhile. */
export function RefusedChanges(props: {
  visit: DeskVisit;
  declaration: Declaration;
  refusal: RefusedAtOnce | undefined;
  changed: MessageKey;
}) {
  const { visit, declaration, refusal, changed } = props;
  if (refusal?.reason === 'changed')
    return (
      <div class="errors" role="alert" tabIndex={-1} autofocus>
        <h2>{visit.t('admin.clash.title')}</h2>
        <p>{visit.t(changed)}</p>
      </div>
    );
  return (
    <ListRefusal
      visit={visit}
      refusal={refusal}
      hrefOf={(finding) => `${adminBase(visit)}/${pageForMending(finding) ?? ''}`}
      of={(finding) => placeName(visit, declaration, finding)}
    />
  );
}
