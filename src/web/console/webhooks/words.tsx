import type { Delivery, Webhook, WebhookKind } from '../../../features/booking/webhooks/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';

export const kindsIn = (t: Translate, kinds: readonly WebhookKind[]): string =>
  kinds.map((each) => t(`webhooks.kind.${each}`)).join(', ');

/** The state of a webhook: a word, a sign and a colour. */
export function WebhookState({ t, webhook }: { t: Translate; webhook: Webhook }) {
  if (webhook.paused) return <Tag kind="plain">{t('webhooks.state.paused')}</Tag>;
  if (webhook.failingSince) return <Tag kind="warn">{t('webhooks.state.failing')}</Tag>;
  return <Tag kind="good">{t('webhooks.state.works')}</Tag>;
}

/** Returns the same in a sentence, if there is a problem. */
export function troubleIn({ t, dates }: DeskVisit, webhook: Webhook): string | null {
  const { paused, failingSince } = webhook;
  const at = paused?.at ?? failingSince;
  if (!at) return null;
  const when = { day: dates.day(at), time: dates.time(at) };
  return paused ? t(`webhooks.paused.${paused.why}`, when) : t('webhooks.failing', when);
}

export function DeliveryState({ t, delivery }: { t: Translate; delivery: Delivery }) {
  if (delivery.deliveredAt) return <Tag kind="good">{t('webhooks.delivery.taken')}</Tag>;
  if (delivery.failedAt) return <Tag kind="bad">{t('webhooks.delivery.failed')}</Tag>;
  return <Tag kind="plain">{t('webhooks.delivery.waits')}</Tag>;
}

/** Returns the result of the last try, in words; empty before the first. */
export function answerIn(t: Translate, { status, millis, error }: Delivery): string {
  if (status !== null) return t('webhooks.delivery.status', { status, millis: millis ?? 0 });
  return error && error !== 'status' ? t(`webhooks.error.${error}`) : '';
}
