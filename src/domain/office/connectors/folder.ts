import { isIP } from 'node:net';
import { z } from 'zod';
import { dir3, ine10, listOf, matching, yesNo } from '../fields.ts';

const fingerprint = matching(
  /^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/,
  'the SHA-256 fingerprint of a certificate, as openssl x509 -fingerprint -sha256 prints it',
);

const address = z
  .string()
  .refine((text) => isIP(text) !== 0, {
    error: 'must be a network address, in quotes, such as "157.97.64.126"',
  })
  .describe('a network address');

const hub = z
  .strictObject({
    kind: z.literal('hub').describe('the Hub de Carpetes Ciutadanes of the Consorci AOC'),
    ine10,
    dir3: dir3
      .describe('the code with which the town is known there, if it is not that of the town')
      .exactOptional(),
    certificates: listOf(fingerprint, 'fingerprints')
      .describe('the certificates with which the hub may ask; two while one replaces the other')
      .default([]),
    addresses: listOf(address, 'addresses')
      .describe('the network addresses from which the hub may ask; empty: any')
      .default([]),
    isTrial: yesNo(
      'whether only the fictitious NIF 00000000T is answered for, without a certificate',
    ).default(false),
  })
  .refine(({ certificates, isTrial }) => isTrial || certificates.length > 0, {
    error: 'must have the fingerprint of the certificate with which the hub asks',
    path: ['certificates'],
  });

/** The folder of another administration in which a person's appointments appear. */
export const outsideFolder = z
  .discriminatedUnion('kind', [hub])
  .describe('the folder of another administration that may read a person’s appointments');

export type FolderSettings = z.output<typeof outsideFolder>;
