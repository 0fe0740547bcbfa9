import type { ComponentChildren, JSX } from 'preact';
import type { Form } from '../../../domain/form/schema.ts';
import { numberText } from '../../../features/foundation/registry/service.ts';
import { DRAFT } from '../../../features/service/cases/types.ts';
import { contextOfReceipt, receiptIn } from '../../../features/service/receipts/rules.ts';
import type { Receipt, ReceiptRow } from '../../../features/service/receipts/types.ts';
import { grouped } from '../../../features/service/verification/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, SummaryList } from '../../../ui/parts.tsx';
import { QrCode } from '../../../ui/qr.tsx';
import { sendFile } from '../../files/served.ts';
import { Summary } from '../cases/summary.tsx';
import { problem } from '../problem.tsx';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';

/** `/{language}/case/{secret}/receipt`: the receipt of the registry, in the reader's language, and its document. */
export function receiptPage(deps: CitizenDeps) {
  const read = ({ viewer, office, found }: CaseVisit) => deps.receipts.of(viewer, office, found.id);
  /** Where a case goes on that has no receipt yet. */
  const without = (visit: CaseVisit): Response =>
    visit.found.state === DRAFT
      ? visit.redirect(visit.to.case(visit.secret))
      : problem(visit, 'no_case');

  return {
    async get(visit: CaseVisit): Promise<Response> {
      const receipt = await read(visit);
      if (!receipt) return without(visit);
      const { form } = await deps.forms.version(visit.office.id, visit.found.form);
      const code = receipt.issued?.code;
      const verification = code ? (
        <Verification visit={visit} code={code} at={deps.baseUrl} />
      ) : null;
      return show(visit, receipt, { form, verification });
    },

    async file(visit: CaseVisit): Promise<Response> {
      const receipt = await read(visit);
      if (!receipt) return without(visit);
      const { issued } = receipt;
      // The page tells why there is no document now.
      if (!issued) return visit.redirect(visit.to.case(visit.secret, 'receipt'));
      const bytes = issued.document;
      return sendFile(visit.c, {
        name: `${numberText(receipt.entry)}.pdf`,
        type: 'application/pdf',
        size: bytes.length,
        async *read() {
          yield bytes;
        },
      });
    },
  };
}

/** `verification`: of the document; null: it can't be issued now. */
function show(
  visit: CaseVisit,
  receipt: Receipt,
  { form, verification }: { form: Form; verification: JSX.Element | null },
): Response {
  const { t, to, secret, office } = visit;
  const { title, rows, term, papers } = receiptIn(receipt, { form, office, t });
  const { answers } = receipt.record;
  const context = contextOfReceipt(receipt, office, t);
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.case(secret, 'done')}>{t('receipt.back')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('receipt.lead')}</p>
      {verification ? (
        <p class="no-print">
          <ButtonLink href={to.case(secret, 'receipt/file')}>{t('receipt.download')}</ButtonLink>
        </p>
      ) : (
        <p class="note">{t('receipt.notNow')}</p>
      )}
      <Rows rows={rows} />
      <p class="soft">{t('case.receipt.hash.text')}</p>
      <Part id="term" title={t('receipt.term.title')} isThere={term.length > 0}>
        {term.map((each) => (
          <p key={each}>{each}</p>
        ))}
      </Part>
      {verification}
      <Part id="answers" title={t('case.done.answers')} isThere>
        <Summary form={form} answers={answers} context={context} t={t} headings={3} />
      </Part>
      <Part id="papers" title={t('receipt.papers')} isThere={papers.length > 0}>
        <Rows rows={papers} />
      </Part>
    </>,
  );
}

const Rows = ({ rows }: { rows: readonly ReceiptRow[] }) => (
  <SummaryList
    rows={rows.map(({ label, text, isCode }) => ({
      label,
      value: isCode ? <code class="hash">{text}</code> : text,
    }))}
  />
);

function Part(props: { id: string; title: string; isThere: boolean; children: ComponentChildren }) {
  if (!props.isThere) return null;
  return (
    <section class="stack" aria-labelledby={props.id}>
      <h2 id={props.id}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** The receipt's verification code, where it is checked, and a picture of both. */
function Verification({ visit, code, at }: { visit: CaseVisit; code: string; at: string }) {
  const { t, to } = visit;
  const withCode = `${to.verify()}?code=${code}`;
  return (
    <section class="verification" aria-labelledby="verification">
      <h2 id="verification">{t('issued.title')}</h2>
      <p>{t('receipt.verify')}</p>
      <dl>
        <dt>{t('verification.label')}</dt>
        <dd>
          <code class="csv">{grouped(code)}</code>
        </dd>
        <dt>{t('verification.yours.where')}</dt>
        <dd>
          <a href={withCode}>{at + to.verify()}</a>
        </dd>
      </dl>
      <QrCode text={at + withCode} label={t('verification.yours.qr')} />
    </section>
  );
}
