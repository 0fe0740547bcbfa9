import { z } from 'zod';
import { isSafeAddress } from '../../../lib/http/loopback.ts';
import { line, url, whole } from '../fields.ts';

/** The signatures of Redsys, the newest first. */
export const SIGNATURES = ['HMAC_SHA512_V2', 'HMAC_SHA256_V1'] as const;

const redsys = z.strictObject({
  kind: z.literal('redsys').describe('the TPV Virtual of Redsys, of any bank that has it'),
  merchant: z
    .string()
    .regex(/^\d{9}$/, { error: 'must be the nine digits of the merchant (FUC)' })
    .describe('the number of the merchant (FUC), as the bank gave it'),
  terminal: whole(1, 999, 'the number of the terminal').default(1),
  environment: z
    .enum(['real', 'test'])
    .describe("whether money moves, or the bank's test environment is used")
    .default('real'),
  signature: z
    .enum(SIGNATURES)
    .describe('the signature for which the terminal is configured')
    .default('HMAC_SHA512_V2'),
  endpoint: url
    .refine((text) => URL.canParse(text) && isSafeAddress(new URL(text)), {
      error: 'must begin with https://: whoever listens could say that something is paid',
    })
    .describe('where it is, if it is another than that of the environment')
    .exactOptional(),
  name: line(25, 'the name that people see on the page of the bank').exactOptional(),
});

const demo = z.strictObject({
  kind: z.literal('demo').describe('a stand-in for demonstrations, on which nobody pays'),
});

/** How fees are paid on-line, as the town file declares it. */
export const payment = z
  .discriminatedUnion('kind', [redsys, demo])
  .describe('how fees are paid on-line');

export type PaymentSettings = z.output<typeof payment>;
export type RedsysSettings = Extract<PaymentSettings, { kind: 'redsys' }>;
