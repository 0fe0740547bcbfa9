import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import { type FileAnswer, MEGABYTE } from '../../../domain/form/answers/things.ts';
import {
  type Applied,
  type AppliedItem,
  type AppliedQuestion,
  applyForm,
} from '../../../domain/form/applied.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { type Texts, textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import type { PdfPart } from '../../../lib/pdf/document.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { contextOf, periodOf } from '../cases/rules.ts';
import type { CaseRecord } from '../cases/types.ts';
import type { ToIssue } from '../verification/service.ts';
import type { HandedInBy, ReceiptOf, ReceiptRow, ReceiptWords } from './types.ts';

/** Returns a receipt in words: what was registered, when it counts, who handed it in, and what. */
export function receiptIn(
  { opened, entry, by }: ReceiptOf,
  record: CaseRecord,
  { form, office, t }: { form: Form; office: Office; t: Translate },
): ReceiptWords {
  const dates = datesIn(t.language, office.timeZone);
  const answers = applyForm(form, record.answers, contextOf(office, entry.at, t.language));
  return {
    title: t('receipt.title', { number: numberText(entry) }),
    rows: [
      { label: t('receipt.number'), text: numberText(entry) },
      { label: t('case.receipt.when'), text: formatInstant(entry.at, office, dates, t) },
      { label: t('receipt.counts'), text: formatDay(entry.countsFrom, office, dates) },
      { label: t('case.receipt.office'), text: textIn(office.name, t.language) },
      { label: t('case.receipt.what'), text: procedureOf(record, form, office, t) },
      { label: t('citizen.card.reference'), text: opened.case.reference },
      ...rowsOf(by, t),
      { label: t('receipt.hash'), text: entry.content, isCode: true },
    ],
    term: termOf(form, entry.countsFrom, { office, dates, t }),
    answers: stepsOf(answers, form, t),
    declared: declaredIn(answers, t),
    papers: papersOf(answers, t),
  };
}

/** Returns the document of a receipt, in the language of its case. */
export function receiptDocument(
  of: ReceiptOf,
  record: CaseRecord,
  { form, office, code }: { form: Form; office: Office; code: string },
): ToIssue {
  const t = translateTo(record.language);
  const words = receiptIn(of, record, { form, office, t });
  const { title, rows, term, answers, declared, papers } = words;
  const heading = (as: 'H2' | 'H3', text: string): PdfPart => ({ as, text });
  const labelled = ({ label, text }: ReceiptRow): PdfPart => ({ as: 'P', label, text });
  const titled = (text: string, parts: readonly PdfPart[]): PdfPart[] =>
    parts.length === 0 ? [] : [heading('H2', text), ...parts];
  const line = (text: string): PdfPart => ({ as: 'P', text });
  return {
    ...{ language: record.language, title, code, at: of.entry.at },
    office: textIn(office.name, record.language),
    subject: t('receipt.subject'),
    parts: [
      { as: 'H1', text: title },
      line(t('receipt.lead')),
      ...rows.map(labelled),
      ...titled(t('receipt.term.title'), term.map(line)),
      ...titled(
        t('case.done.answers'),
        answers.flatMap((step) => [heading('H3', step.title), ...step.rows.map(labelled)]),
      ),
      ...titled(
        t('case.declarations.title'),
        declared.map((text) => ({ as: 'LI', text })),
      ),
      ...titled(t('receipt.papers'), papers.map(labelled)),
    ],
    how: t('receipt.verify'),
  };
}

const rowsOf = (by: HandedInBy | null, t: Translate): ReceiptRow[] => [
  {
    label: t('receipt.by'),
    text: by ? [by.name, by.masked].filter(Boolean).join(', ') : t('receipt.by.nobody'),
  },
  ...(by?.represents ? [{ label: t('receipt.behalf'), text: by.represents }] : []),
];

/** Formats an instant to the second, with its zone: it decides whether something came in time. */
function formatInstant(at: Temporal.Instant, office: Office, dates: Dates, t: Translate): string {
  const zoned = at.toZonedDateTimeISO(office.timeZone);
  const time = zoned.toPlainTime().toString({ smallestUnit: 'second' });
  return t('receipt.instant', { day: dates.longDay(at), time, zone: `UTC${zoned.offset}` });
}

const formatDay = (day: Temporal.PlainDate, { timeZone }: Office, dates: Dates): string =>
  dates.longDay(day.toZonedDateTime(timeZone).toInstant());

function procedureOf(record: CaseRecord, form: Form, office: Office, t: Translate): string {
  const procedure = office.procedures.find(({ code }) => code === record.procedure);
  return textIn(form.title ?? procedure?.name, t.language) || record.name;
}

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

const labelOf = ({ id, label }: { id: string; label?: Texts | undefined }, t: Translate): string =>
  textIn(label, t.language) || id;

function stepsOf({ steps }: Applied, form: Form, t: Translate): ReceiptWords['answers'] {
  return steps
    .map(({ step, questions }) => ({
      title: textIn(step.title, t.language) || textIn(form.title, t.language) || step.id,
      rows: questions.flatMap((each) => answerRows(each, t)),
    }))
    .filter(({ rows }) => rows.length > 0);
}

/** Returns the lines of a question: those of a group are its items' answers, each with what it is of. */
function answerRows(each: AppliedQuestion, t: Translate, of = ''): ReceiptRow[] {
  const { question, value, items } = each;
  if (question.type === 'computed' && value === null) return [];
  const label = of + labelOf(question, t);
  if (question.type !== 'group') return [{ label, text: shownAnswer(each, t).join(', ') }];
  if (items.length === 0) return [{ label, text: t('form.answer.none') }];
  return items.flatMap((item, at) => itemRows(item, `${label} ${at + 1} · `, t));
}

const itemRows = (item: AppliedItem, of: string, t: Translate): ReceiptRow[] =>
  item.flatMap((each) => answerRows(each as AppliedQuestion, t, of));

const declaredIn = ({ declarations }: Applied, t: Translate): string[] =>
  declarations
    .filter(({ answer }) => answer === true)
    .map(({ declaration }) => textIn(declaration.text, t.language) || declaration.id);

function papersOf({ steps }: Applied, t: Translate): ReceiptRow[] {
  const all = steps.flatMap(({ questions }) =>
    questions.flatMap((each) => [each, ...(each.items.flat() as AppliedQuestion[])]),
  );
  return all
    .filter(({ question, answer }) => question.type === 'file' && Array.isArray(answer))
    .flatMap(({ answer }) => answer as (FileAnswer & { sha256?: string })[])
    .map(({ name, bytes, sha256 }) => ({
      label: name,
      text: sha256
        ? `SHA-256 ${sha256}`
        : t('receipt.paper', { size: (bytes / MEGABYTE).toFixed(1) }),
    }));
}
