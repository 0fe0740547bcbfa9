import { z } from 'zod';
import { yesNo } from '../fields.ts';
import { pciFields } from './pci.ts';

const list = z.strictObject({
  kind: z.literal('list').describe('a list that an operator brings here: residents import'),
});

const padro = z.strictObject({
  kind: z
    .literal('padro')
    .describe('the register itself, by the product PADRO of the Consorci AOC'),
  ...pciFields,
  leavesOutProtected: yesNo(
    'whether the register answers nothing there of people whose address nobody may know; only then are households certified at once',
  ).default(false),
});

/** Where the register of inhabitants is asked. */
export const townResidents = z
  .discriminatedUnion('kind', [list, padro])
  .describe('where the register of inhabitants is asked: a list that is brought here, or PADRO');

export type ResidentsSettings = z.output<typeof townResidents>;
export type PadroSettings = Extract<ResidentsSettings, { kind: 'padro' }>;
