import { LANGUAGE_NAMES, LANGUAGES } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { actFields } from './acts/fields.ts';
import { COMBINING } from './combining/fields.ts';
import { CONTACT, interpretersField } from './reaching/fields.ts';
import type { SectionName } from './sections.ts';
import type { Choice, Field } from './types.ts';

const number = (key: string) =>
  ({ kind: 'number', key, label: `admin.field.${key}` }) as Extract<Field, { kind: 'number' }>;

const hinted = (key: string) =>
  ({ ...number(key), hint: `admin.hint.${key}` }) as Extract<Field, { kind: 'number' }>;

const name = { kind: 'texts', key: 'name', label: 'admin.field.name' } as const satisfies Field;
const sender = (key: string) => ({ ...hinted(key), kind: 'text' }) as Field;
/** Other ways to be served, for an office or one procedure. */
export const OTHER_WAYS: Field = {
  kind: 'rows',
  key: 'otherWays',
  label: 'admin.field.otherWays',
  add: 'admin.add.way',
  fields: [
    name,
    { kind: 'texts', key: 'text', label: 'admin.field.wayText', rows: 3, optional: true },
    { kind: 'text', key: 'phone', type: 'tel', label: 'admin.field.phone' },
    { kind: 'text', key: 'url', type: 'url', label: 'admin.field.url' },
  ],
};

const why: Field = { kind: 'texts', key: 'why', label: 'admin.field.why', optional: true };
const days = (key: 'closures' | 'feastDays'): Field => ({
  kind: 'rows',
  key,
  label: `admin.field.${key}`,
  hint: `admin.hint.${key}`,
  add: `admin.add.${key}`,
  fields: [
    { kind: 'text', key: 'from', type: 'date', label: 'admin.field.from' },
    { kind: 'text', key: 'to', type: 'date', label: 'admin.field.to', hint: 'admin.hint.to' },
    why,
  ],
});

const named = (key: 'themes' | 'queries' | 'outcomes' | 'wrapUpCodes'): Field => ({
  kind: 'rows',
  key,
  label: `admin.field.${key}`,
  hint: `admin.hint.${key}`,
  add: `admin.add.${key}`,
  coded: true,
  fields: [name],
});

type Chosen = 'starts' | 'challenge' | 'sms' | 'names' | 'relay' | 'stills' | 'codes' | 'citizens';
const choices = (
  t: Translate,
  key: Chosen,
  values: readonly string[],
): Extract<Field, { kind: 'one' }> => ({
  kind: 'one',
  key,
  label: `admin.field.${key}`,
  choices: values.map((value) => ({
    value,
    label: t(`admin.choice.${key}.${value}` as 'admin.choice.starts.grid'),
  })),
});

type Grouped =
  | 'slots'
  | 'attempts'
  | 'booking'
  | 'waitList'
  | 'notices'
  | 'retention'
  | 'uploads'
  | 'video'
  | 'board'
  | 'calendars';
const group = (key: Grouped, fields: readonly Field[]): Field => ({
  kind: 'group',
  key,
  label: `admin.group.${key}`,
  fields,
});

const colour = (key: 'light' | 'dark') =>
  ({ kind: 'text', key, type: 'color', label: `admin.field.${key}` }) as const;

const languageChoices = (): Choice[] =>
  LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each], lang: each }));

/** The choices that depend on the office. */
export interface Offered {
  /** The public holidays that may be worked on. */
  openDays: readonly Choice[];
  /** Regions whose public holidays are known. */
  regions: readonly Choice[];
  procedures: readonly Choice[];
}

type Asking = (t: Translate, offered: Offered) => Field[];

const office: Asking = () => [
  name,
  { kind: 'texts', key: 'intro', label: 'admin.field.intro', rows: 4, optional: true },
  sender('mailFrom'),
  sender('smsFrom'),
  { kind: 'group', key: 'contact', label: 'admin.group.contact', fields: CONTACT },
];

const languages: Asking = (t, offered) => [
  {
    kind: 'several',
    key: 'languages',
    label: 'admin.field.offered',
    hint: 'admin.hint.offered',
    choices: languageChoices(),
  },
  {
    kind: 'one',
    key: 'first',
    label: 'admin.field.first',
    hint: 'admin.hint.first',
    choices: languageChoices(),
  },
  interpretersField(t),
  {
    kind: 'one',
    key: 'holidays',
    label: 'admin.field.holidays',
    isLong: true,
    hint: 'admin.hint.holidays',
    choices: offered.regions,
  },
];

const opening: Asking = (t) => [
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
  COMBINING,
  group('waitList', [number('offerMinutes'), number('offersPerDay')]),
];

const closures: Asking = (_, offered) => [
  days('closures'),
  days('feastDays'),
  {
    kind: 'several',
    key: 'openDays',
    label: 'admin.field.openDays',
    hint: 'admin.hint.openDays',
    choices: offered.openDays,
  },
];

const places: Asking = () => [
  {
    kind: 'rows',
    key: 'sites',
    label: 'admin.field.sites',
    hint: 'admin.hint.sites',
    add: 'admin.add.site',
    coded: true,
    fields: [
      name,
      { kind: 'text', key: 'address', label: 'admin.field.address' },
      {
        kind: 'texts',
        key: 'directions',
        label: 'admin.field.directions',
        rows: 3,
        optional: true,
      },
      { kind: 'text', key: 'location', label: 'admin.field.location' },
    ],
  },
  {
    kind: 'rows',
    key: 'walkIn',
    label: 'admin.field.walkIn',
    hint: 'admin.hint.walkIn',
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

const telephone: Asking = () => [
  {
    kind: 'group',
    key: 'phone',
    label: 'admin.group.phone',
    fields: [
      {
        kind: 'text',
        key: 'caller',
        type: 'tel',
        label: 'admin.field.caller',
        hint: 'admin.hint.caller',
      },
      {
        kind: 'text',
        key: 'prefix',
        type: 'tel',
        label: 'admin.field.prefix',
        hint: 'admin.hint.prefix',
      },
    ],
  },
];

const calls: Asking = (t) => [
  group('video', [
    { ...choices(t, 'relay', ['needed', 'always']), hint: 'admin.hint.relay' },
    { ...choices(t, 'stills', ['asked', 'never']), hint: 'admin.hint.stills' },
  ]),
  group('board', [
    { ...number('lateMinutes'), label: 'admin.field.boardLateMinutes' },
    number('unresponsiveMinutes'),
    number('wrapUpMinutes'),
    number('awayMinutes'),
  ]),
  group('calendars', [
    { ...choices(t, 'citizens', ['never', 'chosen']), hint: 'admin.hint.citizens' },
  ]),
];

const lists: Asking = () => [
  named('themes'),
  named('queries'),
  named('outcomes'),
  named('wrapUpCodes'),
];

const verification: Asking = (t) => [
  {
    kind: 'group',
    key: 'verification',
    label: 'admin.group.verification',
    fields: [
      { ...choices(t, 'codes', ['never', 'asked', 'usual']), hint: 'admin.hint.codes' },
      {
        kind: 'text',
        key: 'regulation',
        label: 'admin.field.regulation',
        hint: 'admin.hint.regulation',
      },
    ],
  },
  { kind: 'text', key: 'dir3', label: 'admin.field.dir3', hint: 'admin.hint.dir3' },
];

const notices: Asking = (t) => [
  group('notices', [
    hinted('reminderWorkingDays'),
    hinted('reminderMinutes'),
    choices(t, 'sms', ['only-without-email', 'reminders-too']),
    choices(t, 'names', ['first', 'office']),
    number('perDay'),
    hinted('lateMinutes'),
  ]),
];

const retention: Asking = () => [
  group('retention', [
    hinted('documentsHours'),
    hinted('contactDays'),
    hinted('notesDays'),
    hinted('evidenceDays'),
    hinted('paymentDays'),
  ]),
  group('uploads', [number('fileMegabytes'), number('files'), number('totalMegabytes')]),
];

const look: Asking = () => [
  {
    kind: 'group',
    key: 'look',
    label: 'admin.group.look',
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
        kind: 'group',
        key: 'logo',
        label: 'admin.group.logo',
        fields: [
          { kind: 'picture', key: 'url', label: 'admin.picture.file' },
          { kind: 'texts', key: 'alt', label: 'admin.field.alt', optional: true },
        ],
      },
    ],
  },
];

const SECTION_FIELDS: Record<SectionName, Asking> = {
  office,
  languages,
  opening,
  closures,
  places,
  telephone,
  calls,
  lists,
  acts: actFields,
  verification,
  notices,
  retention,
  look,
};

/** Returns the fields of a section, with choices in the reader's language. */
export const fieldsOf = (t: Translate, section: SectionName, offered: Offered): Field[] =>
  SECTION_FIELDS[section](t, offered);
