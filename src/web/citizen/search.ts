import type { Procedure } from '../../features/bodies/types.ts';
import { type Language, textIn } from '../../lib/i18n/languages.ts';

/** Lower case and without accents: what people type on a phone. `ŀl` and `l·l` are `ll`. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/l·l|ŀl/gi, 'll')
    .toLowerCase();
}

const words = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Words that say nothing: shorter than three letters, unless that is all there is. */
function meaningful(all: string[]): string[] {
  const long = all.filter((each) => each.length >= 3);
  return long.length > 0 ? long : all;
}

/**
 * The procedures that have every word looked for, each at the beginning of one of theirs, in name, summary or keywords.
 * Those whose name has them come first. Nothing looked for finds everything.
 */
export function searchProcedures(
  procedures: readonly Procedure[],
  language: Language,
  sought: string,
): Procedure[] {
  const wanted = meaningful(words(sought));
  if (wanted.length === 0) return [...procedures];
  const has = (text: string) => {
    const own = words(text);
    return wanted.every((each) => own.some((word) => word.startsWith(each)));
  };
  const found = procedures.map((procedure) => {
    const name = textIn(procedure.name, language);
    const keywords = (procedure.keywords[language] ?? []).join(' ');
    const all = `${name} ${textIn(procedure.summary, language)} ${keywords}`;
    return { procedure, rank: has(name) ? 0 : has(all) ? 1 : 2 };
  });
  return [0, 1].flatMap((rank) =>
    found.filter((each) => each.rank === rank).map((each) => each.procedure),
  );
}
