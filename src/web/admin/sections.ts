import type { Declaration, Writing } from '../../features/town-file/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { At, Field, Value } from './types.ts';

/** The pages of the administration that are one form each. */
export const SECTIONS = [
  'office',
  'opening',
  'closures',
  'places',
  'lists',
  'notices',
  'retention',
  'look',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** One form of the administration, over one part of the declaration. */
export interface Sheet {
  fields: readonly Field[];
  /** Where the form's value stands in the body. */
  base: At;
  /** What the form shows. */
  shown: (declaration: Declaration) => Value;
  /** What the form says, as it is written in the town file. */
  written: (value: Value) => Value;
}

const number = (key: string) =>
  ({ kind: 'number', key, label: `admin.field.${key}` }) as Extract<Field, { kind: 'number' }>;

const hinted = (key: string) =>
  ({ ...number(key), hint: `admin.hint.${key}` }) as Extract<Field, { kind: 'number' }>;

const name = { kind: 'texts', key: 'name', label: 'admin.field.name' } as const satisfies Field;
const CONTACT: readonly Field[] = [
  { kind: 'text', key: 'email', type: 'email', label: 'admin.field.email' },
  { kind: 'text', key: 'phone', type: 'tel', label: 'admin.field.phone' },
  { kind: 'text', key: 'url', type: 'url', label: 'admin.field.url' },
];

/** Other ways to be served, of a body or of one procedure. */
export const OTHER_WAYS: Field = {
  ...{ kind: 'rows', key: 'otherWays', label: 'admin.field.otherWays', add: 'admin.add.way' },
  fields: [
    name,
    { kind: 'texts', key: 'text', label: 'admin.field.wayText', rows: 3, optional: true },
    { kind: 'text', key: 'phone', type: 'tel', label: 'admin.field.phone' },
    { kind: 'text', key: 'url', type: 'url', label: 'admin.field.url' },
  ],
};

const why: Field = { kind: 'texts', key: 'why', label: 'admin.field.why', optional: true };
const days = (key: 'closures' | 'feastDays'): Field => ({
  ...{ kind: 'rows', key, label: `admin.field.${key}`, hint: `admin.hint.${key}` },
  add: `admin.add.${key}`,
  fields: [
    { kind: 'text', key: 'from', type: 'date', label: 'admin.field.from' },
    { kind: 'text', key: 'to', type: 'date', label: 'admin.field.to', hint: 'admin.hint.to' },
    why,
  ],
});

const named = (key: 'themes' | 'queries'): Field => ({
  ...{ kind: 'rows', key, label: `admin.field.${key}`, hint: `admin.hint.${key}` },
  ...{ add: `admin.add.${key}`, coded: true, fields: [name] },
});

const choices = (t: Translate, key: 'starts' | 'challenge' | 'sms', values: readonly string[]) => ({
  ...({ kind: 'one', key, label: `admin.field.${key}` } as const),
  choices: values.map((value) => ({
    value,
    label: t(`admin.choice.${key}.${value}` as 'admin.choice.starts.grid'),
  })),
});

const group = (
  key: 'slots' | 'attempts' | 'booking' | 'waitingList' | 'notices' | 'retention' | 'uploads',
  fields: readonly Field[],
): Field => ({ kind: 'group', key, label: `admin.group.${key}`, fields });

const colour = (key: 'light' | 'dark') =>
  ({ kind: 'text', key, type: 'color', label: `admin.field.${key}` }) as const;

/** The form of a section, its choices said in the reader's language. `holidays`: the public holidays that may be worked on. */
export function sheetOf(
  t: Translate,
  section: SectionName,
  holidays: readonly { value: string; label: string }[],
): Sheet {
  const fields = fieldsOf(t, section, holidays);
  const keys = fields.map((each) => each.key);
  const plain = {
    fields,
    base: [],
    shown: ({ full }: Declaration) => Object.fromEntries(keys.map((key) => [key, full[key]])),
    written: (value: Value) => value,
  };
  if (section === 'closures')
    return {
      ...plain,
      shown: (all) => withRows(plain.shown(all), DAYS, spanOf),
      written: (value) => withRows(value, DAYS, daysOf),
    };
  if (section === 'lists')
    return { ...plain, shown: (all) => coded(plain.shown(all)), written: uncoded };
  return plain;
}

function fieldsOf(
  t: Translate,
  section: SectionName,
  holidays: readonly { value: string; label: string }[],
): Field[] {
  switch (section) {
    case 'office':
      return [
        name,
        { kind: 'texts', key: 'intro', label: 'admin.field.intro', rows: 4, optional: true },
        {
          kind: 'text',
          key: 'mailFrom',
          label: 'admin.field.mailFrom',
          hint: 'admin.hint.mailFrom',
        },
        {
          ...{ kind: 'group', key: 'phone', label: 'admin.group.phone' },
          fields: [
            {
              kind: 'text',
              key: 'caller',
              type: 'tel',
              label: 'admin.field.caller',
              hint: 'admin.hint.caller',
            },
          ],
        },
        { kind: 'group', key: 'contact', label: 'admin.group.contact', fields: CONTACT },
      ];
    case 'opening':
      return [
        group('slots', [
          number('leadMinutes'),
          number('horizonDays'),
          hinted('buffer'),
          choices(t, 'starts', ['grid', 'packed']),
          hinted('step'),
        ]),
        group('attempts', [number('max'), hinted('windowMinutes'), number('spacingMinutes')]),
        group('booking', [
          number('openPerPerson'),
          hinted('holdsPerAddress'),
          choices(t, 'challenge', ['never', 'busy', 'always']),
        ]),
        group('waitingList', [number('offerMinutes'), number('offersPerDay')]),
      ];
    case 'closures':
      return [
        days('closures'),
        days('feastDays'),
        {
          ...{ kind: 'several', key: 'openDays', label: 'admin.field.openDays' },
          ...{ hint: 'admin.hint.openDays', choices: holidays },
        },
      ];
    case 'places':
      return [
        {
          ...{
            kind: 'rows',
            key: 'walkIn',
            label: 'admin.field.walkIn',
            hint: 'admin.hint.walkIn',
          },
          add: 'admin.add.place',
          fields: [
            { ...name, optional: true },
            { kind: 'text', key: 'address', label: 'admin.field.address' },
            { kind: 'texts', key: 'hours', label: 'admin.field.hours', rows: 3 },
            { kind: 'text', key: 'phone', type: 'tel', label: 'admin.field.phone' },
            { kind: 'text', key: 'url', type: 'url', label: 'admin.field.url' },
          ],
        },
        OTHER_WAYS,
      ];
    case 'lists':
      return [named('themes'), named('queries')];
    case 'notices':
      return [
        group('notices', [
          hinted('reminderWorkingDays'),
          hinted('reminderMinutes'),
          choices(t, 'sms', ['only-without-email', 'reminders-too']),
          number('perDay'),
          hinted('lateMinutes'),
        ]),
      ];
    case 'retention':
      return [
        group('retention', [
          hinted('documentsHours'),
          hinted('contactDays'),
          hinted('notesDays'),
          hinted('evidenceDays'),
        ]),
        group('uploads', [number('fileMegabytes'), number('files'), number('totalMegabytes')]),
      ];
    case 'look':
      return [
        {
          ...{ kind: 'group', key: 'look', label: 'admin.group.look' },
          fields: [
            {
              kind: 'group',
              key: 'accent',
              label: 'admin.group.accent',
              fields: [colour('light'), colour('dark')],
            },
            {
              kind: 'group',
              key: 'accentInk',
              label: 'admin.group.accentInk',
              fields: [colour('light'), colour('dark')],
            },
            {
              ...{ kind: 'group', key: 'logo', label: 'admin.group.logo', hint: 'admin.hint.logo' },
              fields: [
                { kind: 'text', key: 'url', type: 'url', label: 'admin.field.url' },
                { kind: 'texts', key: 'alt', label: 'admin.field.alt', optional: true },
              ],
            },
          ],
        },
      ];
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
    const [old, now] = [part[field.key], value[field.key]];
    if (field.kind !== 'group') return [field.key, now];
    const inner = merged((old ?? {}) as Value, (now ?? {}) as Value, field.fields);
    return [field.key, Object.keys(inner).length > 0 ? inner : undefined];
  });
  const all = { ...part, ...Object.fromEntries(said) };
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined));
}

/** The body with its part at a path changed. */
export function withPart(body: Value, [step, ...rest]: At, change: (part: Value) => Value): Value {
  if (step === undefined) return change(body);
  const inner = (body[step] ?? {}) as Value;
  return { ...body, [step]: withPart(inner, rest, change) };
}

/** The part of a body that a sheet shows. */
export function partOf(body: Value, { base, fields }: Pick<Sheet, 'base' | 'fields'>): Value {
  const at = base.reduce<Value>((inner, step) => (inner[step] ?? {}) as Value, body);
  return Object.fromEntries(
    fields.flatMap(({ key }) => (at[key] === undefined ? [] : [[key, at[key]]])),
  );
}
