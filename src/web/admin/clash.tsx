import { briefAddress, isFile } from '../../features/town-file/rules.ts';
import { fingerprint } from '../../features/town-file/service.ts';
import { LANGUAGE_NAMES, type Language } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Table } from '../../ui/parts.tsx';
import { changed } from './read.ts';
import { type At, type Field, nameOf, type Value, valueAt } from './types.ts';

/** What a form asks, as far as it is needed to tell two answers apart and to say both. */
interface Asked {
  t: Translate;
  fields: readonly Field[];
  languages: readonly Language[];
}

/** One answer of a form: a text in one language, a number, a list. */
interface Leaf {
  at: At;
  /** What was asked, in words. */
  label: string;
  value: unknown;
  /** What is in it, a line for each thing. */
  lines: string[];
}

/** One answer that somebody else has changed meanwhile. */
export interface ClashRow {
  label: string;
  now: string[];
  /** What this form says instead; null: it hadn't been touched here, and the form has the other's. */
  yours: string[] | null;
}

/** The answers of a form as they were shown, in few characters: what each has been changed from is known by it. */
export function standOf(asked: Asked, value: Value): string {
  const leaves = leavesOf(asked, value).map((each) => [nameOf(each.at), mark(each.value)]);
  return JSON.stringify(Object.fromEntries(leaves));
}

/**
 * What somebody else has changed since the form was shown (`stand`), beside what was typed. `value`: the form with both: what
 * wasn't touched here is as the other left it, and what was stays as it was typed.
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
    const [said, is] = [mark(mine.value), mark(other?.value)];
    if (!other || said === is || stand[name] === is) continue;
    const isUntouched = stand[name] === said;
    if (isUntouched) value = changed(value, mine.at, valueAt(versions.now, mine.at));
    rows.push({
      label: mine.label,
      now: beyond(other.lines, mine.lines),
      yours: isUntouched ? null : beyond(mine.lines, other.lines),
    });
  }
  return { rows, value };
}

function marksIn(stand: string): Record<string, string> {
  try {
    return Object(JSON.parse(stand));
  } catch {
    return {};
  }
}

/** Lists are told by what one has and the other hasn't; where that is nothing, their order differs. */
function beyond(lines: readonly string[], others: readonly string[]): string[] {
  const own = lines.filter((each) => !others.includes(each));
  return own.length > 0 || lines.length !== others.length ? own : [...lines];
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
  const { t, fields, languages } = asked;
  return fields.flatMap((field): Leaf[] => {
    const here = [...at, field.key];
    const label = [over, t(field.label)].filter(Boolean).join(': ');
    const found = value[field.key];
    switch (field.kind) {
      case 'group':
        return leavesOf({ ...asked, fields: field.fields }, (found ?? {}) as Value, here, label);
      case 'texts':
      case 'words':
        return languages.map((language) => {
          const said = ((found ?? {}) as Value)[language];
          return {
            at: [...here, language],
            label: `${label} (${LANGUAGE_NAMES[language]})`,
            value: said,
            lines: [Array.isArray(said) ? said.join(', ') : String(said ?? '')].filter(Boolean),
          };
        });
      case 'rows': {
        const inner = { ...asked, fields: field.fields };
        const lines = ((found ?? []) as Value[]).map((row) =>
          leavesOf(inner, row)
            .flatMap((each) => each.lines)
            .join(' · '),
        );
        return [{ at: here, label, value: found, lines }];
      }
      case 'several': {
        const chosen = field.choices.filter((each) =>
          ((found ?? []) as string[]).includes(each.value),
        );
        const value = chosen.map((each) => each.value);
        return [{ at: here, label, value, lines: chosen.map((each) => each.label) }];
      }
      case 'one': {
        const choice = field.choices.find((each) => each.value === found);
        return [{ at: here, label, value: found, lines: choice ? [choice.label] : [] }];
      }
      case 'yes': {
        const lines = [t(found === true ? 'admin.yes' : 'admin.no')];
        return [{ at: here, label, value: found, lines }];
      }
      default: {
        const said = String(found ?? '');
        const lines = [isFile(said) ? briefAddress(said) : said].filter(Boolean);
        return [{ at: here, label, value: found, lines }];
      }
    }
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
              cell: (row) => (row.yours ? <Lines of={row.yours} /> : t('admin.clash.taken')),
            },
          ]}
          rows={rows}
          keyOf={(row) => row.label}
        />
      ) : null}
    </div>
  );
}

const Lines = ({ of: lines }: { of: readonly string[] }) =>
  lines.length > 0 ? lines.map((each) => <div key={each}>{each}</div>) : '–';
