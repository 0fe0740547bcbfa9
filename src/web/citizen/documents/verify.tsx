import { formatProvider } from '../../../features/service/consent/service.ts';
import { endingOf } from '../../../features/service/documents/rules.ts';
import type { Verified } from '../../../features/service/documents/types.ts';
import type { VerifiedReceipt } from '../../../features/service/receipts/types.ts';
import { grouped, readCode } from '../../../features/service/verification/rules.ts';
import { exportsEni } from '../../../features/service/verification/service.ts';
import type { CodeReading } from '../../../features/service/verification/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, Say, SummaryList, type SummaryRow } from '../../../ui/parts.tsx';
import { sendEni, sendOriginal } from '../../files/verified.ts';
import { readForm } from '../../form.ts';
import { formatSize } from '../../words/documents.tsx';
import { formPage, Problems } from '../shared.tsx';
import { type CitizenDeps, type OfficeVisit, type Visit, withOffice } from '../visit.tsx';
import { SealPart } from './seal.tsx';

/** Characters; longer than any written code, so that a text that is too long is reported and returned. */
const MOST_KEPT = 200;

/**
 * `/{language}/verify`: the holder of a document's verification code sees its office and the original. A
 * link may carry the code
 * (`?code=`); the look-up happens only after the form is sent. The page shows neither the citizen nor
 * the file's own name.
 */
export function verifyPage(deps: CitizenDeps) {
  /** Returns the sent code, and the typed text. */
  const readSent = async ({ c }: Visit) => {
    const typed = (await readForm(c)).line('code').slice(0, MOST_KEPT);
    return { typed, read: readCode(typed) };
  };

  const fetch = async (visit: Visit, as: 'original' | 'eni'): Promise<Response> => {
    const { c, t } = visit;
    const { typed, read } = await readSent(visit);
    if (!read.ok) return showForm(visit, typed, mistakeOf(t, read));
    const document =
      (await deps.documents.openByCode(read.code)) ??
      (await deps.caseDesk.openByCode(read.code)) ??
      (await deps.receipts.openByCode(read.code)) ??
      (await deps.notifications.openByCode(read.code));
    if (!document) return answer(visit, typed, read.code);
    if (as === 'original') return sendOriginal(c, t, document);
    const office = await deps.offices.byId(document.office);
    return (await sendEni(c, t, { office, document })) ?? answer(visit, typed, read.code);
  };

  const answer = async (visit: Visit, typed: string, code: string): Promise<Response> => {
    const document =
      (await deps.documents.verify(code)) ??
      (await deps.caseDesk.verify(code)) ??
      (await deps.notifications.verify(code)) ??
      (await deps.archive.verify(code));
    const receipt = document ? null : await deps.receipts.verify(code);
    const found = document ?? receipt;
    if (!found) return showForm(visit, typed, visit.t('verification.unknown'));
    const of = withOffice(deps, visit, await deps.offices.byId(found.office));
    const { madeAt, what } = found;
    return what.standing === 'here'
      ? showFound(of, code, { madeAt, what }, [
          ...(receipt ? rowsOf(of, receipt.receipt) : []),
          ...(await consentRows(deps, of, found)),
        ])
      : showGone(of, madeAt, what);
  };

  return {
    get: (visit: Visit): Response =>
      showForm(visit, (visit.c.req.query('code') ?? '').slice(0, MOST_KEPT)),

    post: async (visit: Visit): Promise<Response> => {
      const { typed, read } = await readSent(visit);
      return read.ok
        ? answer(visit, typed, read.code)
        : showForm(visit, typed, mistakeOf(visit.t, read));
    },

    file: (visit: Visit) => fetch(visit, 'original'),
    eni: (visit: Visit) => fetch(visit, 'eni'),
  };
}

/** Returns in words how the citizen consented, of the copy of a consent: nothing of the person, as of other documents. */
async function consentRows(
  deps: Pick<CitizenDeps, 'consent'>,
  { t, dates }: OfficeVisit,
  { office, id }: Verified,
): Promise<SummaryRow[]> {
  const consent = await deps.consent.consentOf({ kind: 'verifier' }, office, id);
  if (!consent) return [];
  const how = t(`acts.method.${consent.method}`);
  const by = consent.identity ? ` ${formatProvider(consent.identity, t, dates)}` : '';
  return [{ label: t('acts.desk.method'), value: how + by }];
}

const mistakeOf = (t: Translate, wrong: Extract<CodeReading, { ok: false }>): string =>
  wrong.reason === 'length'
    ? t('verification.length', { signs: wrong.signs })
    : t(`verification.${wrong.reason}`);

/** Returns the typed text, in groups if it may be a code. */
function tidied(typed: string): string {
  const read = readCode(typed);
  return read.ok ? grouped(read.code) : typed;
}

function showForm(visit: Visit, typed: string, error?: string): Response {
  const { t, to } = visit;
  const title = t('verification.title');
  const problems = error ? [{ href: '#code', text: error }] : [];
  return visit.show(
    { ...formPage(title, problems), isPersonal: typed !== '' || problems.length > 0 },
    <>
      <BackLink href={to.town}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('verification.lead')}</p>
      <form class="form" action={to.verify()} method="post" novalidate>
        <TextArea
          name="code"
          label={t('verification.label')}
          hint={t('verification.hint')}
          value={tidied(typed)}
          error={error}
          rows={2}
          autocomplete="off"
          spellcheck={false}
        />
        <Button>{t('verification.button')}</Button>
      </form>
    </>,
  );
}

/** Returns what a receipt proves, without the person. */
function rowsOf({ t, dates, office }: OfficeVisit, receipt: VerifiedReceipt): SummaryRow[] {
  const { what, application, number, at, countsFrom, content } = receipt;
  const counts = countsFrom.toZonedDateTime(office.timeZone).toInstant();
  return [
    { label: t('receipt.what'), value: t('receipt.proves') },
    { label: t('receipt.kind'), value: t(`receipt.kind.${what}`, { number: application ?? '' }) },
    { label: t('receipt.number'), value: number },
    { label: t('receipt.at'), value: `${dates.longDay(at)}, ${dates.time(at)}` },
    { label: t('receipt.counts'), value: dates.longDay(counts) },
    { label: t('receipt.content'), value: <code>{content}</code> },
  ];
}

type Found = Extract<Verified['what'], { standing: 'here' }>;
type Gone = Exclude<Verified['what'], Found>;

function showFound(
  visit: OfficeVisit,
  code: string,
  { madeAt, what }: { madeAt: Temporal.Instant; what: Found },
  more: readonly SummaryRow[],
): Response {
  const { t, to, office, dates } = visit;
  const { type, size, sha256, seal } = what;
  const title = t('verification.found.title');
  const format = endingOf(type)?.toUpperCase() ?? type;
  const fetch = (what: 'file' | 'eni', text: string, kind: 'main' | 'quiet') => (
    <form action={to.verify(what)} method="post">
      <input type="hidden" name="code" value={code} />
      <Button kind={kind}>{text}</Button>
    </form>
  );
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('verification.found.lead')}</p>
      {fetch('file', t('verification.download'), 'main')}
      <SummaryList
        rows={[
          { label: t('verification.issuer'), value: <Say of={office.name} t={t} /> },
          {
            label: t('verification.when'),
            value: `${dates.longDay(madeAt)}, ${dates.time(madeAt)}`,
          },
          ...more,
          { label: t('verification.file'), value: `${format}, ${formatSize(t, size)}` },
          {
            label: t('verification.label'),
            value: <code class="csv">{grouped(code)}</code>,
          },
          { label: t('verification.sha256'), value: <code>{sha256}</code> },
        ]}
      />
      {seal ? <SealPart visit={visit} seal={seal} /> : null}
      {exportsEni(office) ? fetch('eni', t('verification.eni'), 'quiet') : null}
      <p class="soft">{t('verification.noted')}</p>
      <Again visit={visit} />
    </>,
  );
}

/** The code is right, but its document no longer exists. */
function showGone(
  visit: OfficeVisit,
  madeAt: Temporal.Instant,
  { standing, since }: Gone,
): Response {
  const { t, office, dates } = visit;
  const title = t(`verification.${standing}.title`);
  const days = { day: dates.longDay(madeAt), since: dates.longDay(since) };
  return visit.show(
    { title, status: 410, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t(`verification.${standing}.text`, days)}</p>
      <SummaryList
        rows={[{ label: t('verification.issuer'), value: <Say of={office.name} t={t} /> }]}
      />
      <Again visit={visit} />
    </>,
  );
}

function Again({ visit: { t, to } }: { visit: Visit }) {
  return (
    <p class="no-print">
      <a href={to.verify()}>{t('verification.again')}</a>
    </p>
  );
}
