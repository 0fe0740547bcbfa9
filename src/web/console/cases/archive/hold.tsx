import { HOLD_LENGTH } from '../../../../features/service/cases/service.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import { TextArea } from '../../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseAt, readWork } from '../case.tsx';

/** `…/hold`: keeps a case longer for a legal reason, or no longer. */
export function holdPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, error?: string) => {
    const { c, t, viewer, office } = visit;
    const props = await readWork(deps, visit);
    const id = c.req.param('id') ?? '';
    const keeping = props && (await deps.archive.keeping(viewer, office, id));
    if (!keeping?.mayHold) return c.notFound();
    const at = caseAt(visit);
    const { held } = keeping;
    const title = t(held ? 'archive.letGo' : 'archive.hold');
    const problems = error ? [{ href: '#reason', text: error }] : [];
    return visit.show(
      { title, ...(error && { status: 422, hasErrors: true }) },
      <>
        <ErrorSummary title={t('staff.error.title')} problems={problems} />
        <BackLink href={at}>{props?.work.opened.case.reference}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t(held ? 'archive.letGo.lead' : 'archive.hold.lead')}</p>
        {held ? <p class="said">{held.reason}</p> : null}
        <HoldForm t={t} at={at} isHeld={held !== null} error={error} />
      </>,
    );
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, t, viewer, office } = visit;
      const form = await readForm(c);
      const reason = form.text('act') === 'let_go' ? null : form.lines('reason');
      const done = await deps.archive.hold(viewer, office, c.req.param('id') ?? '', reason);
      if (done.ok)
        return visit.redirect(`${caseAt(visit)}?done=${reason === null ? 'let-go' : 'held'}`);
      return done.reason === 'no_reason' ? show(visit, t('archive.hold.missing')) : c.notFound();
    },
  };
}

function HoldForm(props: { t: Translate; at: string; isHeld: boolean; error: string | undefined }) {
  const { t, at, isHeld, error } = props;
  return (
    <form method="post" action={`${at}/hold`} class="form" novalidate>
      {isHeld ? null : (
        <TextArea
          name="reason"
          label={t('archive.hold.reason')}
          hint={t('archive.hold.hint')}
          error={error}
          maxLength={HOLD_LENGTH}
          value=""
        />
      )}
      <p class="row">
        <button
          type="submit"
          class="button"
          id="action"
          name="act"
          value={isHeld ? 'let_go' : 'hold'}
        >
          {t(isHeld ? 'archive.letGo' : 'archive.hold')}
        </button>
        <ButtonLink kind="quiet" href={at}>
          {t('desk.back')}
        </ButtonLink>
      </p>
    </form>
  );
}
