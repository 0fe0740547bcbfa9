import {
  isOwnRequest,
  OPINIONS,
  REPORT_LENGTH,
  type ReportToAnswer,
} from '../../../../features/service/cases/service.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Radios, TextArea } from '../../../../ui/forms.tsx';
import type { DeskVisit } from '../../visit.tsx';
import { StepPart } from '../answers.tsx';
import { actorIn, dayIn, dueIn, type Names, whenIn } from '../words.ts';
import { Answer } from './part.tsx';

export type Field = 'opinion' | 'text' | 'reason';

/** What was typed, and what is wrong with it. */
export interface Typed extends Record<Field, string> {
  error?: { field: Field; text: string };
  /** The request has ended meanwhile. */
  isGone?: boolean;
}

interface Props {
  visit: DeskVisit;
  found: ReportToAnswer;
}

/** What is asked, what of the case is shown for it, and how the request ended. */
export function Asked({ visit, found, names }: Props & { names: Names }) {
  const { t } = visit;
  const { report, from, isOpen } = found;
  const due = dueIn(visit, report.until);
  return (
    <>
      <p>
        {textIn(from.procedure(report.procedure)?.name, t.language)}.{' '}
        {t('report.answer.from', {
          name: actorIn(visit, names, report.askedBy),
          office: textIn(from.name, t.language),
          when: whenIn(visit, report.askedAt),
        })}
      </p>
      {isOpen ? (
        <p>
          <strong>{t('report.due', { day: dayIn(visit, report.until) })}</strong>{' '}
          <span class="soft">({due.text})</span>
        </p>
      ) : null}
      <section aria-labelledby="report-asked">
        <h2 id="report-asked">{t('report.answer.question')}</h2>
        <p class="said">{report.request.question}</p>
      </section>
      {isOpen ? <Shown visit={visit} found={found} names={names} /> : null}
      {report.ended ? (
        <section aria-labelledby="answered">
          <h2 id="answered">{t(`report.ending.${report.ended.how}`)}</h2>
          <p class="small soft">
            {t(`report.ended.${report.ended.how}`, {
              name: actorIn(visit, names, report.ended.by),
              when: whenIn(visit, report.ended.at),
            })}
          </p>
          <Answer visit={visit} of={report} />
        </section>
      ) : null}
    </>
  );
}

/** What of the case is shown for a report. */
function Shown({ visit, found, names }: Props & { names: Names }) {
  const { t, base } = visit;
  const { report, steps, papers, person, form } = found;
  return (
    <section class="stack" aria-labelledby="shown">
      <h2 id="shown">{t('report.answer.shown')}</h2>
      {steps.length === 0 && person === null ? <p>{t('report.answer.shown.none')}</p> : null}
      {person ? <p>{t('report.answer.person', { name: person })}</p> : null}
      {steps.map((each) => (
        <StepPart
          key={each.step.id}
          visit={visit}
          form={form}
          names={names}
          papers={papers}
          at={`${base}/reports/${report.id}`}
          releases={false}
          hands={{}}
          of={each}
        />
      ))}
    </section>
  );
}

/** Where the report is written, or sent back. Whoever asked for it gives none. */
export function Given({ visit, found, typed }: Props & { typed: Typed }) {
  const { t, base, viewer } = visit;
  const { report } = found;
  const action = `${base}/reports/${report.id}`;
  const { error } = typed;
  const errorAt = (field: Field) => (error?.field === field ? error.text : undefined);
  if (isOwnRequest(viewer, report)) return <p>{t('report.answer.own')}</p>;
  return (
    <>
      <form method="post" action={action} class="form" novalidate>
        <Radios
          name="opinion"
          label={t('report.opinion')}
          value={typed.opinion}
          error={errorAt('opinion')}
          options={OPINIONS.map((each) => ({ value: each, label: t(`report.opinion.${each}`) }))}
        />
        <TextArea
          name="text"
          label={t('report.answer.text')}
          hint={t('report.answer.hint')}
          value={typed.text}
          error={errorAt('text')}
          maxLength={REPORT_LENGTH}
          rows={10}
        />
        <p>
          <button type="submit" class="button" id="action" name="act" value="give">
            {t('report.answer.button')}
          </button>
        </p>
      </form>
      <details open={errorAt('reason') !== undefined}>
        <summary>{t('report.answer.decline')}</summary>
        <form method="post" action={action} class="form" novalidate>
          <TextArea
            name="reason"
            label={t('report.answer.decline.reason')}
            hint={t('report.answer.decline.text')}
            value={typed.reason}
            error={errorAt('reason')}
            maxLength={REPORT_LENGTH}
          />
          <p>
            <button type="submit" class="button quiet" name="act" value="decline">
              {t('report.answer.decline.button')}
            </button>
          </p>
        </form>
      </details>
    </>
  );
}
