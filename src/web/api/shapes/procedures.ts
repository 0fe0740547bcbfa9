import { z } from '@hono/zod-openapi';
import { type Extent, extentOf } from '../../../domain/office/bundle.ts';
import { text } from '../fields.ts';

export const code = text(64, 'A code of the catalogue.').openapi({ example: 'volant-padro' });

const first = code.optional().openapi({
  description: 'Code of the procedure; of the first one where `procedures` has several.',
  example: 'volant-padro',
});
const MOST = 10;
const several = {
  description:
    'Codes of the procedures of the same appointment, at most as many as the office puts into one. With it `procedure` may be left out.',
};
const people = { description: 'How many people it is for; 1 by default.', example: 1 };

/** What an appointment is asked for, in a body: one procedure or several. */
export const askedShape = {
  procedure: first,
  procedures: z
    .array(code)
    .min(1)
    .max(MOST)
    .optional()
    .openapi({ ...several, example: ['volant-padro'] }),
  people: z.int().min(1).max(20).optional().openapi(people),
};

/** The same in an address, where the list is one text. */
export const askedQuery = {
  procedure: first,
  procedures: text((64 + 1) * MOST, 'In one text, with commas between the codes.', 1)
    .optional()
    .openapi({ ...several, description: `${several.description} With commas between them.` }),
  people: z.coerce
    .number()
    .int()
    .min(1)
    .max(20)
    .optional()
    .openapi({ ...people, type: 'integer', minimum: 1, maximum: 20 }),
};

interface Asked {
  procedure?: string | undefined;
  procedures?: string | string[] | undefined;
  people?: number | undefined;
}

const listOf = ({ procedures }: Asked): string[] | undefined =>
  typeof procedures === 'string' ? procedures.split(',') : procedures;

/** Returns whether a request names its procedures, and names no other one as the first. */
export function isNamed(asked: Asked): boolean {
  const [first] = listOf(asked) ?? [asked.procedure];
  return first !== undefined && (asked.procedure ?? first) === first;
}

export const NAMED = {
  path: ['procedure'],
  params: { reason: 'missing' },
  message: 'Either procedure or procedures is needed; with both, procedure is the first one.',
};

/** Returns the procedures and people of a request that names them, as the services take them. */
export function askedOf(asked: Asked): Extent & { procedure: string } {
  const [procedure = asked.procedure ?? '', ...further] = listOf(asked) ?? [];
  return { procedure, ...extentOf({ further, people: asked.people }) };
}

/** How an office, or a procedure, puts several into one appointment, in answers. */
export const officeCombining = z
  .object({
    procedures: z.int().openapi({ description: 'Procedures that one appointment may have.' }),
    people: z.int().openapi({ description: 'People that one appointment may be for.' }),
    minutes: z.int().openapi({ description: 'Minutes that such an appointment may take.' }),
    roundTo: z.int().openapi({ description: 'Its minutes are rounded up to a multiple.' }),
  })
  .openapi({ description: 'Appointments for several procedures and several people.' });

export const procedureCombining = z
  .object({
    alone: z.boolean().openapi({ description: 'It is always booked without another one.' }),
    with: z.array(z.string()).openapi({ description: 'It is booked with these only; empty: any.' }),
    further: z.int().optional().openapi({ description: 'Minutes that it adds to a longer one.' }),
    perPerson: z.int().optional().openapi({ description: 'Minutes that each person adds.' }),
    people: z.int().optional().openapi({ description: 'People, instead of the office’s number.' }),
  })
  .openapi({ description: 'How it is booked with others and for several people.' });
