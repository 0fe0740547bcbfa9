import { z } from 'zod';
import { isSafeAddress } from '../../../lib/http/loopback.ts';
import { ine10, line, matching, url } from '../fields.ts';

const internal = z.strictObject({
  kind: z.literal('internal').describe('each office has a book of its own, and no other'),
});

const mux = z.strictObject({
  kind: z
    .literal('mux')
    .describe('the Registre Unificat (MUX) of the Consorci AOC, which numbers each entry too'),
  endpoint: url
    .refine((text) => URL.canParse(text) && isSafeAddress(new URL(text)), {
      error: 'must begin with https://: it is told who handed something in',
    })
    .describe('the synchronous front of the PCI')
    .default('https://serveis3.iop.aoc.cat/siri-proxy/services/Sincron'),
  ine10,
  requester: line(
    10,
    'the code of the town at the PCI, if it is not that of the INE',
  ).exactOptional(),
  purpose: line(250, 'the purpose (finalitat) with which the AOC authorised it'),
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
