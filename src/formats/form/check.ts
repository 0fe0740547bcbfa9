import { type Form, formSchema } from '../../domain/form/schema.ts';
import type { TownFile } from '../../domain/office/schema.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import type { Finding } from '../town-file/reading/check.ts';
import { remarksOf, sorted } from '../town-file/reading/check.ts';
import type { Tell } from '../town-file/reading/references.ts';
import { type Remark, readSource } from '../town-file/reading/source.ts';
import { Spot } from '../town-file/reading/spot.ts';
import { inWords } from '../town-file/reading/words.ts';
import { unreachableIn } from './analysis/reach.ts';
import { checkFormSemantics } from './analysis/semantics.ts';
import { checkFormTexts, languagesIn } from './analysis/texts.ts';
import { checkFormInTown } from './analysis/town.ts';

export type FormCheck =
  | { ok: true; form: Form; warnings: Remark[] }
  | { ok: false; mistakes: Remark[]; warnings: Remark[] };

/** The most characters of a form. One of a hundred questions in four languages has about a hundred thousand. */
const MOST_CHARACTERS = 500_000;

/**
 * Reads the file of a form. Every mistake is reported with its line, in plain words, sorted by line. A form with warnings can be published, but
 * the town should correct them. Never throws, for any text.
 *
 * @param languages the languages that its texts must have, where the file does not list them; by default those that it has anywhere
 * @param town the town file whose folder the form is in, with which it is compared
 */
export function checkFormFile(
  text: string,
  languages?: readonly Language[],
  town?: TownFile,
): FormCheck {
  if (text.length > MOST_CHARACTERS) return tooLong(text);
  const { source, mistakes } = readSource(text);
  if (!source) return { ok: false, mistakes: sorted(mistakes), warnings: [] };
  const { form, findings } = checkForm(source.value, languages, town);
  const warnings = sorted(remarksOf(findings, 'warning', source));
  const all = sorted([...mistakes, ...remarksOf(findings, 'mistake', source)]);
  if (!form || all.length > 0) return { ok: false, mistakes: all, warnings };
  return { ok: true, form, warnings };
}

function tooLong(text: string): FormCheck {
  const message = `The file is too long for a form: ${text.length} characters; the limit is ${MOST_CHARACTERS}.`;
  return { ok: false, mistakes: [{ line: 1, column: 1, path: '', message }], warnings: [] };
}

/** Checks the value of a form, from any source. Never throws. */
export function checkForm(
  value: unknown,
  languages?: readonly Language[],
  town?: TownFile,
): { form: Form | null; findings: Finding[] } {
  const findings: Finding[] = [];
  const parsed = formSchema.safeParse(value);
  for (const issue of parsed.error?.issues ?? [])
    for (const each of inWords(issue, formSchema, value))
      findings.push({ ...each, grade: 'mistake' });
  const tell =
    (grade: Finding['grade']): Tell =>
    (path, message, part = 'value', slip) =>
      findings.push({ grade, path, message, part, field: path, slip });
  const mistake = tell('mistake');
  const warning = tell('warning');
  const root = new Spot(value, []);
  checkFormSemantics(root, { mistake, warning });
  const own = root.get('languages').strings();
  checkFormTexts(root, own.length > 0 ? own : (languages ?? languagesIn(root)), warning);
  if (town && parsed.success) checkFormInTown(parsed.data, town, { mistake, warning });
  const isRight = () => parsed.success && findings.every((each) => each.grade === 'warning');
  if (isRight() && parsed.success)
    for (const { path, name } of unreachableIn(parsed.data))
      mistake(path, `"${name}" is never asked: no answers make this condition hold.`);
  return { form: isRight() && parsed.success ? parsed.data : null, findings };
}
