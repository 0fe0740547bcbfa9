import {
  type AnswerSummary,
  labelOf,
  rowsOf,
  summaryOf,
} from '../../../domain/form/answers/summary.ts';
import type { Answers, Applied } from '../../../domain/form/applied.ts';
import { filesIn } from '../../../domain/form/files.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import type { PdfPart } from '../../../lib/pdf/document.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { contextOf, kindOf, periodOf } from '../cases/rules.ts';
import type { HandedInRecord } from '../cases/service.ts';
import type { Applicant, CaseRecord, HandedInFor } from '../cases/types.ts';
import type { ToIssue } from '../verification/service.ts';
import type { ReceiptOf, ReceiptRow, ReceiptWords } from './types.ts';

/** Returns a receipt in words: what was registered, when it counts, who handed it in, and by when it is answered. */
export function receiptIn(
  of: ReceiptOf,
  { form, office, t }: { form: Form; office: Office; t: Translate },
): ReceiptWords {
  const { record, entry, by, answers } = of;
  const dates = datesIn(t.language, office.timeZone);
  const isApplication = !('what' in record);
  return {
    title: t('receipt.title', { number: numberText(entry) }),
    rows: [
      { label: t('receipt.number'), text: numberText(entry) },
      { label: t('case.receipt.when'), text: formatInstant(entry.at, office, dates, t) },
      { label: t('receipt.counts'), text: formatDay(entry.countsFrom, office, dates) },
      { label: t('case.receipt.office'), text: textIn(office.name, t.language) },
      ...kindRows(of, t),
      { label: t('case.receipt.what'), text: procedureOf(record, form, office, t) },
      { label: t('citizen.card.reference'), text: record.reference },
      ...(by === null && isOfSomebody(record) ? [] : peopleIn(by, t)),
      ...('handedInFor' in record && record.handedInFor
        ? handedInForRows(record.handedInFor, { dates, t })
        : []),
      ...('signature' in record ? signedIn(record, { office, dates, t }) : []),
      { label: t('case.receipt.hash'), text: entry.content, isCode: true },
      ...('of' in record ? [{ label: t('receipt.of'), text: record.of, isCode: true }] : []),
    ],
    term: isApplication ? termOf(form, entry.countsFrom, { office, dates, t }) : [],
    answers: t('signer' in record ? 'receipt.signed' : 'case.done.answers'),
    corrected: correctedIn(form, record, t),
    papers: answers ? papersOf(form, { answers }) : [],
  };
}

/** Returns which thing was handed in, where it is not the application. */
function kindRows({ about, application }: ReceiptOf, t: Translate): ReceiptRow[] {
  const kind = kindOf(about);
  if (kind === 'application') return [];
  const text = t(`receipt.kind.${kind}`, { number: application ?? '' });
  return [{ label: t('receipt.kind'), text }];
}

/** Returns the questions whose answers were corrected, and what was answered besides. */
function correctedIn(form: Form, record: HandedInRecord, t: Translate): ReceiptRow[] {
  if (!('changed' in record)) return [];
  const changed = new Set(record.changed);
  const named = [
    ...form.steps.flatMap(({ id, questions }) =>
      questions.map((question) => ({ name: `${id}.${question.id}`, text: labelOf(question, t) })),
    ),
    ...form.declarations.map(({ id, text }) => ({
      name: `declarations.${id}`,
      text: labelOf({ id, label: text }, t),
    })),
  ];
  const label = t('receipt.corrected.one');
  return [
    ...named.filter(({ name }) => changed.has(name)).map(({ text }) => ({ label, text })),
    ...(record.reply ? [{ label: t('receipt.reply'), text: record.reply }] : []),
  ];
}

/** Returns what the form of a receipt needs to know: limits such as "today" are those of the day on which the case was handed in. */
export const contextOfReceipt = ({ asOf }: ReceiptOf, office: Office, { language }: Translate) =>
  contextOf(office, asOf, language);

/** Returns the document of a receipt, in the language of its case. */
export function receiptDocument(
  of: ReceiptOf,
  { form, office, code }: { form: Form; office: Office; code: string },
): ToIssue {
  const { record, entry } = of;
  const { language } = record;
  const t = translateTo(language);
  const words = receiptIn(of, { form, office, t });
  const { title } = words;
  return {
    ...{ language, title, code, at: entry.at },
    office: textIn(office.name, language),
    subject: t('receipt.subject'),
    parts: [
      { as: 'H1', text: title },
      line(t('receipt.lead')),
      ...words.rows.map(labelled),
      line(t('case.receipt.hash.text')),
      ...titled(t('receipt.term.title'), words.term.map(line)),
      ...titled(t('receipt.corrected'), words.corrected.map(labelled)),
      ...answersIn(of, words, { form, office, t }),
      ...titled(t('receipt.papers'), words.papers.map(labelled)),
    ],
    how: t('receipt.verify'),
  };
}

/** Returns what was answered and declared, in parts; none where nothing was. */
function answersIn(
  of: ReceiptOf,
  words: ReceiptWords,
  { form, office, t }: { form: Form; office: Office; t: Translate },
): PdfPart[] {
  if (!of.answers) return [];
  const context = contextOfReceipt(of, office, t);
  const { steps, declarations } = summaryOf({ form, answers: of.answers, context }, t);
  return [
    ...titled(
      words.answers,
      steps.flatMap((each) => stepParts(each, t)),
    ),
    ...titled(t('case.declarations.title'), declaredIn(declarations, t)),
  ];
}

/** Returns whether whoever handed something in was identified: nothing else is said of them when they have erased who they are. */
const isOfSomebody = (record: HandedInRecord): boolean =>
  'signer' in record || Boolean(record.applicant);

/** Returns who handed it in, and for whom. What they only wrote is told as written. */
function peopleIn(by: Applicant | null, t: Translate): ReceiptRow[] {
  const listed = (...parts: (string | null)[]) => parts.filter(Boolean).join(', ');
  const asWritten = (name: string) => t('caseDesk.asWritten', { name });
  const label = t('receipt.by');
  if (!by || (by.masked === null && by.name === ''))
    return [{ label, text: t('receipt.by.nobody') }];
  const { name, masked, represents, claims } = by;
  const behalf = t('receipt.behalf');
  return [
    { label, text: masked === null ? asWritten(name) : listed(name, masked) },
    ...(represents
      ? [{ label: behalf, text: listed(represents.name, represents.identifier) }]
      : []),
    ...(claims ? [{ label: behalf, text: asWritten(claims) }] : []),
  ];
}

/** Returns the official who handed it in for whoever applies, with the consent and its hash. */
export function handedInForRows(
  { official, consent, hash }: HandedInFor,
  { dates, t }: { dates: Dates; t: Translate },
): ReceiptRow[] {
  const at = Temporal.Instant.from(consent.consent?.at ?? consent.preparedAt);
  const { name, post, order } = official;
  const when = { day: dates.longDay(at), time: dates.time(at) };
  return [
    { label: t('onBehalf.by'), text: t('onBehalf.by.text', { name, post, order, ...when }) },
    { label: t('onBehalf.hash'), text: hash, isCode: true },
  ];
}

/** Returns how it was signed besides by a session, with the hash of the signature; none where it was not. */
function signedIn(
  { signature }: Pick<CaseRecord, 'signature'>,
  { office, dates, t }: { office: Office; dates: Dates; t: Translate },
): ReceiptRow[] {
  if (!signature) return [];
  const at = formatInstant(Temporal.Instant.from(signature.at), office, dates, t);
  return [
    { label: t('signature.receipt'), text: t(`signature.way.${signature.way}`, { at }) },
    { label: t('signature.receipt.hash'), text: signature.sha256, isCode: true },
  ];
}

/** Formats an instant to the second, with its zone: it decides whether something came in time. */
function formatInstant(at: Temporal.Instant, office: Office, dates: Dates, t: Translate): string {
  const zoned = at.toZonedDateTimeISO(office.timeZone);
  const time = zoned.toPlainTime().toString({ smallestUnit: 'second' });
  return t('receipt.instant', { day: dates.longDay(at), time, zone: `UTC${zoned.offset}` });
}

const formatDay = (day: Temporal.PlainDate, { timeZone }: Office, dates: Dates): string =>
  dates.longDay(day.toZonedDateTime(timeZone).toInstant());

function termOf(
  form: Form,
  from: Temporal.PlainDate,
  { office, dates, t }: { office: Office; dates: Dates; t: Translate },
): string[] {
  const period = periodOf(form);
  const { decision } = form;
  const until = period && workingDaysOf(office.settings).endOf(period, from);
  if (!period || !decision || !until) return [];
  const long =
    'months' in period
      ? t('receipt.term.months', { months: period.months })
      : t('receipt.term.days', { days: period.workingDays });
  const day = formatDay(until, office, dates);
  return [t('receipt.term.text', { long, day }), t(`receipt.term.${decision.silence}`)];
}

/** A paragraph. */
export const line = (text: string): PdfPart => ({ as: 'P', text });
/** A paragraph that begins with what it is of. */
export const labelled = ({ label, text }: ReceiptRow): PdfPart => ({ as: 'P', label, text });
/** Parts under a heading; none where there are none. */
export const titled = (text: string, parts: readonly PdfPart[]): PdfPart[] =>
  parts.length === 0 ? [] : [{ as: 'H2', text }, ...parts];

/** Returns the parts of a step: its name, and its answers. */
export const stepParts = (step: AnswerSummary['steps'][number], t: Translate): PdfPart[] => [
  { as: 'H3', text: step.title },
  ...rowsOf(step, t).map(labelled),
];

/** Returns the declarations that were made, as a list. */
export const declaredIn = (declarations: Applied['declarations'], t: Translate): PdfPart[] =>
  declarations
    .filter(({ answer }) => answer === true)
    .map(({ declaration: { id, text } }) => ({ as: 'LI', text: textIn(text, t.language) || id }));

/** Returns what was asked for, in words. */
export function procedureOf(
  record: Pick<CaseRecord, 'procedure' | 'name'>,
  form: Form,
  office: Office,
  t: Translate,
): string {
  const procedure = office.procedures.find(({ code }) => code === record.procedure);
  return textIn(form.title ?? procedure?.name, t.language) || record.name;
}

/** Returns the files that were handed in, each with its hash as it was registered. */
export const papersOf = (form: Form, { answers }: { answers: Answers }): ReceiptRow[] =>
  filesIn(form, answers).map(({ file: { name, sha256 } }) => ({
    label: name,
    text: `SHA-256 ${sha256}`,
  }));
