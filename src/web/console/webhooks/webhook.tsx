import type { ComponentChildren } from 'preact';
import { oldSecretUntil } from '../../../features/booking/webhooks/rules.ts';
import type { WebhookAct } from '../../../features/booking/webhooks/service.ts';
import type { Delivery, Webhook } from '../../../features/booking/webhooks/types.ts';
import { Button, LinkButton } from '../../../ui/buttons.tsx';
import { BackLink, Notice, SummaryList, Table } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { answerIn, DeliveryState, kindsIn, troubleIn, WebhookState } from './words.tsx';

const ACTS = ['test', 'pause', 'resume', 'rotate', 'end', 'again'] as const;
/** The actions on the secret, which would let others sign in our name. */
const GUARDED = /^(secret|rotate)$/;
const DONE = ['add', 'change', 'test', 'pause', 'resume', 'rotate', 'again'] as const;

/** `/console/{office}/webhooks/{id}`: the state of a webhook, its deliveries, and the possible actions. */
export function webhookPage(deps: Pick<StaffDeps, 'webhooks' | 'staff' | 'config'>) {
  const idOf = ({ c }: DeskVisit) => c.req.param('id') ?? '';

  const open = (visit: DeskVisit) => deps.webhooks.open(visit.viewer, idOf(visit));
  const page = async (visit: DeskVisit, secret: string | null = null) => {
    const found = await open(visit);
    return found ? show(visit, found.webhook, found.deliveries, secret) : visit.c.notFound();
  };
  return {
    get: (visit: DeskVisit) => page(visit),
    post: async (visit: DeskVisit) => {
      const form = await readForm(visit.c);
      const id = idOf(visit);
      if (GUARDED.test(form.text('act'))) {
        if (!(await open(visit))) return visit.c.notFound();
        const asked = await confirmFirst(deps, visit, form);
        if (asked) return asked;
      }
      if (form.text('act') === 'secret') {
        const secret = await deps.webhooks.secret(visit.viewer, id);
        return secret ? page(visit, secret) : visit.c.notFound();
      }
      const act = actIn(form);
      const isDone = act && (await deps.webhooks.act(visit.viewer, id, act));
      if (act?.kind === 'rotate' && !isDone) return page(visit);
      if (!isDone) return visit.c.notFound();
      const here = `${visit.base}/webhooks`;
      return visit.redirect(`${act.kind === 'end' ? here : `${here}/${id}`}?done=${act.kind}`);
    },
  };
}

function actIn(form: Form): WebhookAct | null {
  const kind = ACTS.find((each) => each === form.text('act'));
  if (!kind) return null;
  return kind === 'again' ? { kind, delivery: form.text('delivery') } : { kind };
}

function show(
  visit: DeskVisit,
  webhook: Webhook,
  deliveries: readonly Delivery[],
  secret: string | null,
): Response {
  const { t, c, base } = visit;
  const done = DONE.find((each) => each === c.req.query('done'));
  const trouble = troubleIn(visit, webhook);
  const title = new URL(webhook.url).host;
  return visit.show(
    { title, layout: 'column' },
    <>
      <BackLink href={`${base}/webhooks`}>{t('webhooks.back')}</BackLink>
      <h1 class="address">{title}</h1>
      {done ? (
        <div role="status">
          <Notice kind="good">{t(`webhooks.done.${done}`)}</Notice>
        </div>
      ) : null}
      {trouble ? <Notice kind="warn">{trouble}</Notice> : null}
      <About visit={visit} webhook={webhook} secret={secret} />
      <p>
        <a href={`${base}/webhooks/${webhook.id}/change`}>{t('webhooks.change.link')}</a>
      </p>
      <Acts visit={visit} webhook={webhook} />
      <section class="stack" aria-labelledby="deliveries">
        <h2 id="deliveries">{t('webhooks.deliveries')}</h2>
        {deliveries.length === 0 ? (
          <p>{t('webhooks.deliveries.none')}</p>
        ) : (
          <Deliveries visit={visit} webhook={webhook} deliveries={deliveries} />
        )}
      </section>
    </>,
  );
}

function About(props: { visit: DeskVisit; webhook: Webhook; secret: string | null }) {
  const { visit, webhook, secret } = props;
  const { t, dates } = visit;
  return (
    <SummaryList
      rows={[
        { label: t('webhooks.column.state'), value: <WebhookState t={t} webhook={webhook} /> },
        {
          label: t('webhooks.column.address'),
          value: <span class="address">{webhook.url}</span>,
        },
        { label: t('webhooks.column.kinds'), value: kindsIn(t, webhook.kinds) },
        {
          label: t('webhooks.personal'),
          value: t(`webhooks.personal.${webhook.personal ? 'yes' : 'no'}`),
        },
        { label: t('webhooks.since'), value: dates.longDay(webhook.createdAt) },
        {
          label: t('webhooks.secret'),
          value: secret ? (
            <>
              <code class="address">{secret}</code>
              <br />
              {t('webhooks.secret.text')}
            </>
          ) : (
            <Act visit={visit} webhook={webhook}>
              <LinkButton name="act" value="secret">
                {t('webhooks.act.secret')}
              </LinkButton>
            </Act>
          ),
        },
      ]}
    />
  );
}

function Act(props: { visit: DeskVisit; webhook: Webhook; children: ComponentChildren }) {
  const { visit, webhook, children } = props;
  return (
    <form method="post" action={`${visit.base}/webhooks/${webhook.id}`} class="row">
      {children}
    </form>
  );
}

function Acts({ visit, webhook }: { visit: DeskVisit; webhook: Webhook }) {
  const { t, dates, now } = visit;
  const until = oldSecretUntil(webhook, now);
  const other = webhook.paused ? 'resume' : 'pause';
  return (
    <>
      <Act visit={visit} webhook={webhook}>
        <Button name="act" value="test">
          {t('webhooks.act.test')}
        </Button>
        <Button kind="quiet" name="act" value={other}>
          {t(`webhooks.act.${other}`)}
        </Button>
      </Act>
      {until ? (
        <p>{t('webhooks.rotate.wait', { day: dates.day(until), time: dates.time(until) })}</p>
      ) : null}
      {(until ? (['end'] as const) : (['rotate', 'end'] as const)).map((each) => (
        <details key={each} class="more">
          <summary>{t(`webhooks.${each}.title`)}</summary>
          <div class="stack">
            <p>{t(`webhooks.${each}.text`)}</p>
            <Act visit={visit} webhook={webhook}>
              <Button kind={each === 'end' ? 'grave' : 'quiet'} name="act" value={each}>
                {t(`webhooks.act.${each}`)}
              </Button>
            </Act>
          </div>
        </details>
      ))}
    </>
  );
}

function Deliveries(props: {
  visit: DeskVisit;
  webhook: Webhook;
  deliveries: readonly Delivery[];
}) {
  const { visit, webhook, deliveries } = props;
  const { t, dates } = visit;
  const when = (at: Temporal.Instant) => `${dates.briefDay(at)}, ${dates.time(at)}`;
  return (
    <Table
      caption={t('webhooks.deliveries.caption')}
      rows={deliveries}
      keyOf={(each) => each.id}
      columns={[
        {
          head: t('webhooks.delivery.when'),
          cell: (each) => <span class="figures nowrap">{when(each.createdAt)}</span>,
        },
        {
          head: t('webhooks.delivery.what'),
          cell: (each) => (
            <>
              {t(`webhooks.kind.${each.kind ?? 'test'}`)}{' '}
              <span class="figures nowrap soft">{each.reference}</span>
            </>
          ),
        },
        {
          head: t('webhooks.delivery.state'),
          cell: (each) => <DeliveryState t={t} delivery={each} />,
        },
        {
          head: t('webhooks.delivery.answer'),
          cell: (each) => <Answer visit={visit} delivery={each} />,
        },
        {
          head: t('webhooks.delivery.again'),
          cell: (each) =>
            each.deliveredAt || each.failedAt ? (
              <Act visit={visit} webhook={webhook}>
                <input type="hidden" name="delivery" value={each.id} />
                <LinkButton name="act" value="again">
                  {t('webhooks.act.again')}
                  <span class="hide">: {when(each.createdAt)}</span>
                </LinkButton>
              </Act>
            ) : null,
        },
      ]}
    />
  );
}

function Answer({ visit, delivery }: { visit: DeskVisit; delivery: Delivery }) {
  const { t, dates } = visit;
  const { attempts, nextTryAt, deliveredAt, failedAt } = delivery;
  const isTriedAgain = !deliveredAt && !failedAt && attempts > 0;
  const next = { day: dates.briefDay(nextTryAt), time: dates.time(nextTryAt) };
  return (
    <div class="answer">
      {answerIn(t, delivery)}
      {attempts > 1 ? (
        <div class="small soft">{t('webhooks.delivery.tries', { count: attempts })}</div>
      ) : null}
      {isTriedAgain ? <div class="small soft">{t('webhooks.delivery.next', next)}</div> : null}
    </div>
  );
}
