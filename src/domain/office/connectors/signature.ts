import { z } from 'zod';
import { isSafeAddress } from '../../../lib/http/loopback.ts';
import { GIVEN_LEVELS } from '../../identity.ts';
import { line, url } from '../fields.ts';

const level = z.enum(GIVEN_LEVELS).describe('the assurance level: low, substantial or high');

const valid = z.strictObject({
  kind: z
    .literal('valid')
    .describe('the ordinary signature of VÀLid 2.0 of the Consorci AOC (XAdES-T)'),
  endpoint: url
    .refine((text) => URL.canParse(text) && isSafeAddress(new URL(text)), {
      error: 'must begin with https://: whoever listens could sign as anybody',
    })
    .describe('where it is')
    .default('https://valid.aoc.cat'),
  clientId: line(200, 'the identifier that the AOC gave to the town'),
  levels: z
    .record(z.string().min(1).max(300), level)
    .describe('the level of each word of its assuranceLevel; others are refused')
    .default({ low: 'low', substantial: 'substantial', high: 'high' }),
  certificates: z
    .array(line(10_000, 'a certificate: PEM, or its base64 alone'))
    .min(1)
    .describe(
      'the certificates with which VÀLid seals signatures; those that issue them count too, with every certificate that they ever issued; by default any, since it answers over TLS',
    )
    .exactOptional(),
});

const demo = z.strictObject({
  kind: z.literal('demo').describe('a stand-in for demonstrations, by which nobody signs'),
});

/** How cases are signed on-line, as the town file declares it. */
export const signature = z
  .discriminatedUnion('kind', [valid, demo])
  .describe('how forms are signed on-line, where they demand more than an identified session');

export type SignatureSettings = z.output<typeof signature>;
export type ValidSignatureSettings = Extract<SignatureSettings, { kind: 'valid' }>;

/** How people sign with the program AutoFirma and a certificate of their own, as the town file declares it. */
export const autofirma = z
  .strictObject({
    name: line(
      60,
      'who asks to sign, as the program shows it; by default the host of the public address',
    ).exactOptional(),
    revocation: z
      .enum(['asked', 'required'])
      .describe(
        'whether a certificate counts when its authority can’t be asked whether it was revoked: asked, it counts and the signature says so; required, it does not',
      )
      .default('asked'),
  })
  .describe(
    'signing with AutoFirma and a certificate of one’s own; the authorities that count are in AUTOFIRMA_AUTHORITIES',
  );

export type AutofirmaSettings = z.output<typeof autofirma>;
