import { z } from 'zod';
import { line } from '../fields.ts';
import { pciFields } from './pci.ts';

const enotum = z.strictObject({
  kind: z.literal('enotum').describe('e-NOTUM 4.0 of the Consorci AOC'),
  ...pciFields,
  organisation: line(20, 'the code of the organisation (CodiOrganisme) at e-NOTUM'),
  department: line(20, 'the code of the department (CodiDepartament) at e-NOTUM'),
  backOffice: line(50, 'the code of this application there (BackOffice)').exactOptional(),
});

/** Where decisions are notified electronically, if not in the folder of Finestreta. */
export const notification = z
  .discriminatedUnion('kind', [enotum])
  .describe('where decisions are notified electronically, if it is elsewhere than in the folder');

export type NotificationSettings = z.output<typeof notification>;
export type EnotumSettings = Extract<NotificationSettings, { kind: 'enotum' }>;
