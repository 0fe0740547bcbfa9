import type { WebhookDraft, WebhookMistakes } from '../../../features/booking/webhooks/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';

import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { draftIn, problemsOf, WebhookFields } from './form.tsx';

/** `/console/{office}/webhooks/{id}/change`: the address and the events of a webhook. */
export function changeWebhookPage(deps: Pick<StaffDeps, 'webhooks' | 'staff' | 'config'>) {
  const idOf = ({ c }: DeskVisit) => c.req.param('id') ?? '';
  const standing = (visit: DeskVisit) => deps.webhooks.open(visit.viewer, idOf(visit));
  return {
    get: async (visit: DeskVisit) => {
      const found = await standing(visit);
      return found ? show(visit, idOf(visit), found.webhook) : visit.c.notFound();
    },
    post: async (visit: DeskVisit) => {
      if (!(await standing(visit))) return visit.c.notFound();
      const form = await readForm(visit.c);
      const id = idOf(visit);
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const draft = draftIn(form);
      const changed = await deps.webhooks.change(visit.viewer, id, draft);
      if (changed.ok) return visit.redirect(`${visit.base}/webhooks/${id}?done=change`);
      if (changed.reason === 'not_found') return visit.c.notFound();
      return show(visit, id, draft, changed.mistakes);
    },
  };
}

function show(
  visit: DeskVisit,
  id: string,
  draft: WebhookDraft,
  mistakes: WebhookMistakes = {},
): Response {
  const { t, base } = visit;
  const here = `${base}/webhooks/${id}`;
  const problems = problemsOf(t, mistakes);
  const title = t('webhooks.change.title');
  return visit.show(
    { title, layout: 'column', ...(problems.length > 0 && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={here}>{t('webhooks.change.back')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('webhooks.change.text')}</p>
      <form method="post" action={`${here}/change`} class="form">
        <WebhookFields t={t} draft={draft} mistakes={mistakes} />
        <Button>{t('webhooks.change.submit')}</Button>
      </form>
    </>,
  );
}
