import { type TownFile, townFileSchema } from '../../../domain/office/schema.ts';
import { checkSemantics } from '../checks/semantics.ts';
import { completeTown } from './complete.ts';
import type { Tell } from './references.ts';
import { type Path, type Remark, readSource, type Source, type SourceResult } from './source.ts';
import { inWords, type Sentence } from './words.ts';

export type TownCheck =
  | { ok: true; town: TownFile; warnings: Remark[] }
  | { ok: false; mistakes: Remark[]; warnings: Remark[] };

/** A mistake or a warning at a path of a value, which may not come from a file. */
export interface Finding extends Sentence {
  grade: 'mistake' | 'warning';
}

/** A value that may be a town file, with the remarks on it; the town when there is no mistake. */
export interface ValueCheck {
  town: TownFile | null;
  findings: Finding[];
}

/** What was read beside a town file. */
export interface Beside {
  /** The codes of the town's areas; undefined: they were not read, and references to them are not checked. */
  areas?: readonly string[] | undefined;
}

/** Checks the value of a town file, from any source. Never throws. */
export function checkTown(value: unknown, { areas }: Beside = {}): ValueCheck {
  const findings: Finding[] = [];
  const parsed = townFileSchema.safeParse(value);
  for (const issue of parsed.error?.issues ?? [])
    for (const each of inWords(issue, townFileSchema, value))
      findings.push({ ...each, grade: 'mistake' });
  const tell =
    (grade: Finding['grade']): Tell =>
    (path, message, part = 'value', slip) =>
      findings.push({ grade, path, message, part, field: path, slip });
  checkSemantics(value, { mistake: tell('mistake'), warning: tell('warning') }, areas);
  const isRight = parsed.success && findings.every((each) => each.grade === 'warning');
  return { town: isRight ? completeTown(parsed.data) : null, findings };
}

/**
 * Reads a town file. Every mistake is reported with its line, in plain words, sorted by line. A file with warnings can be applied, but the
 * town should correct them. Never throws, for any text.
 */
export const checkTownFile = (text: string, beside: Beside = {}): TownCheck =>
  checkTownSource(readSource(text), beside);

/** Does the same for a file that was read, which takes longer than to check it. */
export function checkTownSource(
  { source, mistakes }: SourceResult,
  beside: Beside = {},
): TownCheck {
  if (!source) return { ok: false, mistakes: sorted(mistakes), warnings: [] };
  const { town, findings } = checkTown(source.value, beside);
  const warnings = sorted(remarksOf(findings, 'warning', source));
  const all = sorted([...mistakes, ...remarksOf(findings, 'mistake', source)]);
  if (!town || all.length > 0) return { ok: false, mistakes: all, warnings };
  return { ok: true, town, warnings };
}

/** Returns the findings of one grade, with their lines. */
export const remarksOf = (
  findings: readonly Finding[],
  grade: Finding['grade'],
  source: Source,
): Remark[] => findings.filter((each) => each.grade === grade).map((each) => remark(each, source));

function remark({ path, part, message }: Finding, source: Source): Remark {
  return { ...source.place(path, part), path: written(path), message };
}

/** Returns a path as text: offices.oac.shifts[3].desk */
function written(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`,
    )
    .join('');
}

/** Returns remarks in the order of the file, each once. */
export function sorted(remarks: readonly Remark[]): Remark[] {
  const unique = new Map(
    remarks.map((each) => [`${each.line}:${each.column} ${each.path} ${each.message}`, each]),
  );
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
