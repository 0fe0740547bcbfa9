import type { OfficeSettings } from '../../../domain/office/types.ts';
import { type EncounterLanguage, type Language, spokenIn } from '../../../lib/i18n/languages.ts';
import type { Side } from '../room/types.ts';

/** A speech-to-text engine of the town, for one language. */
export interface Engine {
  /** Who runs it, as both sides read it. */
  provider: string;
  /** `wss://…`, without a query. */
  url: string;
  language: Language;
}

/** How long an address opens a connection to the engine, in seconds. An open connection continues. */
export const ADDRESS_SECONDS = 60;

/** How often a page may ask for an address: a page whose engine is away asks again and again. */
export const LIMIT = { burst: 10, perMinute: 10 } as const;

/** Returns the engine for a call in this language; null: the office has none. */
export function engineFor(
  { video }: Pick<OfficeSettings, 'video'>,
  language: EncounterLanguage,
): Engine | null {
  const spoken = spokenIn(language);
  const url = video.captions?.engines[spoken];
  return video.captions && url
    ? { provider: video.captions.provider, url, language: spoken }
    : null;
}

/** Returns the origins of an office's engines, each once. */
export const originsOf = ({ video }: Pick<OfficeSettings, 'video'>): readonly string[] => [
  ...new Set(Object.values(video.captions?.engines ?? {}).map((url) => new URL(url).origin)),
];

/**
 * Whether the speech of a side is turned into text. A companion's isn't: an interpreter speaks a language that the engine of this call
 * doesn't understand.
 */
export const isCaptioned = (side: Side): boolean => side !== 'companion';

/** Whether a person is asked before their speech is turned into text. Staff aren't: citizens must understand those who serve them. */
export const isAskedFirst = (side: Side): boolean => side !== 'agent' && side !== 'colleague';
