import { z } from 'zod';
import { line, matching } from '../fields.ts';
import { pciFields } from './pci.ts';

const internal = z.strictObject({
  kind: z.literal('internal').describe('each office has a book of its own, and no other'),
});

const mux = z.strictObject({
  kind: z
    .literal('mux')
    .describe('the Registre Unificat (MUX) of the Consorci AOC, which numbers each entry too'),
  ...pciFields,
  modality: line(64, 'the modality with which the AOC authorised to make entries'),
  application: matching(
    /^[A-Za-z0-9_-]{3,10}$/,
    'three to ten letters and digits, such as FINESTRETA',
    'the name of this application there',
  ).default('FINESTRETA'),
  office: line(15, 'the office of the registry there, if the town has several').exactOptional(),
});

/** The registry of the town, beside the books of its offices. */
export const townRegistry = z
  .discriminatedUnion('kind', [internal, mux])
  .describe('the registry of the town, if it is another than the books of its offices');

export type RegistrySettings = z.output<typeof townRegistry>;
export type MuxSettings = Extract<RegistrySettings, { kind: 'mux' }>;
