import type { Rule } from '../rules/operators.ts';

/** A source of chance that begins with a number: the same number gives the same form. */
export interface Chance {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  one<T>(of: readonly T[]): T;
  /** Whether something happens that happens so many times in a hundred. */
  often(percent: number): boolean;
}

/** Returns a source of chance (mulberry32). */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    one: (of) => of[below(of.length)] as (typeof of)[number],
    often: (percent) => below(100) < percent,
  };
}

type Kind = 'number' | 'yesno' | 'date' | 'choice' | 'choices' | 'text' | 'group' | 'other';
interface Known {
  name: string;
  kind: Kind;
  items?: Known[];
}

const OPTIONS = ['a', 'b', 'c'];
const TODAY = '2026-11-29';
const DAYS = ['2000-02-29', '2020-06-30', '2024-02-29', TODAY, '2027-01-31'];

/** A maker of rules that only use what is known. */
class Rules {
  readonly #chance: Chance;
  readonly #known: readonly Known[];
  readonly #inItems: boolean;

  constructor(chance: Chance, known: readonly Known[], inItems = false) {
    this.#chance = chance;
    this.#known = known;
    this.#inItems = inItems;
  }

  #named(kind: Kind): Known | undefined {
    const found = this.#known.filter((each) => each.kind === kind);
    return found.length > 0 ? this.#chance.one(found) : undefined;
  }

  number(depth: number): Rule {
    const { below, one, often } = this.#chance;
    const name = this.#named('number');
    if (depth === 0 || often(25))
      return name && often(75) ? this.#name(name) : one([0, 1, 2.5, 3, 12.35, 100, 0.1, -4]);
    const part = () => this.number(depth - 1);
    const makers: (() => Rule)[] = [
      () => ({ '+': [part(), part(), part()] }),
      () => ({ '*': [part(), part()] }),
      () => ({ '-': often(30) ? [part()] : [part(), part()] }),
      () => ({ '/': [part(), name && often(50) ? { var: name.name } : one([3, 7, 0.6])] }),
      () => ({ min: [part(), part()] }),
      () => ({ max: [part(), part()] }),
      () => ({ round: [part(), below(4)] }),
      () => ({ '??': [part(), part()] }),
      () => ({
        if: [this.condition(depth - 1), part(), this.condition(depth - 1), part(), part()],
      }),
      () => ({ days: [this.day(), this.day()] }),
      () => ({ years: [this.day(), this.day()] }),
      ...this.#overGroup((group, inner) => ({ sum: [group, inner.number(depth - 1)] })),
      ...this.#overGroup((group) => ({ count: group })),
    ];
    return one(makers)();
  }

  condition(depth: number): Rule {
    const { one, often } = this.#chance;
    const name = this.#named('yesno');
    const choice = this.#named('choice');
    const choices = this.#named('choices');
    const any = this.#known.filter(({ kind }) => kind !== 'group');
    if (depth === 0) return name && often(60) ? this.#name(name) : this.#comparison(0);
    const makers: (() => Rule)[] = [
      () => this.#comparison(depth - 1),
      () => ({ '!': this.condition(depth - 1) }),
      () => ({ and: [this.condition(depth - 1), this.condition(depth - 1)] }),
      () => ({ or: [this.condition(depth - 1), this.condition(depth - 1)] }),
    ];
    if (any.length > 0) makers.push(() => ({ answered: one(any).name }));
    if (choice)
      makers.push(
        () => ({ [one(['==', '!='])]: [{ var: choice.name }, one(OPTIONS)] }),
        () => ({ in: [{ var: choice.name }, [one(OPTIONS), 'b']] }),
      );
    if (choices) makers.push(() => ({ in: [one(OPTIONS), { var: choices.name }] }));
    makers.push(
      ...this.#overGroup((group, inner) => ({
        [one(['some', 'all', 'none'])]: [group, inner.condition(depth - 1)],
      })),
    );
    return one(makers)();
  }

  day(): Rule {
    const { one, often } = this.#chance;
    const name = this.#named('date');
    if (name && often(60)) return { var: name.name };
    return often(50) ? { today: [] } : one(DAYS);
  }

  #name({ name, kind }: Known): Rule {
    if (kind === 'number' && this.#chance.often(20)) return { var: [name, 1.5] };
    return { var: name };
  }

  #comparison(depth: number): Rule {
    const { one, often } = this.#chance;
    const operator = one(['<', '<=', '>', '>=', '==', '!=']);
    if (often(25) && this.#named('date')) return { [operator]: [{ today: [] }, this.day()] };
    const parts = [this.number(depth), this.number(depth)];
    if (operator.startsWith('<') && often(20)) parts.push(this.number(0));
    return { [operator]: parts };
  }

  #overGroup(make: (group: Rule, inner: Rules) => Rule): (() => Rule)[] {
    const group = this.#named('group');
    if (!group || this.#inItems) return [];
    const inner = new Rules(this.#chance, [...this.#known, ...(group.items ?? [])], true);
    return [() => make({ var: group.name }, inner)];
  }
}

type Writing = Record<string, unknown>;

const TYPES = [
  ...['text', 'integer', 'integer', 'decimal', 'money', 'date', 'choice', 'choices', 'yesno'],
  ...['yesno', 'nif', 'iban', 'address', 'phone', 'email', 'file', 'place', 'computed', 'group'],
];
const KIND: Record<string, Kind> = {
  integer: 'number',
  decimal: 'number',
  money: 'number',
  yesno: 'yesno',
  date: 'date',
  choice: 'choice',
  choices: 'choices',
  text: 'text',
  group: 'group',
};

/** Returns a random form, as its file has it. Its rules only use what stands before them, with the right types. */
export function randomForm(chance: Chance): Writing {
  const { below, often, one } = chance;
  const known: Known[] = [
    { name: 'applicant.onBehalf', kind: 'yesno' },
    { name: 'applicant.organisation', kind: 'yesno' },
  ];
  const steps: Writing[] = [];
  for (let at = 0; at < 1 + below(4); at++) {
    const id = `s${at}`;
    const when = at > 0 && often(40) ? new Rules(chance, [...known]).condition(2) : undefined;
    const questions: Writing[] = [];
    for (let nth = 0; nth < 1 + below(5); nth++) {
      const question = randomQuestion(chance, `q${nth}`, one(TYPES), known);
      questions.push(question);
      known.push(knownOf(question, `${id}.q${nth}`));
    }
    steps.push({ id, questions, ...(when !== undefined && { when }), together: often(30) });
  }
  const rules = new Rules(chance, known);
  return {
    procedure: 'atzar',
    onBehalf: often(50),
    steps,
    declarations: often(70)
      ? [
          { id: 'd0', required: often(80) },
          { id: 'd1', when: rules.condition(2) },
        ]
      : [],
    ...(often(80) && { fee: rules.number(3) }),
    registry: often(50),
  };
}

function knownOf(question: Writing, name: string): Known {
  const type = String(question['type']);
  if (type === 'computed') return { name, kind: KIND[String(question['gives'])] ?? 'other' };
  if (type !== 'group') return { name, kind: KIND[type] ?? 'other' };
  const items = (question['questions'] as Writing[]).map((each) =>
    knownOf(each, `item.${each['id']}`),
  );
  return { name, kind: 'group', items };
}

function randomQuestion(
  chance: Chance,
  id: string,
  type: string,
  known: readonly Known[],
  inItems = false,
): Writing {
  const { below, often, one } = chance;
  const rules = () => new Rules(chance, [...known], inItems);
  const when = often(25) ? { when: rules().condition(2) } : {};
  if (type === 'computed') {
    const gives = one(['integer', 'decimal', 'money', 'yesno']);
    const value = gives === 'yesno' ? rules().condition(2) : rules().number(3);
    return { id, type, gives, value, ...when };
  }
  const common = { id, type, required: often(60), ...when };
  if (type === 'choice' || type === 'choices')
    return { ...common, options: OPTIONS.map((each) => ({ id: each })) };
  if (type === 'text') return { ...common, multiline: often(40), min: 1 + below(5), max: 20 };
  if (type === 'integer') return { ...common, min: -3 + below(5), max: 2 + below(50) };
  if (type === 'decimal') return { ...common, min: 0, decimals: 1 + below(3) };
  if (type === 'money') return { ...common, max: 500.5 };
  if (type === 'date')
    return { ...common, ...(often(50) ? { min: 'today-30y', max: 'today+1m' } : {}) };
  if (type === 'nif') return { ...common, accept: ['dni', 'nie', 'company'] };
  if (type === 'address') return { ...common, within: one(['town', 'anywhere']) };
  if (type === 'file') return { ...common, most: 1 + below(3) };
  if (type === 'place') return { ...common, ...randomPlace(chance) };
  if (type !== 'group') return common;
  const inner: Known[] = [...known];
  const questions: Writing[] = [];
  for (let nth = 0; nth < 1 + below(3); nth++) {
    const simple = TYPES.filter((each) => each !== 'group');
    const question = randomQuestion(chance, `i${nth}`, one(simple), inner, true);
    questions.push(question);
    inner.push(knownOf(question, `item.i${nth}`));
  }
  return { ...common, min: below(2), most: 3, questions };
}

const randomPlace = ({ one, often }: Chance): Writing => ({
  shape: one(['point', 'line', 'area']),
  ...(often(40) && {
    picture: { url: 'https://vilaclara.example/planol.png', width: 800, height: 600 },
  }),
});
