import type { PersonColumns } from '../lib/db/schema.ts';
import type { InterpretedLanguage } from '../lib/i18n/interpreted.ts';

export const NEEDS = [
  'sign_language',
  'real_time_text',
  'relay_service',
  'interpreter',
  'companion',
  'other',
] as const;
/** A need for help that the citizen declares, such as a sign language interpreter. */
export type Need = (typeof NEEDS)[number];

/**
 * The kind of content, which decides how a field is checked and normalised. `person`: the name of a person. `lines`: a text of several
 * lines. `interpreter`: the code of a language.
 */
type Kind = 'person' | 'email' | 'phone' | 'line' | 'lines' | 'needs' | 'interpreter';

interface Field {
  /** The column in `appointment` and in `wait_list`. */
  column: keyof PersonColumns;
  kind: Kind;
  /** `citizen`: name and contact details. `booking`: details of one booking. */
  part: 'citizen' | 'booking';
  /** The maximum in characters. Absent for needs and codes. */
  longest?: number;
  /** The value of an empty field, and of every field once the person's data is destroyed. */
  empty: '' | null | readonly [];
  /** Whether notices contain it; it is destroyed in those that were sent. */
  isInNotices?: true;
  /** Whether nobody books without it, on any channel. Which address a channel needs is a trait of the channel. */
  isRequired?: true;
  /** Whether it may be absent from older data, made before the field existed; absent means null. */
  isOptional?: true;
  /** The description in the API. */
  says: string;
  example?: string;
}

/**
 * The fields of a citizen: all of them personal data. Types, columns, limits, the API, reading of forms, the contents of notices and the
 * destruction of data follow from this list. The order is that of the forms.
 */
export const PERSON_FIELDS = {
  name: {
    column: 'name',
    kind: 'person',
    part: 'citizen',
    longest: 120,
    empty: '',
    isInNotices: true,
    isRequired: true,
    says: 'Who will be attended.',
    example: 'Rosa Soler',
  },
  phone: {
    column: 'phone',
    kind: 'phone',
    part: 'citizen',
    longest: 40,
    empty: null,
    says: 'Needed for phone; in person, this or an e-mail address. E.164, or as people write it in the town.',
    example: '+34600000001',
  },
  email: {
    column: 'email',
    kind: 'email',
    part: 'citizen',
    longest: 254,
    empty: null,
    says: 'Needed for video; in person, this or a telephone.',
    example: 'rosa@example.cat',
  },
  onBehalfOf: {
    column: 'on_behalf_of',
    kind: 'person',
    part: 'booking',
    longest: 120,
    empty: null,
    isInNotices: true,
    says: 'Whom it is for, when not for the citizen who books.',
  },
  needs: {
    column: 'needs',
    kind: 'needs',
    part: 'booking',
    empty: [],
    says: 'What the citizen needs to be attended.',
  },
  interpreter: {
    column: 'interpreter',
    kind: 'interpreter',
    part: 'booking',
    empty: null,
    isInNotices: true,
    isOptional: true,
    says: 'The language for which an interpreter is needed, of those that the office offers. It means the need `interpreter` too.',
  },
  comment: {
    column: 'comment',
    kind: 'lines',
    part: 'booking',
    longest: 1000,
    empty: '',
    says: 'What the citizen wants the desk to know.',
  },
} as const satisfies Record<string, Field>;

type Fields = typeof PERSON_FIELDS;
/** The name of a field of a citizen. */
export type PersonField = keyof Fields;
type FieldWith<P> = { [K in PersonField]: Fields[K] extends P ? K : never }[PersonField];
type ValueOf<K extends PersonField> = Fields[K]['kind'] extends 'needs'
  ? Need[]
  : Fields[K]['kind'] extends 'interpreter'
    ? InterpretedLanguage | null
    : Fields[K]['empty'] extends null
      ? string | null
      : string;
type OptionalField = FieldWith<{ isOptional: true }>;
type Values<K extends PersonField> = { [F in Exclude<K, OptionalField>]: ValueOf<F> } & {
  [F in Extract<K, OptionalField>]?: ValueOf<F>;
};

/** A text field: every field except needs and the interpreter's language. */
export type TextField = FieldWith<{ longest: number }>;
/** A field of the citizen's name and contact details. */
export type CitizenField = FieldWith<{ part: 'citizen' }>;
export type BookingField = FieldWith<{ part: 'booking' }>;
/** A field without which nobody books. */
export type RequiredField = FieldWith<{ isRequired: true }>;
type NoticeField = FieldWith<{ isInNotices: true }>;

/** The citizen's name and contact details. `phone` in E.164, such as +34930000010. */
export type Citizen = Values<CitizenField>;

/**
 * The details that the citizen gives when booking, already checked. `onBehalfOf`: the person that the appointment is for, when the citizen
 * books for somebody else.
 */
export type Details = { citizen: Citizen } & Values<BookingField>;

const entries = Object.entries(PERSON_FIELDS) as [PersonField, Field][];
const namesWhere = <K extends PersonField>(is: (field: Field) => boolean): K[] =>
  entries.filter(([, field]) => is(field)).map(([name]) => name as K);

/** The names of all fields, in the order of the list. */
export const PERSON_FIELD_NAMES: readonly PersonField[] = namesWhere(() => true);
/** The names of the fields that are texts. */
export const TEXT_FIELDS = namesWhere<TextField>(({ longest }) => longest !== undefined);
/** The names of the fields of the citizen's name and contact details. */
export const CITIZEN_FIELDS = namesWhere<CitizenField>(({ part }) => part === 'citizen');
/** The names of the fields without which nobody books. */
export const REQUIRED_FIELDS = namesWhere<RequiredField>(({ isRequired }) => isRequired === true);
/** The names of the fields that are about one booking. */
export const BOOKING_FIELDS = namesWhere<BookingField>(({ part }) => part === 'booking');
const NOTICE_FIELDS = namesWhere<NoticeField>(({ isInNotices }) => isInNotices === true);

const isCitizenField = (name: PersonField): name is CitizenField =>
  PERSON_FIELDS[name].part === 'citizen';

/** Details that have a value in every field, optional ones too. */
export type WholeDetails = { citizen: { [F in CitizenField]: ValueOf<F> } } & {
  [F in BookingField]: ValueOf<F>;
};
type SomeDetails = Pick<Details, 'citizen'> & Partial<Details>;

/** Returns the value of a field, or the value of an empty field. */
export function fieldOf<K extends PersonField>(details: SomeDetails, name: K): ValueOf<K> {
  const from = (isCitizenField(name) ? details.citizen : details) as Partial<
    Record<PersonField, unknown>
  >;
  return (from[name] ?? PERSON_FIELDS[name].empty) as ValueOf<K>;
}

/** Returns details made of a value for each field. */
export function detailsFrom(value: <K extends PersonField>(name: K) => ValueOf<K>): WholeDetails {
  const of = (names: readonly PersonField[]) =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  return { citizen: of(CITIZEN_FIELDS), ...of(BOOKING_FIELDS) } as unknown as WholeDetails;
}

/** Returns only the details from a larger value. */
export const detailsOf = (source: Details): WholeDetails =>
  detailsFrom((name) => fieldOf(source, name));

/** Returns empty details. */
export const nobody = (): Details => detailsFrom(emptyOf);

function emptyOf<K extends PersonField>(name: K): ValueOf<K> {
  const { empty } = PERSON_FIELDS[name];
  return (Array.isArray(empty) ? [] : empty) as ValueOf<K>;
}

/** Returns the values of a table's columns for a citizen's details. */
export const columnsOf = (details: Details): PersonColumns =>
  Object.fromEntries(
    PERSON_FIELD_NAMES.map((name) => [PERSON_FIELDS[name].column, fieldOf(details, name)]),
  ) as unknown as PersonColumns;

/** Returns the citizen's name and contact details as texts, for a form. */
export const textsOf = (citizen: Citizen): Record<CitizenField, string> =>
  Object.fromEntries(CITIZEN_FIELDS.map((name) => [name, citizen[name] ?? ''])) as Record<
    CitizenField,
    string
  >;

/** Returns the citizen's name and contact details as column values. */
export const citizenColumnsOf = (citizen: Citizen): Pick<PersonColumns, CitizenColumn> =>
  Object.fromEntries(
    CITIZEN_FIELDS.map((name) => [PERSON_FIELDS[name].column, fieldOf({ citizen }, name)]),
  ) as unknown as Pick<PersonColumns, CitizenColumn>;
type CitizenColumn = Fields[CitizenField]['column'];

/** Returns the details in the columns of a row. */
export const detailsOfRow = (row: PersonColumns): Details =>
  detailsFrom((name) => row[PERSON_FIELDS[name].column] as never);

/** The citizen's data in a notice. */
export type NoticePerson = Values<NoticeField>;
type Told = Pick<Details, 'citizen' | Extract<NoticeField, BookingField>>;

/** Returns the citizen's data for a notice. */
export const noticeFactsOf = (details: Told): NoticePerson =>
  Object.fromEntries(
    NOTICE_FIELDS.map((name) => [name, fieldOf(details, name)]),
  ) as unknown as NoticePerson;
