import { z } from '@hono/zod-openapi';
import {
  BOOKING_FIELDS,
  type BookingField,
  CITIZEN_FIELDS,
  type Citizen,
  type CitizenField,
  NEEDS,
  type Need,
  PERSON_FIELD_NAMES,
  PERSON_FIELDS,
  type PersonField,
  REQUIRED_FIELDS,
  type RequiredField,
  type TextField,
} from '../../../domain/person.ts';
import type { RawDetails } from '../../../features/booking/appointments/rules.ts';
import { INTERPRETED, type InterpretedLanguage } from '../../../lib/i18n/interpreted.ts';
import { nullish, text } from '../fields.ts';

/** The citizen's fields in the API, all derived from the list of fields. */

type Text = ReturnType<typeof text>;
type Nullish<T extends z.ZodType> = z.ZodOptional<z.ZodNullable<T>>;
type InterpreterSchema = z.ZodEnum<{ [L in InterpretedLanguage]: L }>;
type NeedsSchema = z.ZodArray<z.ZodEnum<{ [N in Need]: N }>>;
type Asked<F extends PersonField> = F extends RequiredField
  ? Text
  : Nullish<F extends 'needs' ? NeedsSchema : F extends 'interpreter' ? InterpreterSchema : Text>;
type Answered<F extends PersonField> = F extends 'needs'
  ? NeedsSchema
  : F extends 'interpreter'
    ? z.ZodNullable<InterpreterSchema>
    : (typeof PERSON_FIELDS)[F]['empty'] extends null
      ? z.ZodNullable<z.ZodString>
      : z.ZodString;

const shapeOf = (
  names: readonly PersonField[],
  schema: (name: PersonField) => z.ZodType,
): Record<string, z.ZodType> => Object.fromEntries(names.map((name) => [name, schema(name)]));

const isRequired = (name: PersonField): boolean => REQUIRED_FIELDS.some((each) => each === name);

function asked(name: PersonField): z.ZodType {
  const field = PERSON_FIELDS[name];
  if (field.kind === 'needs')
    return nullish(z.array(z.enum(NEEDS)).max(NEEDS.length).openapi({ description: field.says }));
  if (field.kind === 'interpreter')
    return nullish(z.enum(INTERPRETED).openapi({ description: field.says }));
  const schema = text(field.longest, field.says);
  const shown = 'example' in field ? schema.openapi({ example: field.example }) : schema;
  return isRequired(name) ? shown : nullish(shown);
}

function answered(name: PersonField): z.ZodType {
  const field = PERSON_FIELDS[name];
  if (field.kind === 'needs') return z.array(z.enum(NEEDS));
  if (field.kind === 'interpreter') return z.enum(INTERPRETED).nullable();
  const example = 'example' in field ? field.example : field.empty;
  const said = { example, ...(field.kind === 'phone' && { description: 'E.164.' }) };
  return field.empty === null ? z.string().nullable().openapi(said) : z.string().openapi(said);
}

/** The citizen in a booking request. */
export const personRequest = {
  citizen: z.strictObject(shapeOf(CITIZEN_FIELDS, asked) as { [F in CitizenField]: Asked<F> }),
  ...(shapeOf(BOOKING_FIELDS, asked) as { [F in BookingField]: Asked<F> }),
};

/** A change of the citizen's name and contact. Absent fields stay. */
export const citizenChange = z.strictObject(
  shapeOf(CITIZEN_FIELDS, (name) =>
    isRequired(name) ? (asked(name) as Text).optional() : asked(name),
  ) as { [F in CitizenField]: F extends RequiredField ? z.ZodOptional<Text> : Nullish<Text> },
);

/** The citizen's name and contact in an answer. */
export const citizenAnswer = z.object(
  shapeOf(CITIZEN_FIELDS, answered) as { [F in CitizenField]: Answered<F> },
);

/** The citizen in an appointment. */
export const personAnswer = {
  citizen: citizenAnswer,
  ...(shapeOf(BOOKING_FIELDS, answered) as { [F in BookingField]: Answered<F> }),
};

interface Given extends Partial<Record<BookingField, unknown>> {
  citizen: Partial<Record<CitizenField, unknown>>;
}

/** Returns the fields as a booking's rules take them: null becomes absent. */
export const rawDetails = (given: Given): RawDetails =>
  Object.fromEntries(
    PERSON_FIELD_NAMES.map((name) => [
      name,
      ({ ...given, ...given.citizen } as Record<PersonField, unknown>)[name] ?? undefined,
    ]),
  );

/** Returns the changed name and contact as the rules take them. */
export const rawCitizen = (
  current: Citizen,
  change: Partial<Record<TextField, string | null | undefined>>,
): RawDetails =>
  Object.fromEntries(
    CITIZEN_FIELDS.map((name) => {
      const asked = change[name];
      return [name, (asked === undefined ? current[name] : asked) ?? ''];
    }),
  );
