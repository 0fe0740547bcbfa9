import type { Declaration } from '../../features/booking/administration/types.ts';
import type { Writing } from '../../formats/town-file/writing/written.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { fieldsOf, type Offered } from './section-fields.ts';
import type { At, Field, Value } from './types.ts';

/** The pages of the administration that are one form each. */
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
  /** Where the form's value stands in the office. */
  base: At;
  /** What the form shows. */
  shown: (declaration: Declaration) => Value;
  /** What the form says, as it is written in the town file. */
  written: (value: Value) => Value;
}

/** The form of a section, its choices said in the reader's language. */
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

/** A closure as two days, of which the second may be left out. */
const spanOf = ({ date, from, to, ...rest }: Value): Value =>
  date === undefined ? { from, to, ...rest } : { from: date, ...rest };

const daysOf = ({ from, to, ...rest }: Value): Value => {
  if (from !== undefined && (to === undefined || to === from)) return { date: from, ...rest };
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...rest };
};

/** An act that says no procedures is for all of them. */
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

/** The part with what the form says in it; what the form doesn't ask for stays. */
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

/** The office with its part at a path changed. */
export function withPart(
  office: Value,
  [step, ...rest]: At,
  change: (part: Value) => Value,
): Value {
  if (step === undefined) return change(office);
  const inner = (office[step] ?? {}) as Value;
  return { ...office, [step]: withPart(inner, rest, change) };
}

/** The part of an office that a sheet shows. */
export function partOf(office: Value, { base, fields }: Pick<Sheet, 'base' | 'fields'>): Value {
  const at = base.reduce<Value>((inner, step) => (inner[step] ?? {}) as Value, office);
  return Object.fromEntries(
    fields.flatMap(({ key }) => (at[key] === undefined ? [] : [[key, at[key]]])),
  );
}
