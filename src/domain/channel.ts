import type { AddressKind } from './address.ts';
/** The ways in which a citizen with an appointment is served, in the order in which they are offered. */
export const CHANNELS = ['phone', 'video'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * What differs between channels. Code that depends on the channel asks for one of these traits; a comparison with a
 * channel's name outside this folder fails the check, since it would forget the next channel.
 */
export interface ChannelTraits {
  /** Where the two meet: on the citizen's telephone, or in the town hall's video room. */
  readonly place: 'telephone' | 'room';
  /** What it is called in the town file's descriptions, after "an appointment". */
  readonly described: string;
  /** The contact details of which the citizen must leave one; the others may be left out. */
  readonly requires: readonly AddressKind[];
  /** Whether they see each other: a sign language can be used, and a document can be shown. */
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
};

/** Returns a value for each channel, in the order of `CHANNELS`. */
export function byChannel<T>(make: (channel: Channel) => T): Record<Channel, T> {
  const entries = CHANNELS.map((each): [Channel, T] => [each, make(each)]);
  return Object.fromEntries(entries) as Record<Channel, T>;
}

export const isChannel = (text: unknown): text is Channel =>
  (CHANNELS as readonly unknown[]).includes(text);

/** Reads a channel that is kept as text. @throws where it is none. */
export function channelNamed(text: string): Channel {
  if (!isChannel(text)) throw new Error(`There is no channel ${text}`);
  return text;
}

/** Whether the town hall calls the citizen's telephone. */
export const isCalled = (channel: Channel): boolean => TRAITS[channel].place === 'telephone';

/** Whether the two meet in the video room. */
export const hasRoom = (channel: Channel): boolean => TRAITS[channel].place === 'room';

/** Whether the two see each other. */
export const isSeen = (channel: Channel): boolean => TRAITS[channel].isSeen;

/** Whether the channel needs this contact detail and no other would do. */
export const requires = (channel: Channel, detail: AddressKind): boolean =>
  TRAITS[channel].requires.every((each) => each === detail);

/** Whether a citizen with these contact details can be served by the channel. */
export const isReachable = (
  channel: Channel,
  details: Readonly<Record<AddressKind, string | null>>,
): boolean => TRAITS[channel].requires.some((each) => details[each]);

/** Whether text can be written while they talk. */
export const carriesText = (channel: Channel): boolean => TRAITS[channel].carriesText;
