import { fingerprint } from '../../formats/town-file/changes/fingerprint.ts';
import { briefAddress, isFile } from '../../formats/town-file/look/logo.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Table } from '../../ui/parts.tsx';
import { type Entry, type Merge, mergeRows, type Shown } from './merge.ts';
import { changed } from './read.ts';
import { type At, type Field, nameOf, type Value, valueAt } from './types.ts';

/** What a form asks, as far as it is needed to tell two answers apart and to say both. */
interface Asked {
  t: Translate;
  fields: readonly Field[];
}

/** One answer of a form: a text in one language, a number, a list. */
interface Leaf {
  at: At;
  /** What was asked, in words. */
  label: string;
  value: unknown;
  /** What is in it, in words. */
  said: string;
  /** Of several choices: each of them. */
  chosen?: string[];
  /** Of a list: each thing in it. */
  things?: Entry<Thing>[];
}

/** A thing of a list, and its words. */
interface Thing {
  row: Value;
  said: string;
}

/** What somebody else has changed meanwhile, in one answer. */
export interface ClashRow {
  label: string;
  now: string[];
  /** What this form says instead; `taken`: it hadn't been touched here, and the form has the other's; `joined`: it has both. */
  yours: string[] | 'taken' | 'joined';
}

/** The answers of a form as they were shown, in few characters: what each has been changed from is known by it. */
export function standOf(asked: Asked, value: Value): string {
  const leaves = leavesOf(asked, value).map((each) => [nameOf(each.at), markOf(each)]);
  return JSON.stringify(Object.fromEntries(leaves));
}

/** Of a list, what each thing in it is known by. */
const markOf = ({ value, things }: Leaf): string | Shown =>
  things?.map(({ id, mark }) => [id, mark] as const) ?? mark(value);

/**
 * What somebody else has changed since the form was shown (`stand`), beside what was typed. `value`: the form with both: what
 * wasn't touched here is as the other left it, and what was stays as it was typed; so does each thing of a list.
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

/** What to say of a list that somebody else has changed: what it is made of now, where they only moved what is in it. */
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

/** Lists are told by what one has and the other hasn't. */
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

/** A value as a form would send it again: spaces, the order of keys and what is empty tell nothing. */
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
        // In all there are: which of them the office offers may change while a form is open.
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
 * The things of a list. Each is known by its code; where it has none, by the first that it says (a person's address, a place's
 * name, a first day), or by all that is in it.
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

/** Somebody else was quicker: what they changed, and what this form makes of it. */
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
