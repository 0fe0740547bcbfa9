import { fingerprint } from '../../formats/town-file/changes/fingerprint.ts';
import { briefAddress, isFile } from '../../formats/town-file/look/logo.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Table } from '../../ui/parts.tsx';
import { type Entry, type Merge, mergeRows, type Shown } from './merge.ts';
import { changed } from './read.ts';
import { type At, type Field, nameOf, type Value, valueAt } from './types.ts';

/** The parts of a form that are needed to compare two answers and to name them. */
interface Asked {
  t: Translate;
  fields: readonly Field[];
}

/** One answer of a form: a text in one language, a number, a list. */
interface Leaf {
  at: At;
  /** The question, in words. */
  label: string;
  value: unknown;
  /** The answer, in words. */
  said: string;
  /** The chosen values of a multiple choice. */
  chosen?: string[];
  /** The entries of a list. */
  things?: Entry<Thing>[];
}

/** An entry of a list, and its words. */
interface Thing {
  row: Value;
  said: string;
}

/** One answer that another person has changed meanwhile. */
export interface ClashRow {
  label: string;
  now: string[];
  /**
   * The answer in this form. `taken`: it wasn't changed here, so the form has the other person's;
   * `joined`: the form has both.
   */
  yours: string[] | 'taken' | 'joined';
}

/**
 * Returns the answers of a form as they were shown, in few characters. A later comparison with it finds
 * the changed answers.
 */
export function standOf(asked: Asked, value: Value): string {
  const leaves = leavesOf(asked, value).map((each) => [nameOf(each.at), markOf(each)]);
  return JSON.stringify(Object.fromEntries(leaves));
}

/** Returns the identity of each entry of a list. */
const markOf = ({ value, things }: Leaf): string | Shown =>
  things?.map(({ id, mark }) => [id, mark] as const) ?? mark(value);

/**
 * Returns another person's changes since the form was shown (`stand`), beside the typed answers.
 * `value`: the form with both
 * changes. An answer that wasn't changed here is the other person's; a changed one stays as it was
 * typed. The same holds for each entry of a list.
 */
export function clashOf(
  asked: Asked,
  versions: { now: Value; typed: Value; stand: string },
): { rows: ClashRow[]; value: Value } {
  const stand = marksIn(versions.stand);
  const theirs = new Map(leavesOf(asked, versions.now).map((each) => [nameOf(each.at), each]));
  const rows: ClashRow[] = [];
  let value = versions.typed;
  for (const mine of leavesOf(asked, versions.typed)) {
    const name = nameOf(mine.at);
    const other = theirs.get(name);
    if (!other) continue;
    const [said, is, was] = [markOf(mine), markOf(other), stand[name]].map((each) =>
      JSON.stringify(each),
    );
    if (said === is || was === is) continue;
    const { at, label } = mine;
    const isUntouched = was === said;
    if (mine.things && other.things) {
      const merge = mergeRows(shownIn(stand[name]), mine.things, other.things);
      const merged = merge.rows.map(({ row }) => row);
      value = changed(value, at, merged);
      rows.push(...listRows(asked.t, label, merge, isUntouched ? 'taken' : 'joined'));
      continue;
    }
    if (isUntouched) value = changed(value, at, valueAt(versions.now, at));
    const now = linesOf(other);
    const yours = linesOf(mine);
    rows.push({
      label,
      now: beyond(now, yours),
      yours: isUntouched ? 'taken' : beyond(yours, now),
    });
  }
  return { rows, value };
}

/**
 * Returns the rows for a list that another person has changed: the list as it is now, if they only moved
 * its entries.
 */
function listRows(
  t: Translate,
  label: string,
  { rows, added, removed, both }: Merge<Thing>,
  yours: 'taken' | 'joined',
): ClashRow[] {
  const saidOf = (things: readonly (Thing | null)[]) => things.flatMap((each) => each?.said ?? []);
  const now = [
    ...saidOf(added),
    ...saidOf(removed).map((what) => t('admin.clash.removed', { what })),
  ];
  const clashes = both.map((each) => ({
    label,
    now: saidOf([each.theirs]),
    yours: saidOf([each.mine]),
  }));
  if (now.length > 0) return [...clashes, { label, now, yours }];
  return clashes.length > 0 ? clashes : [{ label, now: saidOf(rows), yours }];
}

const linesOf = ({ said, chosen }: Leaf): string[] => chosen ?? [said].filter(Boolean);

/** Returns the lines of the first list that the second doesn't have. */
const beyond = (lines: readonly string[], others: readonly string[]): string[] =>
  lines.filter((each) => !others.includes(each));

const shownIn = (mark: unknown): Shown =>
  Array.isArray(mark)
    ? mark.filter(Array.isArray).map(([id, of]) => [String(id), String(of)] as const)
    : [];

function marksIn(stand: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(stand));
  } catch {
    return {};
  }
}

const mark = (value: unknown): string => fingerprint(plain(value) ?? null).slice(0, 8);

/** Returns a value as a form would send it again. Spaces, the order of keys and empty parts don't count. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? value.map((each) => plain(each)) : undefined;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .map(([key, each]) => [key, plain(each)] as const)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  if (value === false || value === undefined || value === null) return undefined;
  return String(value).replaceAll(/\s+/g, ' ').trim() || undefined;
}

function leavesOf(asked: Asked, value: Value, at: At = [], over = ''): Leaf[] {
  const { t, fields } = asked;
  return fields.flatMap((field): Leaf[] => {
    const here = [...at, field.key];
    const label = [over, t(field.label)].filter(Boolean).join(': ');
    const found = value[field.key];
    switch (field.kind) {
      case 'group':
        return leavesOf({ ...asked, fields: field.fields }, (found ?? {}) as Value, here, label);
      case 'texts':
      case 'words':
        // All languages: the office may offer other ones while a form is open.
        return LANGUAGES.map((language) => {
          const said = ((found ?? {}) as Value)[language];
          return {
            at: [...here, language],
            label: `${label} (${LANGUAGE_NAMES[language]})`,
            value: said,
            said: Array.isArray(said) ? said.join(', ') : String(said ?? ''),
          };
        });
      case 'rows': {
        const inner = { ...asked, fields: field.fields };
        return [{ at: here, label, value: found, said: '', things: thingsOf(inner, found) }];
      }
      case 'several': {
        const choices = field.choices.filter((each) =>
          ((found ?? []) as string[]).includes(each.value),
        );
        const value = choices.map((each) => each.value);
        const chosen = choices.map((each) => each.label);
        return [{ at: here, label, value, said: chosen.join(', '), chosen }];
      }
      case 'one': {
        const choice = field.choices.find((each) => each.value === found);
        return [{ at: here, label, value: found, said: choice?.label ?? '' }];
      }
      case 'yes': {
        const said = t(found === true ? 'admin.yes' : 'admin.no');
        return [{ at: here, label, value: found, said }];
      }
      default: {
        const said = String(found ?? '');
        return [{ at: here, label, value: found, said: isFile(said) ? briefAddress(said) : said }];
      }
    }
  });
}

/**
 * Returns the entries of a list. An entry's identity is its code; without a code, its first answer (a
 * person's address, a place's
 * name, a first day), or else everything in it.
 */
function thingsOf(asked: Asked, found: unknown): Entry<Thing>[] {
  const [first] = asked.fields;
  const seen = new Map<string, number>();
  return ((found ?? []) as Value[]).map((row) => {
    const leaves = leavesOf(asked, row);
    const of = mark(leaves.map((each) => each.value));
    const isSaid = first?.kind === 'text' || first?.kind === 'texts';
    const name = String(row.code || (isSaid && leaves.find((each) => each.said)?.said) || of);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const said = leaves.flatMap((each) => each.said || []).join(' · ');
    return { id: times > 1 ? `${name} ${times}` : name, mark: of, row: { row, said } };
  });
}

/** Shows another person's changes, and the result in this form. */
export function Clash({ t, rows }: { t: Translate; rows: readonly ClashRow[] }) {
  return (
    <div class="errors" role="alert" tabIndex={-1} autofocus>
      <h2>{t('admin.clash.title')}</h2>
      <p>{t('admin.clash.text')}</p>
      {rows.length > 0 ? (
        <Table
          caption={t('admin.clash.caption')}
          columns={[
            { head: t('admin.clash.where'), cell: (row) => row.label },
            { head: t('admin.clash.now'), cell: (row) => <Lines of={row.now} /> },
            {
              head: t('admin.clash.yours'),
              cell: ({ yours }) =>
                typeof yours === 'string' ? t(`admin.clash.${yours}`) : <Lines of={yours} />,
            },
          ]}
          rows={rows}
          keyOf={(row) => `${row.label} ${row.now.join()}`}
        />
      ) : null}
    </div>
  );
}

const Lines = ({ of: lines }: { of: readonly string[] }) =>
  lines.length > 0 ? lines.map((each) => <div key={each}>{each}</div>) : '–';
