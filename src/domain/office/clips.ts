import { z } from 'zod';
import { SIGN_LANGUAGES } from '../../lib/i18n/languages.ts';
import { language, secureUrl, whole } from './fields.ts';

/** The pages of a citizen's journey, in the order in which they are met, that a clip or a guide may explain. */
export const PAGE_KEYS = [
  'home',
  'office',
  'procedure',
  'times',
  'details',
  'check',
  'appointment',
  'documents',
  'device',
  'ending',
  'help',
] as const;
export type PageKey = (typeof PAGE_KEYS)[number];

const clip = z.strictObject({
  video: secureUrl.describe('the address of the video, an MP4 or WebM file'),
  captions: z
    .partialRecord(language, secureUrl)
    .describe('its captions (WebVTT), per language')
    .exactOptional(),
  seconds: whole(1, 1800, 'how long it takes').exactOptional(),
});

/** The clips in sign languages, by page and language. */
export const signClips = z
  .partialRecord(z.enum(PAGE_KEYS), z.partialRecord(z.enum(SIGN_LANGUAGES), clip))
  .describe('videos in which somebody signs what a page is for; nothing loads until one is opened');

export type SignClip = z.output<typeof clip>;
export type SignClips = z.output<typeof signClips>;

/** Returns the origins from which clips are loaded, each once, for a page's policy. */
export const originsOf = (clips: readonly SignClip[]): string[] => [
  ...new Set(
    clips.flatMap(({ video, captions }) =>
      [video, ...Object.values(captions ?? {})].map((each) => new URL(each).origin),
    ),
  ),
];
