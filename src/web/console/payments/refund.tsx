import { can } from '../../../domain/roles.ts';
import { amountInWords } from '../../../features/service/payments/rules.ts';
import type { Payment, RefundResult } from '../../../features/service/payments/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, type ProblemLink, SummaryList } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

const LONGEST_REASON = 300;

/** `/console/{office}/payments/refund?payment={id}`: gives a payment back, with a reason. It needs a recent second factor. */
export function refundPage(deps: StaffDeps) {
  const find = (visit: DeskVisit, id: string) => deps.payments.find(visit.viewer, visit.office, id);
  const listOf = (visit: DeskVisit) =>
    can(visit.viewer, 'manage_payments')
      ? visit.redirect(`${visit.base}/payments`)
      : visit.c.notFound();
  return {
    get: async (visit: DeskVisit) => {
      const found = await find(visit, visit.c.req.query('payment') ?? '');
      return found ? show(visit, found, '', []) : listOf(visit);
    },
    post: async (visit: DeskVisit) => {
      const form = await readForm(visit.c);
      const found = await find(visit, form.text('payment'));
      if (!found) return listOf(visit);
      const reason = form.line('reason').slice(0, LONGEST_REASON);
      if (!reason) return show(visit, found, '', ['missing']);
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const done = await deps.payments.refund(visit.viewer, visit.office, found.id, reason);
      if (done.ok) return visit.redirect(`${visit.base}/payments?done=${found.order}`);
      if (done.reason === 'not_found' || done.reason === 'not_allowed') return visit.c.notFound();
      return show(visit, found, reason, [done.reason]);
    },
  };
}

type Wrong =
  | 'missing'
  | Exclude<Extract<RefundResult, { ok: false }>['reason'], 'not_found' | 'not_allowed'>;

function show(
  visit: DeskVisit,
  payment: Payment,
  reason: string,
  wrong: readonly Wrong[],
): Response {
  const { t, base } = visit;
  const { id, order, reference, cents, refund, state } = payment;
  const title = t('payments.refund.title');
  const amount = amountInWords(cents, t.language);
  const isMissing = wrong.includes('missing');
  const missing = t('payments.refund.reason.missing');
  const problems: ProblemLink[] = wrong.map((each) =>
    each === 'missing'
      ? { href: '#reason', text: missing }
      : { href: '#action', text: t(`payments.refund.${each}`) },
  );
  return visit.show(
    { title, layout: 'column', ...(problems.length > 0 && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={`${base}/payments`}>{t('payments.title')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('payments.refund.lead')}</p>
      <SummaryList
        rows={[
          { label: t('payments.column.order'), value: <span class="figures">{order}</span> },
          { label: t('payments.column.amount'), value: <strong>{amount}</strong> },
          {
            label: t('payments.column.reference'),
            value: <span class="figures">{reference}</span>,
          },
          { label: t('payments.column.state'), value: t(`payment.state.${state}`) },
          ...(refund
            ? [{ label: t('payments.column.refund'), value: t(`payment.refund.${refund}`) }]
            : []),
        ]}
      />
      <form id="action" class="form" action={`${base}/payments/refund`} method="post">
        <input type="hidden" name="payment" value={id} />
        <TextInput
          name="reason"
          label={t('payments.refund.reason')}
          hint={t('payments.refund.reason.hint')}
          value={reason}
          maxLength={LONGEST_REASON}
          error={isMissing ? missing : undefined}
        />
        <Button kind="grave">{t('payments.refund.button', { amount })}</Button>
      </form>
    </>,
  );
}
