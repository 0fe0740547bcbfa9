import { z } from 'zod';
import { isSafeAddress } from '../../../lib/http/loopback.ts';
import { line, url } from '../fields.ts';
import { pciFields } from './pci.ts';

const enotum = z.strictObject({
  kind: z.literal('enotum').describe('e-NOTUM 4.0 of the Consorci AOC'),
  ...pciFields,
  organisation: line(20, 'the code of the organisation (CodiOrganisme) at e-NOTUM'),
  department: line(20, 'the code of the department (CodiDepartament) at e-NOTUM'),
  page: url
    .refine((text) => URL.canParse(text) && isSafeAddress(new URL(text)), {
      error: 'must begin with https://: people identify there',
    })
    .describe('the page of e-NOTUM at which people open what the town notified to them'),
  backOffice: line(50, 'the code of this application there (BackOffice)').exactOptional(),
});

/** Where decisions are notified electronically, if not in the folder of Finestreta. */
export const townNotifications = z
  .discriminatedUnion('kind', [enotum])
  .describe('where decisions are notified electronically, if it is elsewhere than in the folder');

export type NotificationSettings = z.output<typeof townNotifications>;
export type EnotumSettings = Extract<NotificationSettings, { kind: 'enotum' }>;
