import { POINT_LENGTH } from '../../../features/service/cases/service.ts';
import { SelectField, TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type CaseProps, caseAt, readWork } from './case.tsx';
import { Sending } from './listed/sending.tsx';
import { dayIn } from './words.ts';

interface Typed {
  days: number;
  reason: string;
  error?: string;
  isChanged?: boolean;
}

/** `…/extend`: gives more time to amend, once, for a reason. */
export function extendPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, typed?: Typed) => {
    const props = await readWork(deps, visit);
    if (!props) return visit.c.notFound();
    const { t } = visit;
    const { work, at } = props;
    const [open] = work.amendments;
    if (work.mostMore === 0 || !open) return visit.redirect(at);
    const title = t('caseDesk.extend.title');
    const problems = typed?.error ? [{ href: '#reason', text: typed.error }] : [];
    return visit.show(
      {
        title,
        ...(typed?.error && { status: 422, hasErrors: true }),
        ...(typed?.isChanged && { status: 409 }),
      },
      <>
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">
          {t('caseDesk.extend.lead', { day: dayIn(visit, open.until), most: work.mostMore })}
        </p>
        {typed?.isChanged ? (
          <Notice kind="warn">
            <p>{t('caseDesk.changed.typed')}</p>
          </Notice>
        ) : null}
        <Extend {...props} typed={typed} />
      </>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, t, viewer, office } = visit;
      const form = await readForm(c);
      const typed = { days: Number(form.text('days')), reason: form.lines('reason') };
      const asked = { workingDays: typed.days, reason: typed.reason, seen: form.text('seen') };
      const done = await deps.cases.extend(viewer, office, c.req.param('id') ?? '', asked);
      if (done.ok) return visit.redirect(`${caseAt(visit)}?done=extended`);
      switch (done.reason) {
        case 'not_found':
          return c.notFound();
        case 'changed':
          return show(visit, { ...typed, isChanged: true });
        case 'invalid':
          return show(visit, { ...typed, error: t('caseDesk.extend.missing') });
        default:
          return visit.redirect(caseAt(visit));
      }
    },
  };
}

function Extend({ visit, work, at, typed }: CaseProps & { typed: Typed | undefined }) {
  const { t } = visit;
  const days = typed?.days ?? work.mostMore;
  return (
    <form method="post" action={`${at}/extend`} class="form" novalidate>
      <input type="hidden" name="seen" value={work.seen} />
      <SelectField name="days" label={t('caseDesk.extend.days')}>
        {Array.from({ length: work.mostMore }, (_, nth) => nth + 1).map((each) => (
          <option key={each} value={String(each)} selected={each === days}>
            {each}
          </option>
        ))}
      </SelectField>
      <TextArea
        name="reason"
        label={t('caseDesk.extend.reason')}
        hint={t('caseDesk.extend.hint')}
        value={typed?.reason}
        error={typed?.error}
        maxLength={POINT_LENGTH}
      />
      <Sending t={t} text={t('caseDesk.extend.button')} back={at} />
    </form>
  );
}
