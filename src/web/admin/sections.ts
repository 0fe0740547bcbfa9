import type { Declaration } from '../../features/booking/administration/types.ts';
import type { Writing } from '../../formats/town-file/writing/written.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { fieldsOf, type Offered } from './section-fields.ts';
import type { At, Field, Value } from './types.ts';

/** The pages of the administration that consist of one form. */
export const SECTIONS = [
  'office',
  'languages',
  'opening',
  'closures',
  'places',
  'telephone',
  'calls',
  'lists',
  'acts',
  'verification',
  'notices',
  'retention',
  'look',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** One form of the administration, over one part of the declaration. */
export interface Sheet {
  fields: readonly Field[];
  /** The place of the form's value in the office. */
  base: At;
  /** Returns the values that the form shows. */
  shown: (declaration: Declaration) => Value;
  /** Returns the form's values as the town file writes them. */
  written: (value: Value) => Value;
}

/** Returns the form of a section, with choices in the reader's language. */
export function sheetOf(t: Translate, section: SectionName, offered: Offered): Sheet {
  const fields = fieldsOf(t, section, offered);
  const keys = fields.map((each) => each.key);
  const plain = {
    fields,
    base: [],
    shown: ({ full }: Declaration) => Object.fromEntries(keys.map((key) => [key, full[key]])),
    written: (value: Value) => value,
  };
  switch (section) {
    case 'closures':
      return {
        ...plain,
        shown: (all) => withRows(plain.shown(all), DAYS, spanOf),
        written: (value) => withRows(value, DAYS, daysOf),
      };
    case 'languages':
      return {
        ...plain,
        shown: (all) => ({ ...plain.shown(all), first: all.state.settings.languages[0] }),
        written: ({ first, languages, ...rest }) => ({
          ...rest,
          languages: [...new Set([first, ...(languages as string[])])].filter(Boolean),
        }),
      };
    case 'lists':
      return { ...plain, shown: (all) => coded(plain.shown(all)), written: uncoded };
    case 'places':
      return {
        ...plain,
        shown: (all) => withKey(plain.shown(all), 'sites', coded),
        written: (value) => withKey(value, 'sites', uncoded),
      };
    case 'acts':
      return {
        ...plain,
        shown: (all) => withKey(plain.shown(all), 'acts', coded),
        written: (value) => withKey(withRows(value, ['acts'], actOf), 'acts', uncoded),
      };
    default:
      return plain;
  }
}

const DAYS = ['closures', 'feastDays'] as const;

const withRows = (value: Value, keys: readonly string[], of: (row: Value) => Value): Value => ({
  ...value,
  ...Object.fromEntries(keys.map((key) => [key, ((value[key] ?? []) as Value[]).map(of)])),
});

/** Returns a closure as two days; the second is optional. */
const spanOf = ({ date, from, to, ...rest }: Value): Value =>
  date === undefined ? { from, to, ...rest } : { from: date, ...rest };

const daysOf = ({ from, to, ...rest }: Value): Value => {
  if (from !== undefined && (to === undefined || to === from)) return { date: from, ...rest };
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...rest };
};

/** An act without procedures is for all of them. */
const actOf = ({ procedures, ...act }: Value): Value =>
  (procedures as string[]).length > 0 ? { ...act, procedures } : act;

const withKey = (value: Value, key: string, how: (part: Value) => Value): Value => ({
  ...value,
  ...how({ [key]: value[key] }),
});

const coded = (value: Value): Value =>
  Object.fromEntries(
    Object.entries(value).map(([key, group]) => [
      key,
      Object.entries((group ?? {}) as Writing).map(([code, each]) => ({
        code,
        ...(each as Value),
      })),
    ]),
  );

const uncoded = (value: Value): Value =>
  Object.fromEntries(
    Object.entries(value).map(([key, rows]) => [
      key,
      Object.fromEntries((rows as Value[]).map(({ code, ...each }) => [code, each])),
    ]),
  );

/** Returns the part with the form's values; the parts without a field stay. */
export function merged(part: Value, value: Value, fields: readonly Field[]): Value {
  const said = fields.map((field): [string, unknown] => {
    const old = part[field.key];
    const now = value[field.key];
    if (field.kind !== 'group') return [field.key, now];
    const inner = merged((old ?? {}) as Value, (now ?? {}) as Value, field.fields);
    return [field.key, Object.keys(inner).length > 0 ? inner : undefined];
  });
  const all = { ...part, ...Object.fromEntries(said) };
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined));
}

/** Returns the office with the part at a path replaced. */
export function withPart(
  office: Value,
  [step, ...rest]: At,
  change: (part: Value) => Value,
): Value {
  if (step === undefined) return change(office);
  const inner = (office[step] ?? {}) as Value;
  return { ...office, [step]: withPart(inner, rest, change) };
}

/** Returns the part of an office that a sheet shows. */
export function partOf(office: Value, { base, fields }: Pick<Sheet, 'base' | 'fields'>): Value {
  const at = base.reduce<Value>((inner, step) => (inner[step] ?? {}) as Value, office);
  return Object.fromEntries(
    fields.flatMap(({ key }) => (at[key] === undefined ? [] : [[key, at[key]]])),
  );
}
