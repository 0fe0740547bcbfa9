import { canonicalJson } from '../../lib/envelope/canonical-json.ts';
import { isLanguage, LANGUAGES, type Language } from '../../lib/i18n/languages.ts';
import type { Form } from './schema.ts';
import { statesOf } from './states.ts';

/** What a difference is about. */
export type DifferingThing = 'form' | 'step' | 'question' | 'option' | 'declaration';

/** One difference between two versions of a form, for a page that lists them. */
export interface FormDifference {
  /**
   * `added`, `removed`, `moved`: the thing itself; `text`: its words in one language; `rule`: a condition, a calculation or the fee;
   * `setting`: anything else.
   */
  kind: 'added' | 'removed' | 'moved' | 'text' | 'rule' | 'setting';
  thing: DifferingThing;
  /** The name of the thing: `local`, `local.taules`, `local.us.bar`, `declarations.veritat`; empty for the form. */
  name: string;
  /** What of it changed: `label`, `when`, `max`; absent for added, removed and moved things. */
  part?: string;
  language?: Language;
  /** Before and after; undefined where there was or is none. */
  before?: unknown;
  after?: unknown;
}

/** A thing of a form, taken apart: what it says of itself, and the things in it. */
interface Thing {
  thing: DifferingThing;
  name: string;
  id: string;
  own: Record<string, unknown>;
  inner: Thing[];
}

type Named = { id: string } & Record<string, unknown>;

/** The keys of a thing that hold rules. */
const RULES: ReadonlySet<string> = new Set(['when', 'value', 'fee']);

/** Returns what differs between two versions of a form, in the order of the new one. */
export const differenceOf = (before: Form, after: Form): FormDifference[] =>
  compared(thingOfForm(before), thingOfForm(after));

function thingOfForm(form: Form): Thing {
  const { steps, declarations, ...own } = form;
  return {
    thing: 'form',
    name: '',
    id: '',
    // A published form has its states written out.
    own: { ...own, states: statesOf(form) },
    inner: [
      ...steps.map((each) => thingOf('step', each, '')),
      ...declarations.map((each) => thingOf('declaration', each, 'declarations.')),
    ],
  };
}

function thingOf(thing: DifferingThing, value: Named, above: string): Thing {
  const { id, questions, options, ...own } = value;
  const name = `${above}${id}`;
  const below = (kind: DifferingThing, list: unknown): Thing[] =>
    Array.isArray(list) ? list.map((each: Named) => thingOf(kind, each, `${name}.`)) : [];
  const inner = [...below('question', questions), ...below('option', options)];
  return { thing, name, id, own, inner };
}

function compared(before: Thing, after: Thing): FormDifference[] {
  return [...comparedOwn(before, after), ...comparedInner(before.inner, after.inner)];
}

function comparedInner(before: readonly Thing[], after: readonly Thing[]): FormDifference[] {
  const key = ({ thing, id }: Thing) => `${thing} ${id}`;
  const old = new Map(before.map((each) => [key(each), each]));
  const now = new Set(after.map(key));
  const stayed = after.filter((each) => old.has(key(each)));
  const moved = movedIn(
    before.map(key).filter((each) => now.has(each)),
    stayed.map(key),
  );
  return [
    ...before
      .filter((each) => !now.has(key(each)))
      .map(
        ({ thing, name, own }): FormDifference => ({ kind: 'removed', thing, name, before: own }),
      ),
    ...after.flatMap((each): FormDifference[] => {
      const { thing, name, own } = each;
      const earlier = old.get(key(each));
      if (!earlier) return [{ kind: 'added', thing, name, after: own }];
      const place: FormDifference[] = moved.has(key(each)) ? [{ kind: 'moved', thing, name }] : [];
      return [...place, ...compared(earlier, each)];
    }),
  ];
}

/** Returns the keys that must move so that one order becomes the other: those outside a longest common run. */
function movedIn(before: readonly string[], after: readonly string[]): Set<string> {
  const place = new Map(before.map((each, index) => [each, index]));
  const runs: string[][] = [];
  for (const each of after) {
    const longest = runs
      .filter((run) => (place.get(run.at(-1) ?? '') ?? -1) < (place.get(each) ?? 0))
      .reduce<string[]>((best, run) => (run.length > best.length ? run : best), []);
    runs.push([...longest, each]);
  }
  const stays = new Set(runs.reduce((best, run) => (run.length > best.length ? run : best), []));
  return new Set(after.filter((each) => !stays.has(each)));
}

function comparedOwn(before: Thing, after: Thing): FormDifference[] {
  const parts = [...new Set([...Object.keys(before.own), ...Object.keys(after.own)])];
  return parts.flatMap((part) => {
    const [old, now] = [before.own[part], after.own[part]];
    if (isSame(old, now)) return [];
    const what = { thing: after.thing, name: after.name, part };
    if (isTexts(old) && isTexts(now)) return comparedTexts(what, old ?? {}, now ?? {});
    const kind = RULES.has(part) ? 'rule' : 'setting';
    return [{ kind, ...what, before: old, after: now }];
  });
}

function comparedTexts(
  what: Pick<FormDifference, 'thing' | 'name'> & { part: string },
  old: Partial<Record<Language, unknown>>,
  now: Partial<Record<Language, unknown>>,
): FormDifference[] {
  return LANGUAGES.filter((language) => old[language] !== now[language]).map((language) => ({
    kind: 'text',
    ...what,
    language,
    before: old[language],
    after: now[language],
  }));
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);

/** Returns whether a value is a text per language, or nothing. */
function isTexts(value: unknown): value is Partial<Record<Language, unknown>> | undefined {
  if (value === undefined) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.keys(value).every(isLanguage)
  );
}
