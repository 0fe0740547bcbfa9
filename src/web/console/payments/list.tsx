import { amountInWords } from '../../../features/service/payments/rules.ts';
import type { Payment, TreasuryLine } from '../../../features/service/payments/types.ts';
import { nearDay } from '../../../lib/calendar/near.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice, Say, Table, Tag } from '../../../ui/parts.tsx';
import { csvOf } from '../../files/csv.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** Days that are shown when no others are asked for. */
const DAYS = 30;

/** The days of the address, both included. */
interface Days {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

function daysAsked({ c, now, office }: DeskVisit): Days {
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const to = nearDay(c.req.query('to') ?? '') ?? today;
  const from = nearDay(c.req.query('from') ?? '') ?? to.subtract({ days: DAYS });
  return Temporal.PlainDate.compare(from, to) > 0 ? { from: to, to: from } : { from, to };
}

const read = (deps: Pick<StaffDeps, 'payments'>, visit: DeskVisit, { from, to }: Days) => {
  const { viewer, office } = visit;
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(office.timeZone).toInstant();
  const filter = { from: startOf(from), until: startOf(to.add({ days: 1 })) };
  return deps.payments.treasury(viewer, office, filter);
};

/** `/console/{office}/payments`: what was paid and given back, and what is to be given back. Whoever looks is on the trail. */
export function paymentsPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, base } = visit;
    const days = daysAsked(visit);
    const found = await read(deps, visit, days);
    if (!found) return c.notFound();
    const title = t('payments.title');
    const done = c.req.query('done');
    return visit.show(
      { title, layout: 'column' },
      <>
        <BackLink href={`${base}/admin`}>{t('admin.title')}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('payments.lead')}</p>
        {done && /^[\dA-Z]{4,12}$/.test(done) ? (
          <Notice>
            <p>{t('payments.done', { order: done })}</p>
          </Notice>
        ) : null}
        <ToRefund visit={visit} payments={found.toRefund} />
        <Choose visit={visit} days={days} />
        {found.lines.length > 0 ? (
          <>
            <Lines visit={visit} lines={found.lines} />
            <p>
              <a href={`${base}/payments.csv?from=${days.from}&to=${days.to}`}>
                {t('payments.export')}
              </a>
            </p>
          </>
        ) : (
          <p role="status">{t('payments.none')}</p>
        )}
      </>,
    );
  };
}

function ToRefund({ visit, payments }: { visit: DeskVisit; payments: readonly Payment[] }) {
  const { t, base, dates } = visit;
  if (payments.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="to-refund">
      <h2 id="to-refund">{t('payments.toRefund')}</h2>
      <ul class="lists">
        {payments.map(({ id, order, reference, cents, refund, decidedAt }) => (
          <li key={id}>
            <ButtonLink kind="quiet" href={`${base}/payments/refund?payment=${id}`}>
              {t('payments.refund.open', { order })}
            </ButtonLink>
            <p>
              {[
                amountInWords(cents, t.language),
                reference,
                decidedAt && dates.longDay(decidedAt),
                refund && t(`payment.refund.${refund}`),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Choose({ visit, days }: { visit: DeskVisit; days: Days }) {
  const { t, base } = visit;
  return (
    <form action={`${base}/payments`} class="choose" aria-label={t('payments.title')}>
      {(['from', 'to'] as const).map((each) => (
        <div class="field" key={each}>
          <label for={`payments-${each}`}>{t(`payments.${each}`)}</label>
          <input
            type="date"
            id={`payments-${each}`}
            name={each}
            value={days[each].toString()}
            required
          />
        </div>
      ))}
      <Button kind="quiet">{t('payments.show')}</Button>
    </form>
  );
}

function Lines({ visit, lines }: { visit: DeskVisit; lines: readonly TreasuryLine[] }) {
  const { t, base, dates, office } = visit;
  return (
    <Table
      caption={t('payments.caption')}
      rows={lines}
      keyOf={({ id }) => id}
      columns={[
        { head: t('payments.column.order'), cell: ({ order }) => order },
        {
          head: t('payments.column.day'),
          cell: ({ decidedAt }) =>
            decidedAt && `${dates.shortDay(decidedAt)} ${dates.time(decidedAt)}`,
        },
        { head: t('payments.column.reference'), cell: ({ reference }) => reference },
        {
          head: t('payments.column.procedure'),
          cell: ({ procedure }) => <Say of={office.procedure(procedure)?.name} t={t} />,
        },
        {
          head: t('payments.column.amount'),
          cell: ({ cents }) => amountInWords(cents, t.language),
          number: true,
        },
        {
          head: t('payments.column.state'),
          cell: ({ state, refund }) => (
            <Tag kind={state === 'paid' ? (refund ? 'warn' : 'good') : 'plain'}>
              {t(state === 'paid' && refund ? 'payment.toRefund' : `payment.state.${state}`)}
            </Tag>
          ),
        },
        {
          head: t('payments.column.do'),
          cell: ({ id, order, state, refundedAt, note }) =>
            state === 'paid' ? (
              <a href={`${base}/payments/refund?payment=${id}`}>
                {t('payments.refund.open', { order })}
              </a>
            ) : (
              [refundedAt && dates.shortDay(refundedAt), note].filter(Boolean).join(' · ')
            ),
        },
      ]}
    />
  );
}

const COLUMNS = [
  ...(['day', 'time', 'order', 'reference', 'procedure', 'amount', 'state'] as const),
  ...(['authorization', 'refund', 'refunded'] as const),
] as const;

/** The same as a file for the treasury. Amounts are in euros, with a point and two decimals. What was given back has its day in a column. */
export function paymentsFile(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, office } = visit;
    const days = daysAsked(visit);
    const found = await read(deps, visit, days);
    if (!found) return c.notFound();
    const local = (at: Temporal.Instant) => at.toZonedDateTimeISO(office.timeZone);
    const rowOf = (line: TreasuryLine) => {
      const { decidedAt, refundedAt, refund, cents, note } = line;
      const at = decidedAt && local(decidedAt);
      return [
        at?.toPlainDate().toString() ?? '',
        at?.toPlainTime().toString({ smallestUnit: 'second' }) ?? '',
        line.order,
        line.reference,
        office.procedure(line.procedure)?.code ?? '',
        `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
        t(`payment.state.${line.state}`),
        line.authorization ?? '',
        [refund && t(`payment.refund.${refund}`), note].filter(Boolean).join(': '),
        refundedAt ? local(refundedAt).toPlainDate().toString() : '',
      ];
    };
    const name = `payments-${office.code}-${days.from}-${days.to}.csv`;
    c.header('Content-Disposition', `attachment; filename="${name}"`);
    c.header('Content-Type', 'text/csv; charset=utf-8');
    c.header('Cache-Control', 'no-store');
    const heads = COLUMNS.map((each) => t(`payments.column.${each}`));
    return c.body(csvOf([heads, ...found.lines.map(rowOf)]));
  };
}
