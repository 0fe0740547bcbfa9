import { z } from 'zod';
import { townFileSchema } from '../../../domain/office/schema.ts';

/** Returns the JSON Schema with which editors complete and check a town file; published as towns/town.schema.json. */
export function townJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(townFileSchema, { io: 'input', target: 'draft-7' });
  const titled = { $schema, title: 'Town file of Finestreta', ...rest };
  return `${JSON.stringify(titled, null, 2)}\n`;
}
