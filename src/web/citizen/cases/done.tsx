import type { Form } from '../../../domain/form/schema.ts';
import type { OutsideState } from '../../../features/foundation/registry/types.ts';
import { AMENDING, aboutApplication, contextOf } from '../../../features/service/cases/rules.ts';
import { DRAFT, type OpenedCase } from '../../../features/service/cases/types.ts';
import type { SignatureShown } from '../../../features/service/signatures/types.ts';
import { Mark } from '../../../ui/mark.tsx';
import { SummaryList } from '../../../ui/parts.tsx';
import { stateName } from '../../words/states.ts';
import { othersOf } from '../cosigning/others.tsx';
import { DecisionOnCase, toldOf } from '../notifications/on-case.tsx';
import { GivenBack, paidRows } from '../payment/receipt.tsx';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { OutsideNumber } from '../receipt/outside.tsx';
import { signedRows } from '../signing/shown.tsx';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';
import { Asked } from './amending/asked.tsx';
import { Amended, headOf } from './amending/head.tsx';
import { Answered } from './at-once/answered.tsx';
import { type Filling, readFilling } from './filling.ts';
import { History, WithdrawnReceipt } from './handed-in/history.tsx';
import { HandedInPapers } from './handed-in/papers.tsx';
import { canWithdraw } from './handed-in/withdraw.tsx';
import { KeepLink } from './link.tsx';
import { MessagesOfCase } from './messages/part.tsx';
import { Summary } from './summary.tsx';
import { talkAbout } from './talking/talk.tsx';
import { titleOf } from './words.tsx';

/** `/{language}/case/{secret}/done`: how a case stands, what happens next, and the link to keep. What was registered is on its receipt. */
export function donePage(deps: CitizenDeps) {
  return async (visit: CaseVisit): Promise<Response> => {
    const filling = await readFilling(deps, visit);
    if (!filling) return problem(visit, 'no_case');
    const { opened, form } = filling;
    if (opened.case.state === DRAFT) return visit.redirect(visit.to.case(visit.secret));
    const { t, office, found } = visit;
    const around = await readAround(deps, visit);
    const { payments, signatures, events, notification, amendments, messages } = around;
    const isDecided = events.some(({ kind }) => kind === 'decided');
    const { title, isReceipt, ...head } = headOf(filling, amendments);
    const told = toldOf({ lead: head.lead, hasState: true, events }, notification);
    const outside = await deps.outsideRegistering.of(office, aboutApplication(found.id));
    return visit.show(
      { title, isPersonal: true },
      <>
        <div class="lit-title">
          {isReceipt ? <Mark lit /> : null}
          <h1>{title}</h1>
        </div>
        {told.lead ? <p class="lead">{told.lead}</p> : null}
        <WithdrawnReceipt visit={visit} events={events} />
        {opened.case.state === 'lapsed' ? <Again visit={visit} /> : null}
        {filling.amends ? <Asked filling={filling} amends={filling.amends} /> : null}
        <GivenBack visit={visit} payments={payments} />
        <Answered visit={visit} opened={opened} />
        {isDecided && opened.case.atOnce !== 'issued' ? (
          <DecisionOnCase visit={visit} notification={notification}>
            <Decided visit={visit} />
          </DecisionOnCase>
        ) : null}
        <Receipt
          visit={visit}
          opened={opened}
          title={titleOf(filling)}
          outside={outside}
          signatures={signatures}
        />
        <Amended visit={visit} amendments={amendments} />
        {told.hasState ? (
          <Next visit={visit} opened={opened} form={form} isAsked={filling.amends !== null} />
        ) : null}
        {messages ? <MessagesOfCase visit={visit} of={messages} /> : null}
        {await othersOf(deps, filling)}
        {await talkAbout(deps, visit)}
        <KeepLink deps={deps} visit={visit} found={opened.case} />
        <HandedInPapers filling={filling} />
        <HandedInAnswers filling={filling} />
        <History visit={visit} form={form} events={told.events} />
        {canWithdraw(filling) ? (
          <p class="no-print">
            <a href={visit.to.case(visit.secret, 'withdraw')}>{t('case.withdraw.link')}</a>
          </p>
        ) : null}
        <Reach visit={visit} lead={t('citizen.problem.call')} />
      </>,
    );
  };
}

/** Returns what other features know of a case. */
async function readAround(deps: CitizenDeps, { viewer, office, found }: CaseVisit) {
  const { id } = found;
  return {
    payments: (await deps.payments.ofCase(viewer, office, id)) ?? [],
    signatures: (await deps.signatures.ofCase(viewer, office, id)) ?? [],
    events: (await deps.cases.history(viewer, office, id)) ?? [],
    notification: await deps.notifications.onCase(viewer, office, id),
    amendments: (await deps.cases.amendments(viewer, office, id)) ?? [],
    messages: await deps.caseMessages.ofCase(viewer, office, id, 1),
  };
}

/** What was answered, as it was when it was handed in: limits such as "today" are those of that day. */
function HandedInAnswers({ filling: { visit, form, opened } }: { filling: Filling }) {
  const { t, office, language, now } = visit;
  const context = contextOf(office, opened.case.handedInAt ?? now, language);
  return (
    <section class="stack" aria-labelledby="answers">
      <h2 id="answers">{t('case.done.answers')}</h2>
      <Summary form={form} answers={opened.draft.answers} context={context} t={t} headings={3} />
    </section>
  );
}

/** The number under which it is registered, when, and what for. */
function Receipt(props: {
  visit: CaseVisit;
  opened: OpenedCase;
  title: string;
  outside: OutsideState | null;
  signatures: readonly SignatureShown[];
}) {
  const { visit, opened, title, outside, signatures } = props;
  const { t, dates } = visit;
  const { handedInAt, reference } = opened.case;
  const at = handedInAt ?? visit.now;
  return (
    <section class="card stack" aria-labelledby="receipt">
      <h2 id="receipt">{t('case.receipt.title')}</h2>
      <p class="when figures">{opened.entry?.number}</p>
      <OutsideNumber outside={outside} t={t} />
      <SummaryList
        rows={[
          { label: t('case.receipt.when'), value: `${dates.longDay(at)}, ${dates.time(at)}` },
          { label: t('case.receipt.what'), value: title },
          { label: t('citizen.card.reference'), value: <span class="figures">{reference}</span> },
          ...signedRows(visit, opened, signatures),
          ...paidRows(visit, opened),
        ]}
      />
      <p class="no-print">
        <a href={visit.to.case(visit.secret, 'receipt')}>{t('receipt.open')}</a>
      </p>
    </section>
  );
}

/** The state of the case, and until when it is decided. */
function Next(props: { visit: CaseVisit; opened: OpenedCase; form: Form; isAsked: boolean }) {
  const { visit, opened, form, isAsked } = props;
  const { t, dates, office } = visit;
  const { state, decideBy, stateDue, closedAt } = opened.case;
  const dayOf = (day: Temporal.PlainDate) =>
    dates.longDay(day.toZonedDateTime(office.timeZone).toInstant());
  const silence = form.decision?.silence;
  return (
    <section class="stack" aria-labelledby="next">
      <h2 id="next">{t('case.next.title')}</h2>
      <p>
        {t('case.next.state')} <strong>{stateName(state, form, t)}</strong>
      </p>
      {state === AMENDING && stateDue && !isAsked ? (
        <p>{t('case.next.amend', { day: dayOf(stateDue) })}</p>
      ) : null}
      {decideBy && silence ? (
        <p>{t(`case.next.decide.${silence}`, { day: dayOf(decideBy) })}</p>
      ) : null}
      {!closedAt && !decideBy && state !== AMENDING ? <p>{t('case.next.open')}</p> : null}
    </section>
  );
}

/** The way out of what ended since nobody amended it: beginning again. */
function Again({ visit }: { visit: CaseVisit }) {
  const { t, to, office, procedure } = visit;
  return (
    <p class="no-print">
      <a href={to.apply(office.code, procedure.code)}>{t('case.page.again')}</a>
    </p>
  );
}

/** `/{language}/case/{secret}/decision`: the document of the decision, for whoever may open the case; before there is one, the case. */
export function decisionFile(deps: CitizenDeps) {
  return async (visit: CaseVisit): Promise<Response> => {
    const { c, viewer, office, found, secret, to } = visit;
    const file = await deps.caseDesk.decisionFile(viewer, office, found.id);
    if (!file) return visit.redirect(to.case(secret));
    c.header('Content-Type', 'application/pdf');
    c.header('Content-Disposition', `attachment; filename="${file.reference}.pdf"`);
    c.header('Cache-Control', 'no-store');
    return c.body(new Uint8Array(file.bytes));
  };
}

/** That there is a decision, and where it is. */
export function Decided({ visit }: { visit: CaseVisit }) {
  const { t, to, secret } = visit;
  return (
    <section class="card stack" aria-labelledby="decided">
      <h2 id="decided">{t('case.decision.title')}</h2>
      <p>{t('case.decision.text')}</p>
      <p>
        <a href={to.case(secret, 'decision')}>{t('case.decision.open')}</a>
      </p>
    </section>
  );
}
