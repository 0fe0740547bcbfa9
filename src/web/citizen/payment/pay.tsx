import { DRAFT } from '../../../features/service/cases/types.ts';
import { amountInWords, isOver, standing } from '../../../features/service/payments/rules.ts';
import type { Payment } from '../../../features/service/payments/types.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, SummaryList } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { standInPage } from '../cases/applicant/stand-in.tsx';
import { type OwnFilling, readFilling } from '../cases/filling.ts';
import { titleOf } from '../cases/words.tsx';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';
import { failureOf } from './failure.ts';
import { lookAgain } from './looking.ts';
import { showTooMany } from './too-many.tsx';

/** Under which an address says that somebody is back from the bank. */
export const BACK = 'back';

/** `/{language}/case/{secret}/pay`: how it stands with the fee of a case, and the way to the bank. Opening it changes nothing. */
export function payPage(deps: CitizenDeps) {
  return {
    get: async (visit: CaseVisit): Promise<Response> => {
      const filling = await readFilling(deps, visit);
      if (!filling) return problem(visit, 'no_case');
      const { to, secret, viewer, office, found } = visit;
      if (filling.opened.case.state !== DRAFT) return visit.redirect(to.case(secret, 'done'));
      const payments = (await deps.payments.ofCase(viewer, office, found.id)) ?? [];
      const stands = standing(payments, filling.opened.case.version);
      if (stands.kind === 'none') return visit.redirect(to.case(secret, 'check'));
      const { payment } = stands;
      switch (stands.kind) {
        case 'paid':
          return showRegistering(filling, payment);
        case 'returning':
          return showReturning(filling, payment);
        case 'failed':
          return showFailed(filling, payment);
        case 'open':
          return isBack(visit) || isOver(payment, visit.now)
            ? showWaiting(filling, payment)
            : showPay(deps, filling, payment);
      }
    },

    post: async (visit: CaseVisit): Promise<Response> => {
      const { to, secret } = visit;
      const seen = Number((await readForm(visit.c)).text('seen') || NaN);
      const begun = await beginToPay(deps, visit, { seen, isNew: true });
      return begun ?? visit.redirect(to.case(secret, 'check'));
    },
  };
}

const isBack = ({ c }: CaseVisit): boolean => c.req.query(BACK) !== undefined;

/** Begins to pay, and leads on. Null: it can't be paid now, as the page of the check shows. */
export async function beginToPay(
  deps: Pick<CitizenDeps, 'payments'>,
  visit: CaseVisit,
  on: { seen: number; isNew?: boolean },
): Promise<Response | null> {
  const { viewer, office, found, to, secret } = visit;
  const refused = standInPage(visit, to.case(secret, 'check'));
  if (refused) return refused;
  const begun = await deps.payments.begin(viewer, office, found.id, on);
  if (begun.ok || begun.reason === 'paid') return visit.redirect(to.case(secret, 'pay'));
  return begun.reason === 'too_many'
    ? showTooMany(visit, visit.to.case(visit.secret, 'check'))
    : null;
}

/** What is paid, and for what. */
function What({ filling, payment }: { filling: OwnFilling; payment: Payment }) {
  const { t, language } = filling.visit;
  return (
    <SummaryList
      rows={[
        { label: t('payment.for'), value: titleOf(filling) },
        {
          label: t('payment.amount'),
          value: <strong>{amountInWords(payment.cents, language)}</strong>,
        },
        { label: t('payment.order'), value: <span class="figures">{payment.order}</span> },
      ]}
    />
  );
}

/** The form that another attempt begins with. */
function Again(props: { filling: OwnFilling; kind: 'main' | 'quiet'; text: string }) {
  const { filling, kind, text } = props;
  const { to, secret } = filling.visit;
  return (
    <form action={to.case(secret, 'pay')} method="post">
      <input type="hidden" name="seen" value={filling.opened.case.version} />
      <Button kind={kind}>{text}</Button>
    </form>
  );
}

async function showPay(
  deps: Pick<CitizenDeps, 'payments'>,
  filling: OwnFilling,
  payment: Payment,
): Promise<Response> {
  const { visit } = filling;
  const { t, to, secret, office, language } = visit;
  const departure = await deps.payments.departure(payment, office, language);
  if (!departure) return visit.redirect(to.case(secret, 'check'));
  const title = t('payment.title');
  const amount = amountInWords(payment.cents, language);
  return visit.show(
    // The bank's page may lead on to that of whoever gave the card.
    { title, isPersonal: true, formTo: [new URL(departure.url).origin, 'https:'] },
    <>
      <BackLink href={to.case(secret, 'check')}>{t('payment.change')}</BackLink>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('payment.lead')}</p>
      <What filling={filling} payment={payment} />
      <p>{t(departure.isDemo ? 'payment.bank.demo' : 'payment.bank')}</p>
      <p class="soft">{t('payment.frozen')}</p>
      <form class="form" action={departure.url} method="post">
        {Object.entries(departure.fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Button>{t('payment.go', { amount })}</Button>
      </form>
      <div class="stack">
        <p>{t('payment.again.text')}</p>
        <Again filling={filling} kind="quiet" text={t('payment.again')} />
      </div>
    </>,
  );
}

/** The bank has not answered yet. The page can be left: nothing depends on it. */
function showWaiting(filling: OwnFilling, { begunAt }: Payment): Response {
  const { visit } = filling;
  const { t, to, secret } = visit;
  const here = `${to.case(secret, 'pay')}?${BACK}=1`;
  const title = t('payment.waiting.title');
  lookAgain(visit, begunAt);
  return visit.show(
    { title, isPersonal: true },
    <>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('payment.waiting.text')}</p>
      <p>
        <ButtonLink href={here}>{t('payment.waiting.look')}</ButtonLink>
      </p>
      <div class="stack">
        <p>{t('payment.waiting.not')}</p>
        <Again filling={filling} kind="quiet" text={t('payment.again')} />
      </div>
    </>,
  );
}

/** It is paid, and not registered yet: the job does that. */
function showRegistering(filling: OwnFilling, { cents, decidedAt, begunAt }: Payment): Response {
  const { visit } = filling;
  const { t, to, secret, language } = visit;
  const title = t('payment.registering.title');
  lookAgain(visit, decidedAt ?? begunAt);
  return visit.show(
    { title, isPersonal: true },
    <>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">
        {t('payment.registering.text', { amount: amountInWords(cents, language) })}
      </p>
      <p>
        <ButtonLink href={to.case(secret, 'pay')}>{t('payment.waiting.look')}</ButtonLink>
      </p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}

function showFailed(filling: OwnFilling, payment: Payment): Response {
  const { visit } = filling;
  const { t, to, secret } = visit;
  const title = t('payment.failed.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.case(secret, 'check')}>{t('payment.change')}</BackLink>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t(`payment.failed.${failureOf(payment.code)}`)}</p>
      <What filling={filling} payment={payment} />
      <p>{t('payment.failed.text')}</p>
      <Again filling={filling} kind="main" text={t('payment.failed.again')} />
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}

/** It was paid for answers that were changed since. */
function showReturning(filling: OwnFilling, { cents }: Payment): Response {
  const { visit } = filling;
  const { t, to, secret, language } = visit;
  const title = t('payment.returning.title', { amount: amountInWords(cents, language) });
  return visit.show(
    { title, isPersonal: true },
    <>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('payment.returning.text')}</p>
      <p>
        <ButtonLink href={to.case(secret, 'check')}>{t('payment.returning.go')}</ButtonLink>
      </p>
    </>,
  );
}
