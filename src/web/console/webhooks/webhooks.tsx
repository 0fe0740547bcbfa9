import { MOST_WEBHOOKS, mayManageWebhooks } from '../../../features/booking/webhooks/rules.ts';
import type { WebhookDraft, WebhookMistakes } from '../../../features/booking/webhooks/service.ts';
import { WEBHOOK_KINDS, type Webhook } from '../../../features/booking/webhooks/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { ErrorSummary, Notice, Table } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { draftIn, problemsOf, WebhookFields } from './form.tsx';
import { kindsIn, WebhookState } from './words.tsx';

interface Typed {
  draft: WebhookDraft;
  mistakes: WebhookMistakes;
  tooMany: boolean;
}

const FRESH: Typed = {
  draft: { url: '', kinds: WEBHOOK_KINDS, personal: false },
  mistakes: {},
  tooMany: false,
};

/**
 * `/console/{office}/webhooks`: the other systems that get this office's events, and the form for a new one.
 */
export function webhooksPage(deps: Pick<StaffDeps, 'webhooks' | 'staff' | 'config'>) {
  const page = async (visit: DeskVisit, typed: Typed) => {
    const list = await deps.webhooks.list(visit.viewer);
    return list ? show(visit, list, typed) : visit.c.notFound();
  };
  return {
    get: (visit: DeskVisit) => page(visit, FRESH),
    post: async (visit: DeskVisit) => {
      if (!mayManageWebhooks(visit.viewer)) return visit.c.notFound();
      const form = await readForm(visit.c);
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const draft = draftIn(form);
      const added = await deps.webhooks.add(visit.viewer, draft);
      if (added.ok) return visit.redirect(`${visit.base}/webhooks/${added.id}?done=add`);
      if (added.reason === 'not_found') return visit.c.notFound();
      const mistakes = added.reason === 'invalid' ? added.mistakes : {};
      return page(visit, { draft, mistakes, tooMany: added.reason === 'too_many' });
    },
  };
}

function show(visit: DeskVisit, list: readonly Webhook[], typed: Typed): Response {
  const { t, c } = visit;
  const { mistakes, tooMany } = typed;
  const title = t('webhooks.title');
  const problems = [
    ...(tooMany
      ? [{ href: '#url', text: t('webhooks.wrong.tooMany', { most: MOST_WEBHOOKS }) }]
      : []),
    ...problemsOf(t, mistakes),
  ];
  const refused = problems.length > 0;
  return visit.show(
    { title, layout: 'column', ...(refused && { status: 422, hasErrors: true }) },
    <>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('webhooks.lead')}</p>
      {c.req.query('done') === 'end' ? (
        <div role="status">
          <Notice kind="good">{t('webhooks.done.end')}</Notice>
        </div>
      ) : null}
      {list.length === 0 ? <p>{t('webhooks.none')}</p> : <List visit={visit} list={list} />}
      <AddForm visit={visit} typed={typed} />
    </>,
  );
}

function List({ visit, list }: { visit: DeskVisit; list: readonly Webhook[] }) {
  const { t, base } = visit;
  return (
    <Table
      caption={t('webhooks.caption')}
      rows={list}
      keyOf={(each) => each.id}
      columns={[
        {
          head: t('webhooks.column.address'),
          cell: (each) => (
            <a class="address" href={`${base}/webhooks/${each.id}`}>
              {each.url}
            </a>
          ),
        },
        { head: t('webhooks.column.kinds'), cell: (each) => kindsIn(t, each.kinds) },
        {
          head: t('webhooks.column.state'),
          cell: (each) => <WebhookState t={t} webhook={each} />,
        },
      ]}
    />
  );
}

function AddForm({ visit, typed }: { visit: DeskVisit; typed: Typed }) {
  const { t, base } = visit;
  const { draft, mistakes } = typed;
  return (
    <form method="post" action={`${base}/webhooks`} class="form" aria-labelledby="add">
      <h2 id="add">{t('webhooks.add.title')}</h2>
      <WebhookFields t={t} draft={draft} mistakes={mistakes} />
      <Button>{t('webhooks.add.submit')}</Button>
    </form>
  );
}
