import type { PersonColumns } from '../lib/db/schema.ts';

export const NEEDS = [
  'sign_language',
  'real_time_text',
  'relay_service',
  'interpreter',
  'companion',
  'other',
] as const;
/** What a citizen needs so as to be attended. */
export type Need = (typeof NEEDS)[number];

/** What a field holds, and so how it is checked and tidied. `person`: somebody's name. `lines`: a text of several lines. */
type Kind = 'person' | 'email' | 'phone' | 'line' | 'lines' | 'needs';

interface Field {
  /** In `appointment` and in `wait_list`. */
  column: keyof PersonColumns;
  kind: Kind;
  /** Of whom is attended and reached, or of what they say of this booking. */
  part: 'citizen' | 'booking';
  /** Characters. Absent for needs. */
  longest?: number;
  /** What is kept where nothing was said, and once the person is forgotten. */
  empty: '' | null | readonly [];
  /** Notices carry it; it is destroyed in those that were sent. */
  isInNotices?: true;
  /** May be absent from what was made before there was the field: null says the same. */
  isOptional?: true;
  /** In the API's description. */
  says: string;
  example?: string;
}

/**
 * The fields of a citizen: all of them personal data. Types, columns, limits, the API, what the forms read, what notices
 * carry and what is destroyed in the end follow from this list. The order is that of the
 * forms.
 */
export const PERSON_FIELDS = {
  name: {
    column: 'name',
    kind: 'person',
    part: 'citizen',
    longest: 120,
    empty: '',
    isInNotices: true,
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
  : Fields[K]['empty'] extends null
    ? string | null
    : string;
type OptionalField = FieldWith<{ isOptional: true }>;
type Values<K extends PersonField> = { [F in Exclude<K, OptionalField>]: ValueOf<F> } & {
  [F in Extract<K, OptionalField>]?: ValueOf<F>;
};

/** A field that is a text: all but needs. */
export type TextField = FieldWith<{ longest: number }>;
/** A field of how the citizen is called and reached. */
export type CitizenField = FieldWith<{ part: 'citizen' }>;
export type BookingField = FieldWith<{ part: 'booking' }>;
type NoticeField = FieldWith<{ isInNotices: true }>;

/** How the citizen is called and reached. `phone` in E.164, such as +34930000010. */
export type Citizen = Values<CitizenField>;

/** What the citizen says when booking, checked. `onBehalfOf`: whom it is for, when the citizen books for somebody else. */
export type Details = { citizen: Citizen } & Values<BookingField>;

const entries = Object.entries(PERSON_FIELDS) as [PersonField, Field][];
const namesWhere = <K extends PersonField>(is: (field: Field) => boolean): K[] =>
  entries.filter(([, field]) => is(field)).map(([name]) => name as K);

/** The names of all fields, in the order of the list. */
export const PERSON_FIELD_NAMES: readonly PersonField[] = namesWhere(() => true);
/** The names of the fields that are texts. */
export const TEXT_FIELDS = namesWhere<TextField>(({ longest }) => longest !== undefined);
/** The names of the fields by which a citizen is called and reached. */
export const CITIZEN_FIELDS = namesWhere<CitizenField>(({ part }) => part === 'citizen');
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

/** Returns the value of a field, or what is kept where nothing was said. */
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

/** Returns the details alone of something that has more. */
export const detailsOf = (source: Details): WholeDetails =>
  detailsFrom((name) => fieldOf(source, name));

/** Returns the details of nobody. */
export const nobody = (): Details => detailsFrom(emptyOf);

function emptyOf<K extends PersonField>(name: K): ValueOf<K> {
  const { empty } = PERSON_FIELDS[name];
  return (Array.isArray(empty) ? [] : empty) as ValueOf<K>;
}

/** Returns what the columns of a table with a citizen keep. */
export const columnsOf = (details: Details): PersonColumns =>
  Object.fromEntries(
    PERSON_FIELD_NAMES.map((name) => [PERSON_FIELDS[name].column, fieldOf(details, name)]),
  ) as unknown as PersonColumns;

/** Returns how a citizen is called and reached as texts, as a form shows them. */
export const textsOf = (citizen: Citizen): Record<CitizenField, string> =>
  Object.fromEntries(CITIZEN_FIELDS.map((name) => [name, citizen[name] ?? ''])) as Record<
    CitizenField,
    string
  >;

/** Returns how a citizen is called and reached, as the columns of a table keep it. */
export const citizenColumnsOf = (citizen: Citizen): Pick<PersonColumns, CitizenColumn> =>
  Object.fromEntries(
    CITIZEN_FIELDS.map((name) => [PERSON_FIELDS[name].column, fieldOf({ citizen }, name)]),
  ) as unknown as Pick<PersonColumns, CitizenColumn>;
type CitizenColumn = Fields[CitizenField]['column'];

/** Returns the details that the columns of a row say. */
export const detailsOfRow = (row: PersonColumns): Details =>
  detailsFrom((name) => row[PERSON_FIELDS[name].column] as never);

/** What a notice carries of a citizen. */
export type NoticePerson = Values<NoticeField>;
type Told = Pick<Details, 'citizen' | Extract<NoticeField, BookingField>>;

/** Returns the fields that a notice carries. */
export const noticeFactsOf = (details: Told): NoticePerson =>
  Object.fromEntries(
    NOTICE_FIELDS.map((name) => [name, fieldOf(details, name)]),
  ) as unknown as NoticePerson;
