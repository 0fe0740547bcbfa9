import {
  OPINIONS,
  REPORT_LENGTH,
  type ReportToAnswer,
} from '../../../../features/service/cases/service.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { staffIn } from '../../../../lib/viewer.ts';
import { BackLink, ErrorSummary } from '../../../../ui/parts.tsx';
import { sendFile } from '../../../files/served.ts';
import { type Form, readForm } from '../../../form.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { Kept } from '../kept.tsx';
import type { Names } from '../words.ts';
import { Asked, type Field, Given, type Typed } from './request.tsx';

const NOTHING: Typed = { opinion: '', text: '', reason: '' };

/** `…/reports/{id}`: gives a report that is asked for, or sends the request back. */
export function answerReportPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed: Typed = NOTHING) => {
    const { c, t, viewer, base } = visit;
    const found = await deps.reports.read(viewer, c.req.param('report') ?? '', t.language);
    if (!found) return c.notFound();
    const { report, isOpen } = found;
    const title = t('report.answer.title', { reference: report.reference });
    const { error } = typed;
    const problems = error ? [{ href: `#${error.field}`, text: error.text }] : [];
    const words = [typed.text, typed.reason].filter((each) => each !== '');
    return visit.show(
      {
        title,
        ...(error && { status: 422, hasErrors: true }),
        ...(typed.isGone && { status: 409 }),
      },
      <div class="case">
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={`${base}/reports`}>{t('report.asked.title')}</BackLink>
        <h1>{title}</h1>
        {typed.isGone ? (
          <>
            <p role="status">{t('report.answer.gone')}</p>
            <Kept words={words.map((text) => ({ label: t('report.answer.text'), text }))} t={t} />
          </>
        ) : null}
        <Asked visit={visit} found={found} names={await namesOf(deps, found)} />
        {isOpen ? <Given visit={visit} found={found} typed={typed} /> : null}
      </div>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, t, viewer, base } = visit;
      const { typed, declines } = typedIn(await readForm(c));
      const opinion = declines ? null : OPINIONS.find((each) => each === typed.opinion);
      const field = declines ? 'reason' : 'text';
      const wrong = (at: Field, text: string) =>
        show(visit, { ...typed, error: { field: at, text } });
      if (opinion === undefined) return wrong('opinion', t('report.answer.opinion'));
      const id = c.req.param('report') ?? '';
      const done = await deps.reports.answer(viewer, id, { opinion, text: typed[field] });
      if (done.ok) return visit.redirect(`${base}/reports?done=${declines ? 'declined' : 'done'}`);
      if (done.reason === 'not_found') return c.notFound();
      if (done.reason === 'ended') return show(visit, { ...typed, isGone: true });
      return wrong(field, refusalIn(done.reason, { declines, t }));
    },
  };
}

const typedIn = (form: Form): { typed: Typed; declines: boolean } => ({
  typed: {
    opinion: form.text('opinion'),
    text: form.lines('text'),
    reason: form.lines('reason'),
  },
  declines: form.text('act') === 'decline',
});

/** Returns why an answer was refused, in words. */
function refusalIn(
  reason: 'own' | 'empty' | 'long',
  { declines, t }: { declines: boolean; t: Translate },
): string {
  if (reason === 'long') return t('report.answer.long', { max: REPORT_LENGTH });
  if (reason === 'own') return t('report.answer.own');
  return t(declines ? 'report.answer.reason' : 'report.answer.empty');
}

/** Returns the names of the staff in a request. */
const namesOf = ({ staff }: StaffDeps, { report }: ReportToAnswer): Promise<Names> =>
  staff.namesOf([report.askedBy, report.ended?.by ?? ''].flatMap((each) => staffIn(each) ?? []));

/** `…/reports/{id}/papers/{document}`: downloads a file that is shown for a report. */
export const reportPaper =
  ({ reports }: Pick<StaffDeps, 'reports'>) =>
  async ({ c, viewer }: DeskVisit): Promise<Response> => {
    const { report = '', shown = '' } = c.req.param() as Record<string, string>;
    const opened = await reports.openPaper(viewer, report, shown);
    return opened ? sendFile(c, opened) : c.notFound();
  };
