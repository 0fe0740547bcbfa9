import { completeTown } from './complete.ts';
import type { Tell } from './references.ts';
import { type TownFile, townFileSchema } from './schema.ts';
import { checkSemantics } from './semantics.ts';
import { type Path, type Remark, readSource, type Source } from './source.ts';
import { inWords } from './words.ts';

export type { Remark } from './source.ts';

export type TownCheck =
  | { ok: true; town: TownFile; warnings: Remark[] }
  | { ok: false; mistakes: Remark[]; warnings: Remark[] };

/**
 * Reads a town file. Every mistake is told with its line, in plain words, sorted by line. A warning is about something
 * that can be applied but that the town will want to mend. Never throws, whatever the text.
 */
export function checkTownFile(text: string): TownCheck {
  const { source, mistakes } = readSource(text);
  if (!source) return { ok: false, mistakes: sorted(mistakes), warnings: [] };
  const warnings: Remark[] = [];
  const mistake = into(mistakes, source);
  const parsed = townFileSchema.safeParse(source.value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      for (const { path, message, part } of inWords(issue, townFileSchema, source.value)) {
        mistake(path, message, part);
      }
    }
  }
  checkSemantics(source.value, { mistake, warning: into(warnings, source) });
  if (!parsed.success || mistakes.length > 0) {
    return { ok: false, mistakes: sorted(mistakes), warnings: sorted(warnings) };
  }
  return { ok: true, town: completeTown(parsed.data), warnings: sorted(warnings) };
}

function into(remarks: Remark[], source: Source): Tell {
  return (path, message, part = 'value') => {
    remarks.push({ ...source.place(path, part), path: written(path), message });
  };
}

/** bodies.oac.shifts[3].agent */
function written(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`,
    )
    .join('');
}

function sorted(remarks: readonly Remark[]): Remark[] {
  const unique = new Map(
    remarks.map((each) => [`${each.line}:${each.column} ${each.path} ${each.message}`, each]),
  );
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
