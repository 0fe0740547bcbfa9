import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { lastRelease } from './release/releases.ts';

const ROOT = join(import.meta.dirname, '..');
const FILE = readFileSync(join(ROOT, 'publiccode.yml'), 'utf8');

const url = z.url({ protocol: /^https?$/ });
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => Temporal.PlainDate.from(text));
/** BCP 47. */
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);
const words = z.string().min(1);

/** Of the standard's list of categories, those that fit a town hall's service. */
const CATEGORIES = [
  ...[
    'appointment-scheduling',
    'business-process-management',
    'call-center-management',
    'communications',
  ],
  ...[
    'contact-management',
    'customer-service-and-support',
    'data-visualization',
    'digital-citizenship',
  ],
  ...[
    'document-management',
    'e-signature',
    'identity-management',
    'instant-messaging',
    'online-booking',
  ],
  ...[
    'survey',
    'video-conferencing',
    'visitor-management',
    'voip',
    'web-conferencing',
    'workflow-management',
  ],
];

const description = z.strictObject({
  localisedName: words.optional(),
  shortDescription: words.max(150).regex(/^[^\n]*$/),
  longDescription: words.min(150).max(10_000),
  documentation: url.optional(),
  apiDocumentation: url.optional(),
  features: z.array(words).min(1),
  screenshots: z.array(words).optional(),
});

const contact = z.strictObject({
  name: words,
  email: z.email().optional(),
  phone: z.string().optional(),
  affiliation: words.optional(),
});

/** The standard's core (publiccode.yml 0.4): mandatory keys, types, limits and lists. Keys that the standard lacks are mistakes. */
const STANDARD = z.strictObject({
  publiccodeYmlVersion: z.enum(['0.4', '0.5', '0']),
  name: words,
  url,
  landingURL: url.optional(),
  softwareVersion: words,
  releaseDate: day,
  logo: words.optional(),
  platforms: z.array(z.enum(['web', 'windows', 'mac', 'linux', 'ios', 'android'])).min(1),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  usedBy: z.array(words).optional(),
  roadmap: url.optional(),
  developmentStatus: z.enum(['concept', 'development', 'beta', 'stable', 'obsolete']),
  softwareType: z.enum(['standalone/web', 'standalone/backend', 'standalone/other']),
  intendedAudience: z
    .strictObject({
      countries: z.array(z.string().regex(/^[a-z]{2}$/)).optional(),
      unsupportedCountries: z.array(z.string().regex(/^[a-z]{2}$/)).optional(),
      scope: z.array(z.enum(['local-authorities', 'society', 'welfare'])).optional(),
    })
    .optional(),
  description: z.record(language, description).refine((all) => Object.keys(all).length > 0),
  legal: z.strictObject({
    license: z.literal('EUPL-1.2'),
    mainCopyrightOwner: words.optional(),
    repoOwner: words.optional(),
  }),
  maintenance: z.strictObject({
    type: z.enum(['internal', 'community', 'none']),
    contacts: z.array(contact).min(1),
  }),
  localisation: z.strictObject({
    localisationReady: z.boolean(),
    availableLanguages: z.array(language).min(1),
  }),
});

describe('publiccode.yml', () => {
  const file = parse(FILE, { schema: 'core' });

  test('is what the standard asks for', () => {
    expect(z.prettifyError(STANDARD.safeParse(file).error ?? new z.ZodError([]))).toBe('');
  });

  test.each([
    ['without a name', { name: undefined }],
    ['with a key of its own', { colour: 'blue' }],
    ['of a day that there is not', { releaseDate: '2026-02-30' }],
    ['of no category of the list', { categories: ['town-halls'] }],
    [
      'with a short description that is long',
      { description: { en: { ...file.description.en, shortDescription: 'a'.repeat(151) } } },
    ],
    ['in no language', { description: {} }],
  ])('%s is refused', (_, change) => {
    let isRight = true;
    try {
      isRight = STANDARD.safeParse({ ...file, ...change }).success;
    } catch {
      isRight = false;
    }
    expect(isRight).toBe(false);
  });

  test('names the last release, or the first one that comes', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(file.softwareVersion).toBe(lastRelease(ROOT) ?? version);
  });
});
