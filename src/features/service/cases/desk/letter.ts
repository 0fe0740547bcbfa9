import type { Office } from '../../../../domain/office/types.ts';
import { datesIn } from '../../../../lib/i18n/dates.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import type { PdfPart } from '../../../../lib/pdf/document.ts';
import type { ToIssue } from '../../verification/service.ts';
import type { Applicant, CaseEntry, CaseRecord, CaseRow } from '../types.ts';
import { isOutcome } from './rules.ts';
import type { Decision } from './types.ts';

/** What the document of a decision is made of. */
export interface LetterOf {
  row: Pick<CaseRow, 'reference' | 'language'>;
  record: Pick<CaseRecord, 'name'>;
  decision: Pick<Decision, 'outcome' | 'content'>;
  applicant: Applicant | null;
  entry: CaseEntry | null;
  office: Pick<Office, 'name' | 'timeZone'>;
  code: string;
  at: Temporal.Instant;
  /** The name of the official who issues it. */
  by: string;
}

/** Returns the document of a decision, in the language of its case: what is decided, why, which appeal there is, by whom and when. */
export function letterOf(of: LetterOf): ToIssue {
  const { row, record, decision, applicant, entry, office, code, at, by } = of;
  const { language, reference } = row;
  const t = translateTo(language);
  const { outcome, content } = decision;
  const day = datesIn(language, office.timeZone).longDay(at);
  const name = textIn(office.name, language);
  const title = isOutcome(outcome)
    ? t(`caseDesk.letter.title.${outcome}`, { procedure: record.name })
    : record.name;
  const line = (text: string): PdfPart => ({ as: 'P', text });
  const part = (heading: string, text: string): PdfPart[] =>
    text === '' ? [] : [{ as: 'H2', text: heading }, ...paragraphsOf(text).map(line)];
  const who = [applicant?.represents ?? applicant?.name, applicant?.masked].filter(Boolean);
  return {
    ...{ language, title, code, at, office: name, subject: t('caseDesk.letter.subject') },
    parts: [
      { as: 'H1', text: title },
      line(t('caseDesk.letter.case', { reference, number: entry?.number ?? '' })),
      ...(who.length > 0 ? [line(t('caseDesk.letter.applicant', { who: who.join(', ') }))] : []),
      ...part(t('caseDesk.letter.text'), content.text),
      ...part(t('caseDesk.letter.reasons'), content.reasons),
      ...part(t('caseDesk.letter.appeal'), content.appeal),
      line(t('caseDesk.letter.by', { name: by, office: name, day })),
    ],
    how: t('caseDesk.letter.verify'),
  };
}

/** Returns the paragraphs of a text, which blank lines separate. */
const paragraphsOf = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((each) => each.replaceAll(/\s+/g, ' ').trim())
    .filter((each) => each !== '');
