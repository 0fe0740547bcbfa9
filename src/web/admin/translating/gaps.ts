import type { Declaration } from '../../../features/booking/administration/types.ts';
import type { Finding } from '../../../formats/town-file/reading/check.ts';
import type { OlderText } from '../../../formats/town-file/versions/older.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { pageForMending } from '../places.ts';
import { PROCEDURE_PARTS, procedurePath } from '../procedures/fields.ts';
import { SECTIONS, type Sheet } from '../sections.ts';
import { type At, type Field, nameOf, type Value, valueAt } from '../types.ts';
import { isAskedIn } from '../wrong.ts';

/** How many translations a part of the declaration lacks, and how many are older than their original. */
export interface Gaps {
  missing: number;
  older: number;
}

type Gappy = Pick<Declaration, 'findings' | 'older'>;

const lackedBy = ({ slip }: Finding): string[] =>
  slip?.kind === 'untranslated' ? String(slip.values?.languages).split(', ') : [];

/** Returns the place of an older text in the office. */
export const placeOfOlder = ({ path }: OlderText): At => path.split('.');

/** Returns the gaps in the texts of a form: in one language, or in all of them. */
export function gapsIn(
  { findings, older }: Gappy,
  sheet: Pick<Sheet, 'base' | 'fields'>,
  language?: Language,
): Gaps {
  const isMeant = (each: string) => language === undefined || each === language;
  return {
    missing: findings
      .filter((each) => isAskedIn(sheet, each))
      .flatMap(lackedBy)
      .filter(isMeant).length,
    older: older.filter(
      (each) => isMeant(each.language) && isAskedIn(sheet, { field: placeOfOlder(each) }),
    ).length,
  };
}

/** Returns the gaps in the texts of everything that the office declares, in one language, by page. */
export function gapsByPage({ findings, older }: Gappy, language: Language): Map<string, Gaps> {
  const pages = new Map<string, Gaps>();
  const add = (field: At, what: keyof Gaps) => {
    const page = pageForMending({ field: [...field], slip: undefined });
    if (page === null) return;
    const gaps = pages.get(page) ?? { missing: 0, older: 0 };
    pages.set(page, { ...gaps, [what]: gaps[what] + 1 });
  };
  for (const each of findings) if (lackedBy(each).includes(language)) add(each.field, 'missing');
  for (const each of older) if (each.language === language) add(placeOfOlder(each), 'older');
  return pages;
}

/**
 * Returns the next page with gaps in a language after `page`, in the order of the administration; null when no other page has any. Pages
 * are below the address of the administration.
 */
export function nextWithGaps(
  declaration: Declaration,
  language: Language,
  page: string,
): string | null {
  const codes = [...declaration.state.procedures.keys()];
  const order = [
    ...codes.flatMap((code) => PROCEDURE_PARTS.map((part) => procedurePath(code, part))),
    ...SECTIONS,
  ];
  const pages = gapsByPage(declaration, language);
  const all = [...order, ...[...pages.keys()].filter((each) => !order.includes(each))];
  const at = all.indexOf(page);
  const following = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))];
  return following.find((each) => pages.has(each)) ?? null;
}

/** Returns the older texts of a form by the names of their fields. */
export function olderInForm(
  older: readonly OlderText[],
  { base, fields }: Pick<Sheet, 'base' | 'fields'>,
  value: Value,
): Map<string, OlderText> {
  const found = older.flatMap((each): [string, OlderText][] => {
    const place = placeOfOlder(each);
    if (!base.every((step, index) => String(place[index]) === String(step))) return [];
    const at = inForm(fields, value, place.slice(base.length));
    return at ? [[nameOf(at), each]] : [];
  });
  return new Map(found);
}

/** Returns the ticks of "still right" whose original is as the form showed it, and not changed by somebody else since. */
export function rightAsSeen(
  { older, state }: Pick<Declaration, 'older' | 'state'>,
  { base, fields }: Pick<Sheet, 'base' | 'fields'>,
  { value, right }: { value: Value; right: readonly string[] },
): string[] {
  const [original = ''] = state.settings.languages;
  return right.filter((path) => {
    const found = older.find((each) => each.path === path);
    const at = found && inForm(fields, value, placeOfOlder(found).slice(base.length));
    return at && valueAt(value, [...at.slice(0, -1), original]) === found.now;
  });
}

/** Returns a place with the codes of list entries replaced by their numbers in the form; null: it isn't in the form. */
function inForm(fields: readonly Field[], value: Value, [key, ...rest]: At): At | null {
  const field = fields.find((each) => each.key === key);
  if (!field) return null;
  if (field.kind === 'texts') return [field.key, ...rest];
  if (field.kind === 'group') {
    const inner = inForm(field.fields, (value[field.key] ?? {}) as Value, rest);
    return inner && [field.key, ...inner];
  }
  if (field.kind !== 'rows') return null;
  const [which, ...below] = rest;
  const rows = (value[field.key] ?? []) as Value[];
  const index = field.coded ? rows.findIndex(({ code }) => code === which) : Number(which);
  const row = rows[index];
  const inner = row && inForm(field.fields, row, below);
  return inner ? [field.key, index, ...inner] : null;
}
