import type { AddressKind } from './address.ts';
/** The ways in which a citizen with an appointment is served, in the order in which they are offered. */
export const CHANNELS = ['phone', 'video', 'in_person'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * The traits in which channels differ. Code that depends on the channel asks for one of these traits. A comparison with a channel's name
 * outside this folder fails the check, since such code would miss the next channel.
 */
export interface ChannelTraits {
  /** The place of the conversation: the citizen's telephone, the video room, or a desk of one of the office's sites. */
  readonly place: 'telephone' | 'room' | 'site';
  /** The words for the channel in the town file's descriptions, after "an appointment". */
  readonly described: string;
  /** The contact details of which the citizen must leave one; the others are optional. */
  readonly requires: readonly [AddressKind, ...AddressKind[]];
  /** Whether citizen and agent see each other: a sign language can be used, and a document can be shown. */
  readonly isSeen: boolean;
  /** Whether text can be written while they talk (EN 301 549, 6.2). */
  readonly carriesText: boolean;
}

export const TRAITS: Readonly<Record<Channel, ChannelTraits>> = {
  phone: {
    place: 'telephone',
    described: 'by telephone',
    requires: ['phone'],
    isSeen: false,
    carriesText: false,
  },
  video: {
    place: 'room',
    described: 'by video',
    requires: ['email'],
    isSeen: true,
    carriesText: true,
  },
  in_person: {
    place: 'site',
    described: 'in person',
    requires: ['phone', 'email'],
    isSeen: true,
    carriesText: true,
  },
};

/** How somebody is dealt with in an encounter. A conversation in writing is not booked, so it is no channel of appointments. */
export type EncounterChannel = Channel | 'chat';

/** Returns a value for each channel, in the order of `CHANNELS`. */
export function byChannel<T>(make: (channel: Channel) => T): Record<Channel, T> {
  const entries = CHANNELS.map((each): [Channel, T] => [each, make(each)]);
  return Object.fromEntries(entries) as Record<Channel, T>;
}

export const isChannel = (text: unknown): text is Channel =>
  (CHANNELS as readonly unknown[]).includes(text);

/** Returns the channel with this name. @throws when the text is no channel */
export function channelNamed(text: string): Channel {
  if (!isChannel(text)) throw new Error(`There is no channel ${text}`);
  return text;
}

/** Returns whether the town hall calls the citizen's telephone. */
export const isCalled = (channel: Channel): boolean => TRAITS[channel].place === 'telephone';

/** Returns whether citizen and agent meet in the video room. */
export const hasRoom = (channel: Channel): boolean => TRAITS[channel].place === 'room';

/** Returns whether the citizen comes to a site. */
export const isAtSite = (channel: Channel): boolean => TRAITS[channel].place === 'site';

/** Returns whether citizen and agent see each other. */
export const isSeen = (channel: Channel): boolean => TRAITS[channel].isSeen;

/** Returns whether the channel requires exactly this contact detail. */
export const requires = (channel: Channel, detail: AddressKind): boolean =>
  TRAITS[channel].requires.every((each) => each === detail);

/** Returns whether the channel can serve a citizen with these contact details. */
export const isReachable = (
  channel: Channel,
  details: Readonly<Record<AddressKind, string | null>>,
): boolean => TRAITS[channel].requires.some((each) => details[each]);

/** Returns whether citizen and agent can write text while they talk. */
export const carriesText = (channel: Channel): boolean => TRAITS[channel].carriesText;
