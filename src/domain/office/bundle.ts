import { type Language, textIn } from '../../lib/i18n/languages.ts';
import { CHANNELS, type Channel, isChannel } from '../channel.ts';
import { type GivenLevel, highestOf } from '../identity.ts';
import type { RequestedDocument } from './requested.ts';
import type { Office, Procedure } from './types.ts';

/** What makes an appointment more than one procedure for one person. */
export interface Extent {
  /** Codes of the further procedures, in the order in which they were chosen; absent: none. */
  further?: readonly string[] | undefined;
  /** How many people it is for; absent: one. */
  people?: number | undefined;
}

/** Returns the parts of an extent that aren't the defaults: nothing for one procedure and one person. */
export const extentOf = ({ further, people }: Extent): Extent => ({
  ...(further && further.length > 0 && { further }),
  ...(people !== undefined && people > 1 && { people }),
});

/** Returns the codes of all procedures of an appointment, the first one first. */
export const codesOf = ({ procedure, further = [] }: Extent & { procedure: string }): string[] => [
  procedure,
  ...further,
];

/** Returns the names of all procedures of an appointment in a language; the code of one that has none. */
export const namesOf = (
  office: Pick<Office, 'procedure'>,
  asked: Extent & { procedure: string },
  language: Language,
): string[] => codesOf(asked).map((code) => textIn(office.procedure(code)?.name, language) || code);

/**
 * The procedures of one appointment as if they were one: the channels that all of them have, each with the minutes of the whole appointment,
 * the documents of all, and the strictest of what each demands. `code` and `name` are those of the first.
 */
export interface Bundle extends Procedure {
  /** The procedures in the order in which they were chosen; at least one. */
  parts: readonly Procedure[];
  people: number;
}

/**
 * Why an appointment can't be for these procedures and people. `not_combinable`: one is named twice, or they are too many, or one of them is
 * not booked with another one. `too_long`: it would take more minutes than the office allows.
 */
export type BundleRefusal = 'unknown_procedure' | 'not_combinable' | 'too_many_people' | 'too_long';

type Of = Pick<Office, 'procedure' | 'settings'>;

/**
 * Returns the procedures of a new appointment as one, or why the office doesn't allow it. One procedure for one person is always allowed, and
 * takes the minutes of its channel. Channels on which it would be too long are left out.
 */
export function bundleOf(
  office: Of,
  asked: Extent & { procedure: string },
): { ok: true; bundle: Bundle } | { ok: false; reason: BundleRefusal } {
  const bundle = bookedBundle(office, asked);
  if (!bundle || bundle.parts.some((each) => each.retired))
    return { ok: false, reason: 'unknown_procedure' };
  if (isSingle(bundle)) return { ok: true, bundle };
  const reason = refusalOf(office, bundle);
  if (reason) return { ok: false, reason };
  const most = office.settings.combining.minutes;
  const channels = channelsWhere(bundle.channels, (minutes) => minutes <= most);
  if (isNone(channels) && !isNone(bundle.channels)) return { ok: false, reason: 'too_long' };
  return { ok: true, bundle: { ...bundle, channels } };
}

/**
 * Returns the procedures of an appointment that was booked as one, whatever the office allows now; null: one of them was never in the
 * catalogue, or the people are no number of people.
 */
export function bookedBundle(
  office: Of,
  { procedure, further = [], people = 1 }: Extent & { procedure: string },
): Bundle | null {
  if (!Number.isInteger(people) || people < 1) return null;
  const parts: Procedure[] = [];
  for (const code of [procedure, ...further]) {
    const part = office.procedure(code);
    if (!part) return null;
    parts.push(part);
  }
  return bundled(parts, people, office.settings.combining.roundTo);
}

/** Returns one procedure for one person. */
export const singleBundle = (procedure: Procedure): Bundle => ({
  ...procedure,
  parts: [procedure],
  people: 1,
});

/** Returns what a desk must attend for procedures that are one, or for a single one. */
export const needOf = ({ code, parts = [] }: Pick<Procedure, 'code'> & Partial<Bundle>) => ({
  procedure: code,
  further: parts.slice(1).map((each) => each.code),
});

/** Returns whether it is one procedure for one person. */
export const isSingle = ({ parts, people }: Pick<Bundle, 'parts' | 'people'>): boolean =>
  parts.length === 1 && people === 1;

/** Returns how many people a procedure may be booked for. */
export const mostPeople = (
  { settings }: Pick<Office, 'settings'>,
  { combining }: Pick<Procedure, 'combining'>,
): number => combining.people ?? settings.combining.people;

/** Returns whether two procedures may be in one appointment: each of them allows the other. */
export const mayCombine = (one: Procedure, other: Procedure): boolean =>
  one.code !== other.code && allows(one, other) && allows(other, one);

function allows({ combining }: Procedure, other: Procedure): boolean {
  const { alone, with: only } = combining;
  return !alone && (only.length === 0 || only.includes(other.code));
}

function refusalOf(
  office: Pick<Office, 'settings'>,
  { parts, people }: Bundle,
): 'not_combinable' | 'too_many_people' | null {
  // One more than allowed is looked at no further: the list may be anybody's input.
  if (parts.length > Math.max(1, office.settings.combining.procedures)) return 'not_combinable';
  const isEachAllowed = parts.every((one, at) =>
    parts.every((other, index) => index === at || mayCombine(one, other)),
  );
  if (!isEachAllowed) return 'not_combinable';
  const most = Math.min(...parts.map((each) => mostPeople(office, each)));
  return people > most && people > 1 ? 'too_many_people' : null;
}

function bundled(parts: readonly Procedure[], people: number, roundTo: number): Bundle {
  const [first, ...others] = parts;
  if (!first) throw new Error('An appointment has at least one procedure');
  if (others.length === 0 && people === 1) return singleBundle(first);
  return {
    ...first,
    parts,
    people,
    channels: channelsOfAll(parts, people, roundTo),
    documents: documentsOfAll(parts),
    identity: STRICTNESS.findLast((each) => parts.some((part) => part.identity === each)) ?? 'none',
    level: levelOfAll(parts),
    onBehalf: parts.every((each) => each.onBehalf),
    obligedElectronic: parts.some((each) => each.obligedElectronic),
    otherWays: otherWaysOfAll(parts),
  };
}

/** Returns the highest level among the procedures whose identity is checked electronically; that of the first where none is. */
function levelOfAll(parts: readonly Procedure[]) {
  const levels = parts.filter((each) => each.identity === 'electronic').map((each) => each.level);
  const highest = highestOf(levels);
  return highest === 'none' ? (parts[0]?.level ?? 'substantial') : highest;
}

/** Returns the level of electronic identification that procedures need; null: they need none. */
export const levelNeeded = ({
  identity,
  level,
}: Pick<Procedure, 'identity' | 'level'>): GivenLevel | null =>
  identity === 'electronic' ? level : null;

/** Returns the other ways of all procedures, each once. */
function otherWaysOfAll(parts: readonly Procedure[]): Procedure['otherWays'] {
  const all = parts.flatMap((each) =>
    each.otherWays.map((way) => [JSON.stringify(way), way] as const),
  );
  return [...new Map(all).values()];
}

/** How identity is checked, from the least strict. */
const STRICTNESS = ['none', 'shown', 'electronic'] as const;

type Minutes = Procedure['channels'];

function channelsOfAll(parts: readonly Procedure[], people: number, roundTo: number): Minutes {
  return Object.fromEntries(
    CHANNELS.flatMap((channel) => {
      const minutes = minutesOf(parts, channel, people, roundTo);
      return minutes === null ? [] : [[channel, minutes]];
    }),
  );
}

const channelsWhere = (channels: Minutes, isKept: (minutes: number) => boolean): Minutes =>
  Object.fromEntries(Object.entries(channels).filter(([, minutes]) => isKept(minutes)));

const isNone = (channels: Minutes): boolean => Object.keys(channels).length === 0;

/**
 * Returns the minutes of an appointment for these procedures and people; null: one of the procedures doesn't have the channel. The longest
 * procedure counts whole, the others with what each adds, and each person after the first with what they add in each procedure. The sum is
 * rounded up, except for one procedure and one person.
 */
export function minutesOf(
  parts: readonly Pick<Procedure, 'channels' | 'combining'>[],
  channel: Channel,
  people: number,
  roundTo: number,
): number | null {
  let longest = 0;
  let saved = 0;
  let sum = 0;
  for (const { channels, combining } of parts) {
    const whole = channels[channel];
    if (whole === undefined) return null;
    const further = Math.min(whole, combining.further ?? whole);
    sum += further + (people - 1) * Math.min(whole, combining.perPerson ?? further);
    // Of two that are equally long, the one whose further minutes are fewer counts whole: so the order doesn't matter.
    if (whole > longest || (whole === longest && whole - further > saved)) {
      longest = whole;
      saved = whole - further;
    }
  }
  const minutes = sum + saved;
  return parts.length === 1 && people === 1 ? minutes : Math.ceil(minutes / roundTo) * roundTo;
}

/**
 * Returns the documents of all procedures, each once. A document that has the code of another one and another name gets a code with that of
 * its procedure.
 */
function documentsOfAll(parts: readonly Procedure[]): RequestedDocument[] {
  const found = new Map<string, RequestedDocument>();
  for (const { code: of, documents } of parts) {
    for (const document of documents) {
      const same = found.get(document.code);
      if (!same) found.set(document.code, document);
      else if (isSameName(same, document)) found.set(document.code, strictest(same, document));
      else found.set(`${of}.${document.code}`, { ...document, code: `${of}.${document.code}` });
    }
  }
  return [...found.values()];
}

const isSameName = (one: RequestedDocument, other: RequestedDocument): boolean =>
  JSON.stringify(one.name) === JSON.stringify(other.name);

const strictest = (one: RequestedDocument, other: RequestedDocument): RequestedDocument => ({
  ...one,
  required: one.required || other.required,
  onlyOnBehalf: one.onlyOnBehalf && other.onlyOnBehalf,
});

/** Returns the names of procedures that are one, in a language. */
export const namesIn = ({ parts }: Bundle, language: Language): string =>
  parts.map((each) => textIn(each.name, language)).join(' + ');

/** Returns the procedures that may be added to an appointment for these, in the catalogue's order. */
export const addable = (
  { procedures }: Pick<Office, 'procedures'>,
  parts: readonly Procedure[],
): Procedure[] =>
  procedures.filter(
    (each) =>
      CHANNELS.some((one) => each.channels[one]) && parts.every((one) => mayCombine(one, each)),
  );

/** Returns the minutes on a channel of external input; undefined: it isn't offered. */
export const minutesOn = ({ channels }: Pick<Procedure, 'channels'>, channel: string) =>
  isChannel(channel) ? channels[channel] : undefined;
