import { byChannel } from '../../../domain/channel.ts';
import { type Assumptions, SPANS } from './types.ts';

/** A number that one can type. */
export interface Field {
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

export type Mistake = 'number' | 'whole' | 'range';
export type Mistakes = Partial<Record<FieldName, Mistake>>;

export type Read = { ok: true; assumptions: Assumptions } | { ok: false; mistakes: Mistakes };

/** Reads a typed number, with a comma or a point for fractions; an empty field has its default. */
export function readNumber(
  { least, most, usual, whole }: Field,
  typed: string,
): { value: number | null; mistake?: Mistake } {
  const text = typed.trim();
  if (!text) return { value: usual };
  if (!/^-?\d{1,9}([.,]\d{1,6})?$/.test(text)) return { value: usual, mistake: 'number' };
  const value = Number(text.replace(',', '.'));
  if (value < least || value > most) return { value, mistake: 'range' };
  return whole && !Number.isInteger(value) ? { value, mistake: 'whole' } : { value };
}

/**
 * Reads the typed values, with a comma or a point for fractions. An empty field has its default.
 * @param typed by the field's name; '' for an empty field
 */
export function readAssumptions(typed: (name: FieldName | 'weeks') => string): Read {
  const mistakes: Mistakes = {};
  const read = (name: FieldName): number | null => {
    const { value, mistake } = readNumber(FIELDS[name], typed(name));
    if (mistake) mistakes[name] = mistake;
    return value;
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
