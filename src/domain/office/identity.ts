import { z } from 'zod';
import { isSafeAddress } from '../../lib/http/loopback.ts';
import { GIVEN_LEVELS } from '../identity.ts';
import { code, dir3, line, listOf, texts, url, yesNo } from './fields.ts';

const level = z
  .enum(GIVEN_LEVELS)
  .describe('the assurance level: low, substantial or high (Regulation (EU) 910/2014, art. 8)');

/** What every provider says of itself. */
const provider = {
  code: code.describe(
    'its code, in capitals part of the names of its secrets: IDENTITY_<CODE>_SECRET, _KEY, _CERTIFICATE',
  ),
  name: texts(80, 'the name that citizens know it by, such as idCAT Mòbil'),
  note: texts(300, 'who can use it, or what one needs for it').exactOptional(),
};

/** Where a provider is. */
const place = url.refine((text) => URL.canParse(text) && isSafeAddress(new URL(text)), {
  error: 'must begin with https://: whoever listens could identify as anybody',
});

const levelsBy = (words: string) =>
  z
    .record(z.string().min(1).max(300), level)
    .describe(`the level of each ${words}; others are refused`);

const certificates = (words: string) =>
  z.array(line(10_000, 'a certificate: PEM, or its base64 alone')).min(1).describe(words);

const valid = z.strictObject({
  kind: z.literal('valid').describe('VÀLid 2.0 of the Consorci AOC'),
  ...provider,
  endpoint: place.describe('where it is').default('https://valid.aoc.cat'),
  clientId: line(200, 'the identifier that the AOC gave to the town'),
  levels: levelsBy('word of its assuranceLevel').default({
    low: 'low',
    substantial: 'substantial',
    high: 'high',
  }),
});

const oidc = z.strictObject({
  kind: z.literal('oidc').describe('a provider of OpenID Connect'),
  ...provider,
  issuer: place.describe('the issuer, exactly as the provider writes it'),
  clientId: line(200, 'the identifier of this town there'),
  levels: levelsBy('value of acr'),
  identifier: z
    .strictObject({
      claim: line(200, 'the claim that has the identifier'),
      scheme: z
        .enum(['nif', 'eidas', 'passport'])
        .describe('what it is: a DNI or NIE, an identifier of eIDAS, or a passport')
        .default('nif'),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/, { error: 'must be a country such as ES' })
        .describe('the country of passports')
        .exactOptional(),
    })
    .refine(({ scheme, country }) => scheme !== 'passport' || country, {
      error: 'must have the country that gives the passports',
      path: ['country'],
    })
    .describe('which claim says who it is'),
  scope: line(300, 'the scopes that are asked for').default('openid profile'),
});

const saml = z.strictObject({
  kind: z.literal('saml').describe('a provider of SAML 2, such as Cl@ve'),
  ...provider,
  entity: line(500, "the provider's entityID"),
  endpoint: place.describe('where requests are sent'),
  logout: place.describe('where the end of a session is sent').exactOptional(),
  logoutBy: z
    .enum(['post', 'redirect', 'clave'])
    .describe('how it is sent: by a form, by a redirection, or by the form of Cl@ve')
    .default('post'),
  certificates: certificates(
    'the certificates with which it signs; two while one replaces the other',
  ),
  serviceProvider: line(
    500,
    'our entityID there; by default the address of our metadata',
  ).exactOptional(),
  dir3: dir3
    .describe('the code of the town in the Directorio Común, which Cl@ve demands')
    .exactOptional(),
  application: line(100, 'the name of the application, as Cl@ve registered it').exactOptional(),
  providerName: line(
    200,
    'the ProviderName of requests, where it is not <dir3>_<application>',
  ).exactOptional(),
  levels: levelsBy('AuthnContextClassRef').default({
    'http://eidas.europa.eu/LoA/low': 'low',
    'http://eidas.europa.eu/LoA/substantial': 'substantial',
    'http://eidas.europa.eu/LoA/high': 'high',
  }),
});

const wallet = z.strictObject({
  kind: z.literal('wallet').describe('a European digital identity wallet (OpenID4VP)'),
  ...provider,
  issuers: certificates(
    'the certificates of the authorities whose person identification data count',
  ),
  level: level.default('high'),
  isOnDevice: yesNo('whether browsers that have the Digital Credentials API use it').default(true),
  clientId: z
    .enum(['x509_hash', 'x509_san_dns'])
    .describe(
      'how wallets know the town: by the hash of its access certificate, or by the name of its host in it',
    )
    .default('x509_hash'),
  scheme: z
    .enum(['openid4vp', 'haip-vp', 'eudi-openid4vp'])
    .describe('the scheme of the address that opens a wallet')
    .default('openid4vp'),
});

const demo = z.strictObject({
  kind: z.literal('demo').describe('a stand-in for demonstrations, which anybody can pass'),
  ...provider,
});

/** A provider of identities, as the town file declares it. */
export const identityProvider = z.discriminatedUnion('kind', [valid, oidc, saml, wallet, demo]);

/** The providers of a town, in the order in which they are offered. */
export const identityProviders = listOf(identityProvider, 'providers')
  .describe('who confirms to the town who somebody is, in the order in which they are offered')
  .default([]);

export type ProviderSettings = z.output<typeof identityProvider>;
export type ProviderKind = ProviderSettings['kind'];
export type SettingsOf<K extends ProviderKind> = Extract<ProviderSettings, { kind: K }>;
