import type { Office } from '../../../../domain/office/types.ts';
import type { Report } from '../../../../features/service/cases/service.ts';
import { type Language, textIn } from '../../../../lib/i18n/languages.ts';
import { Key } from '../../key.tsx';
import type { CaseProps } from '../case.tsx';
import { actorIn, dayIn, dueIn, whenIn } from '../words.ts';

/** The names of offices by their ids. */
export type OfficeNames = ReadonlyMap<number, string>;

/** The reports that were asked for about a case, and the way to ask for one. */
export function ReportsPart(props: CaseProps & { offices: OfficeNames }) {
  const { visit, work, at } = props;
  const { t } = visit;
  if (work.reports.length === 0 && !work.mayAskReports) return null;
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{t('report.title')}</h2>
      {work.reports.length === 0 ? <p class="soft">{t('report.none')}</p> : null}
      {work.reports.map((each) => (
        <One key={each.id} {...props} of={each} />
      ))}
      {work.mayAskReports ? (
        <p>
          <a href={`${at}/reports`} data-action="askReport">
            {t('report.ask.link')}
          </a>{' '}
          <Key action="askReport" />
        </p>
      ) : null}
    </section>
  );
}

function One(props: CaseProps & { offices: OfficeNames; of: Report }) {
  const { visit, names, offices, of } = props;
  const { t } = visit;
  const who = (actor: string) => actorIn(visit, names, actor);
  const to = of.to.staff === null ? (offices.get(of.to.office) ?? '') : who(`staff:${of.to.staff}`);
  return (
    <article class="case-note">
      <p class="small soft">
        {t('report.of', { to, name: who(of.askedBy), when: whenIn(visit, of.askedAt) })}
      </p>
      <p class="said">{of.request.question}</p>
      {of.ended === null ? (
        <Open {...props} />
      ) : (
        <p class="small soft">
          {t(`report.ended.${of.ended.how}`, {
            name: who(of.ended.by),
            when: whenIn(visit, of.ended.at),
          })}
        </p>
      )}
      <Answer {...props} />
    </article>
  );
}

function Open({ visit, work, at, of }: CaseProps & { of: Report }) {
  const { t } = visit;
  const due = dueIn(visit, of.until);
  return (
    <>
      <p class="small">
        {t('report.due', { day: dayIn(visit, of.until) })} <span class="soft">({due.text})</span>
        {of.suspends ? ` ${t('report.suspends')}` : ''}
      </p>
      {work.mayAskReports ? (
        <form method="post" action={`${at}/reports/${of.id}/withdraw`}>
          <button type="submit" class="button quiet small">
            {t('report.withdraw')}
          </button>
        </form>
      ) : null}
    </>
  );
}

/** What was answered. */
export function Answer({ visit, of }: Pick<CaseProps, 'visit'> & { of: Report }) {
  const { t } = visit;
  const { answer, hash } = of;
  if (!answer) return null;
  return (
    <>
      {answer.opinion ? (
        <p>
          <strong>{t(`report.opinion.${answer.opinion}`)}</strong>
        </p>
      ) : null}
      <p class="said">{answer.text}</p>
      {hash ? (
        <p class="small soft">
          SHA-256 <code class="hash">{hash}</code>
        </p>
      ) : null}
    </>
  );
}

/** Returns the names of all offices of the town, in the reader's language. */
export const officeNames = (
  all: readonly Pick<Office, 'id' | 'name'>[],
  language: Language,
): OfficeNames => new Map(all.map(({ id, name }) => [id, textIn(name, language)]));
