import type { Office } from '../../../../domain/office/types.ts';
import { datesIn } from '../../../../lib/i18n/dates.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../../lib/i18n/translate.ts';
import type { PdfPart } from '../../../../lib/pdf/document.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
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
  /** The official who issues it; null: nobody has. */
  by: Pick<StaffViewer, 'name' | 'role'> | null;
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
  return {
    ...{ language, title, code, at, office: name, subject: t('caseDesk.letter.subject') },
    parts: [
      { as: 'H1', text: title },
      line(t('caseDesk.letter.case', { reference, number: entry?.number ?? '' })),
      ...(applicant ? peopleIn(applicant, t).map(line) : []),
      ...part(t('caseDesk.letter.text'), content.text),
      ...part(t('caseDesk.letter.reasons'), content.reasons),
      ...part(t('caseDesk.letter.appeal'), content.appeal),
      ...(by
        ? [
            line(
              t('caseDesk.letter.by', {
                name: by.name,
                post: t(`people.post.${by.role}`),
                office: name,
                day,
              }),
            ),
          ]
        : []),
    ],
    how: t('caseDesk.letter.verify'),
  };
}

/** Returns who the case is about and who acts for them, each with their own identifier; what they only wrote is told as written. */
export function peopleIn(applicant: Applicant, t: Translate): string[] {
  const { name, masked, represents, claims } = applicant;
  const listed = (...parts: (string | null)[]) => parts.filter(Boolean).join(', ');
  const self = masked === null ? t('caseDesk.asWritten', { name }) : listed(name, masked);
  const lines: string[] = [];
  if (represents) {
    const who = listed(represents.name, represents.identifier);
    lines.push(t('caseDesk.letter.applicant', { who }));
    lines.push(t('caseDesk.letter.representative', { who: self }));
  } else if (name || masked) lines.push(t('caseDesk.letter.applicant', { who: self }));
  if (claims) lines.push(t('caseDesk.claims', { name: claims }));
  return lines;
}

/** Returns the paragraphs of a text, which blank lines separate. */
const paragraphsOf = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((each) => each.replaceAll(/\s+/g, ' ').trim())
    .filter((each) => each !== '');
