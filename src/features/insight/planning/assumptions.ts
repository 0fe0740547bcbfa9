import { byChannel } from '../../../domain/channel.ts';
import { type Assumptions, SPANS } from './types.ts';

interface Field {
  least: number;
  most: number;
  /** The default of an empty field; null: the past value. */
  usual: number | null;
  /** Only whole numbers are allowed. */
  whole?: true;
}

/** All assumptions of a plan, in the order of the form. */
export const FIELDS = {
  ...byChannel(() => ({ least: 0, most: 100_000, usual: null })),
  calls: { least: 0, most: 5_000, usual: null },
  callMinutes: { least: 0.5, most: 120, usual: null },
  give: { least: 0, most: 90, usual: 15 },
  days: { least: 1, most: 30, usual: 3, whole: true },
  often: { least: 50, most: 99, usual: 90 },
  seconds: { least: 1, most: 900, usual: 20, whole: true },
  answered: { least: 10, most: 99, usual: 80 },
  patience: { least: 5, most: 3_600, usual: 120, whole: true },
  show: { least: 1, most: 100, usual: null },
  overbooking: { least: 0, most: 50, usual: 0 },
  shrinkage: { least: 0, most: 60, usual: 15 },
} as const satisfies Record<Exclude<keyof Assumptions, 'weeks'>, Field>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

export type Mistakes = Partial<Record<FieldName, 'number' | 'whole' | 'range'>>;

export type Read = { ok: true; assumptions: Assumptions } | { ok: false; mistakes: Mistakes };

/**
 * Reads the typed values, with a comma or a point for fractions. An empty field has its default.
 * @param typed by the field's name; '' for an empty field
 */
export function readAssumptions(typed: (name: FieldName | 'weeks') => string): Read {
  const mistakes: Mistakes = {};
  const read = (name: FieldName): number | null => {
    const { least, most, usual, whole }: Field = FIELDS[name];
    const text = typed(name).trim();
    if (!text) return usual;
    if (!/^-?\d{1,9}([.,]\d{1,6})?$/.test(text)) {
      mistakes[name] = 'number';
      return usual;
    }
    const number = Number(text.replace(',', '.'));
    if (number < least || number > most) mistakes[name] = 'range';
    else if (whole && !Number.isInteger(number)) mistakes[name] = 'whole';
    return number;
  };
  const sure = (name: FieldName): number => read(name) ?? 0;
  const weeks = SPANS.find((each) => String(each) === typed('weeks').trim()) ?? SPANS[1];
  const assumptions: Assumptions = {
    weeks,
    ...byChannel(read),
    calls: read('calls'),
    callMinutes: read('callMinutes'),
    give: sure('give'),
    days: sure('days'),
    often: sure('often'),
    seconds: sure('seconds'),
    answered: sure('answered'),
    patience: sure('patience'),
    show: read('show'),
    overbooking: sure('overbooking'),
    shrinkage: sure('shrinkage'),
  };
  return Object.keys(mistakes).length > 0 ? { ok: false, mistakes } : { ok: true, assumptions };
}
