import { type EncounterLanguage, isSigned } from '../lib/i18n/languages.ts';
import { CHANNELS, type Channel, isCalled, TRAITS } from './channel.ts';
import type { Need } from './person.ts';

/** What a need asks of a channel. */
interface NeedTraits {
  /** The trait without which a channel can't meet it. */
  requires: 'isSeen' | 'carriesText';
  /** The other need that meets it on a channel without that trait. */
  orWith: Need;
}

/**
 * The needs that not every channel can meet; all others are met on each. A relay service puts an operator between the citizen's writing or
 * signing and the voice, so with it a telephone meets both.
 */
const NEED_TRAITS: Partial<Record<Need, NeedTraits>> = {
  sign_language: { requires: 'isSeen', orWith: 'relay_service' },
  real_time_text: { requires: 'carriesText', orWith: 'relay_service' },
};

/** Returns the needs that can't be met on a channel, together with the others. */
export const unmetNeeds = (channel: Channel, needs: readonly Need[]): Need[] =>
  needs.filter((need) => {
    const traits = NEED_TRAITS[need];
    return traits && !TRAITS[channel][traits.requires] && !needs.includes(traits.orWith);
  });

/** Returns whether a channel can meet all the needs. */
export const meets = (channel: Channel, needs: readonly Need[]): boolean =>
  unmetNeeds(channel, needs).length === 0;

/** Returns the needs with those that a channel can't meet replaced by what meets them there. */
export function needsMetWith(channel: Channel, needs: readonly Need[]): Need[] {
  const unmet = unmetNeeds(channel, needs);
  const instead = unmet.flatMap((need) => NEED_TRAITS[need]?.orWith ?? []);
  return [...new Set([...needs.filter((each) => !unmet.includes(each)), ...instead])];
}

/**
 * Returns whether a conversation can go on by telephone: a call meets all the needs. Somebody who signs needs a relay service there, as
 * does somebody who writes.
 */
export function canTelephone(of: { needs: readonly Need[]; language: EncounterLanguage }): boolean {
  const needs: Need[] = isSigned(of.language) ? [...of.needs, 'sign_language'] : [...of.needs];
  return CHANNELS.some((each) => isCalled(each) && meets(each, needs));
}
