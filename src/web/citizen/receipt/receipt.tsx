import type { ComponentChildren } from 'preact';
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
import type { CosignVisit } from '../cosigning/find.ts';
import { problem } from '../problem.tsx';
import type { CaseVisit, CitizenDeps, OfficeVisit } from '../visit.tsx';

/**
 * `/{language}/case/{secret}/receipt`: the receipt of the application, in the reader's language, and its document; with a number after it, that of the
 * correction or the withdrawal of this entry.
 */
export function receiptPage(deps: CitizenDeps) {
  const read = ({ c, viewer, office, found }: CaseVisit) =>
    deps.receipts.of(viewer, office, found.id, c.req.param('entry'));
  /** Where a case goes on that has no such receipt. */
  const without = (visit: CaseVisit): Response =>
    visit.found.state === DRAFT
      ? visit.redirect(visit.to.case(visit.secret))
      : problem(visit, 'not_found');
  const placeOf = ({ c, to, secret }: CaseVisit): ReceiptPlace => {
    const entry = c.req.param('entry');
    return {
      here: to.case(secret, entry ? `receipt/${entry}` : 'receipt'),
      back: to.case(secret, 'done'),
    };
  };
  return {
    async get(visit: CaseVisit): Promise<Response> {
      const receipt = await read(visit);
      return receipt ? showReceipt(deps, visit, receipt, placeOf(visit)) : without(visit);
    },
    async file(visit: CaseVisit): Promise<Response> {
      const receipt = await read(visit);
      return receipt ? sendReceipt(visit, receipt, placeOf(visit)) : without(visit);
    },
  };
}

/** `/{language}/cosign/{secret}/receipt`: the receipt of the signature of somebody else than the applicant, for them alone, and its document. */
export function cosignReceiptPage(deps: CitizenDeps) {
  const read = ({ viewer, office, found }: CosignVisit) =>
    deps.receipts.ofCosigner(viewer, office, found.id);
  const placeOf = ({ to, secret }: CosignVisit): ReceiptPlace => ({
    here: to.cosign(secret, 'receipt'),
    back: to.cosign(secret),
  });
  /** The page of what is to be signed tells why there is none. */
  const without = ({ to, secret, redirect }: CosignVisit): Response => redirect(to.cosign(secret));
  return {
    async get(visit: CosignVisit): Promise<Response> {
      const receipt = await read(visit);
      return receipt ? showReceipt(deps, visit, receipt, placeOf(visit)) : without(visit);
    },
    async file(visit: CosignVisit): Promise<Response> {
      const receipt = await read(visit);
      return receipt ? sendReceipt(visit, receipt, placeOf(visit)) : without(visit);
    },
  };
}

/** The addresses of a receipt, and of the page from which one comes to it. */
interface ReceiptPlace {
  here: string;
  back: string;
}

function sendReceipt(
  visit: OfficeVisit,
  { issued, entry }: Receipt,
  { here }: ReceiptPlace,
): Response | Promise<Response> {
  // The page tells why there is no document now.
  if (!issued) return visit.redirect(here);
  const bytes = issued.document;
  return sendFile(visit.c, {
    name: `${numberText(entry)}.pdf`,
    type: 'application/pdf',
    size: bytes.length,
    async *read() {
      yield bytes;
    },
  });
}

async function showReceipt(
  deps: Pick<CitizenDeps, 'forms' | 'baseUrl'>,
  visit: OfficeVisit,
  receipt: Receipt,
  { here, back }: ReceiptPlace,
): Promise<Response> {
  const { t, office } = visit;
  const { form } = await deps.forms.version(office.id, receipt.form);
  const { title, rows, term, answers, corrected, papers } = receiptIn(receipt, { form, office, t });
  const context = contextOfReceipt(receipt, office, t);
  const code = receipt.issued?.code;
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={back}>{t('receipt.back')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('receipt.lead')}</p>
      {code ? (
        <p class="no-print">
          <ButtonLink href={`${here}/file`}>{t('receipt.download')}</ButtonLink>
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
      {code ? <Verification visit={visit} code={code} at={deps.baseUrl} /> : null}
      <Part id="corrected" title={t('receipt.corrected')} isThere={corrected.length > 0}>
        <Rows rows={corrected} />
      </Part>
      {receipt.answers ? (
        <Part id="answers" title={answers} isThere>
          <Summary form={form} answers={receipt.answers} context={context} t={t} headings={3} />
        </Part>
      ) : null}
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
function Verification({ visit, code, at }: { visit: OfficeVisit; code: string; at: string }) {
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
