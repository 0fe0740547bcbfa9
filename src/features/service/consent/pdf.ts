import { maskedIdentifier } from '../../../domain/identity.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import type { PdfPart } from '../../../lib/pdf/document.ts';
import type { CitizenProof } from '../../../lib/viewer.ts';
import type { ToIssue } from '../verification/service.ts';
import { formatIdentity } from './identity/words.ts';
import type { Kept } from './keeping.ts';
import { paperCode } from './paper/rules.ts';
import type { ActRecord, Proof, SignedPaper } from './types.ts';

/** Returns the citizen's copy of a consent, with its verification code. */
export function copyOf(
  { record, hash }: Pick<Kept, 'record' | 'hash'>,
  timeZone: string,
  code: string,
): ToIssue {
  const { language, title, office } = record;
  const t = translateTo(language);
  return {
    ...{ language, title, code, office: office.name, subject: t('acts.pdf.subject') },
    at: Temporal.Instant.from(record.consent?.at ?? record.preparedAt),
    parts: partsOf(record, hash, t, datesIn(language, timeZone)),
    how: t('acts.pdf.verify.how'),
  };
}

function partsOf(record: ActRecord, hash: string, t: Translate, dates: Dates): PdfPart[] {
  const line = (text: string): PdfPart => ({ as: 'P', text });
  return [
    ...contentOf(record, t, dates),
    ...formatConsent(record, t, dates).map(line),
    { as: 'H2', text: t('acts.pdf.kept') },
    line(t('acts.pdf.law')),
    line(t('acts.pdf.hash', { hash })),
  ];
}

/** Returns what is consented to, by whom and before whom, and how they were identified. */
export function contentOf(record: ActRecord, t: Translate, dates: Dates): PdfPart[] {
  const { citizen, official, documents, office, appointment } = record;
  const line = (text: string): PdfPart => ({ as: 'P', text });
  const heading = (text: string): PdfPart => ({ as: 'H2', text });
  return [
    { as: 'H1', text: record.title },
    line(t('acts.pdf.of', { office: office.name, reference: appointment.reference })),
    heading(t('acts.pdf.text')),
    ...paragraphsOf(record.text).map(line),
    ...formParts(record, t),
    ...(documents.length > 0 ? [heading(t('acts.documents'))] : []),
    ...documents.map(
      (each): PdfPart => ({
        as: 'LI',
        text: t('acts.pdf.document', { ...each, hash: each.sha256 }),
      }),
    ),
    heading(t('acts.pdf.who')),
    line(t('acts.pdf.citizen', { name: citizen.name })),
    ...(citizen.onBehalfOf ? [line(t('acts.pdf.behalf', { name: citizen.onBehalfOf }))] : []),
    line(t('acts.pdf.allowed')),
    line(t('acts.pdf.official', { name: official.name, post: official.post })),
    line(t('acts.pdf.order', { order: official.order, since: formatDay(official.since, dates) })),
    heading(t('acts.pdf.how')),
    ...formatCheck(record, t).map(line),
  ];
}

/** Returns what is handed in by the act: each answer and what is declared. Nothing where it hands in no form. */
function formParts({ case: of }: ActRecord, t: Translate): PdfPart[] {
  if (!of) return [];
  const { name, ...id } = of.person;
  return [
    { as: 'H2', text: t('onBehalf.answers') },
    { as: 'P', text: t('onBehalf.person', { name, masked: maskedIdentifier(id) }) },
    ...of.answered.map(({ label, text }): PdfPart => ({ as: 'P', label, text })),
    ...(of.declared.length > 0 ? [{ as: 'H2', text: t('onBehalf.declared') } as const] : []),
    ...of.declared.map(({ text }): PdfPart => ({ as: 'LI', text })),
    { as: 'P', text: t('onBehalf.answers.hash', { hash: of.answers }) },
  ];
}

/** Returns the paragraphs of a text, which blank lines separate. */
const paragraphsOf = (text: string): string[] =>
  text.split(/\n\s*\n/).map((each) => each.replaceAll(/\s+/g, ' ').trim());

/** Formats a day of the calendar, in any time zone. */
const formatDay = (day: string, dates: Dates): string =>
  dates.shortDay(Temporal.Instant.from(`${day}T12:00:00Z`));

const formatCheck = ({ identity }: ActRecord, t: Translate): string[] => [
  t('acts.pdf.identity', { how: t(`acts.identity.${identity.check}`) }),
  ...(identity.note ? [identity.note] : []),
];

function formatConsent({ consent }: ActRecord, t: Translate, dates: Dates): string[] {
  if (!consent) return [];
  const at = Temporal.Instant.from(consent.at);
  const when = { day: dates.longDay(at), time: dates.time(at) };
  return [
    t('acts.pdf.when', when),
    t(`acts.method.${consent.method}`),
    ...(consent.identity ? formatIdentity(consent.identity, t, dates) : []),
    ...(consent.code ? formatAddress(consent.code, t) : []),
    ...(consent.browser ? [t('acts.pdf.browser'), ...formatAddress(consent.browser, t)] : []),
    ...(consent.paper ? formatPaper(consent.paper, t) : []),
    ...(consent.witness ? [t(seenOrHeard(consent), { name: consent.witness.name })] : []),
  ];
}

const seenOrHeard = ({ paper }: Pick<Proof, 'paper'>) =>
  paper ? ('acts.pdf.paper.witness' as const) : ('acts.pdf.witness' as const);

const formatPaper = ({ printed, scan, place }: SignedPaper, t: Translate): string[] => [
  t('acts.pdf.paper.printed', { code: paperCode(printed), hash: printed }),
  ...(scan ? [t('acts.pdf.paper.scan', { name: scan.name, hash: scan.sha256 })] : []),
  ...(place ? [t('acts.pdf.paper.place', { place })] : []),
];

/** Formats where a code was sent and, if it was not the citizen, who set that address. */
const formatAddress = (
  { channel, to, setBy }: { channel: CitizenProof['channel']; to: string; setBy: string },
  t: Translate,
): string[] => [
  t(`acts.pdf.code.${channel}`, { to }),
  ...(setBy === 'citizen' || setBy.startsWith('person:')
    ? []
    : [t(setBy.startsWith('token:') ? 'acts.pdf.set.token' : 'acts.pdf.set.staff')]),
];
