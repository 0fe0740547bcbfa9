import type { Ask } from '../../../domain/appointment.ts';
import { hasRoom, isCalled } from '../../../domain/channel.ts';
import { bookedBundle, type Extent, levelNeeded, namesOf } from '../../../domain/office/bundle.ts';
import { documentsFor, type RequestedDocument } from '../../../domain/office/requested.ts';
import { siteOf } from '../../../domain/office/site.ts';
import type { Office } from '../../../domain/office/types.ts';
import { telephoneAddress } from '../../../domain/phone.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { formatLanguage } from '../../../lib/i18n/format-language.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { oneLine } from './plain.ts';
import type { Notice, NoticeFacts, NoticeKind } from './types.ts';

/** A time in the large form of a mail. */
export interface Card {
  day: string;
  time: string;
  /** The channel of the appointment. */
  how: string;
  /** It is cancelled. */
  isOff: boolean;
  /** It will take place. */
  isComing: boolean;
  rows: Row[];
}

export interface Row {
  label: string;
  value: string;
  /** Where the value leads in HTML: a telephone to call. */
  url?: string;
}

/** The caller's number in the form of the town file, as on the pages; null when the office has none. */
export const callerOf = (office: Office): string | null => office.settings.phone?.caller ?? null;

/** The names of the procedures, and how many people it is for if they are several. */
export function procedureNames(
  office: Office,
  of: Extent & { procedure: string },
  t: Translate,
): string {
  const names = namesOf(office, of, t.language).map(oneLine).join(' + ');
  const { people = 1 } = of;
  return people > 1 ? `${names} (${t('common.people', { count: people })})` : names;
}

/** A time of the facts. @throws when it is missing; notices of this kind need it */
export function timeOf(text: string | null): Temporal.Instant {
  if (!text) throw new Error('A notice lacks the time that it tells');
  return Temporal.Instant.from(text);
}

/** When a delayed call begins. */
export const laterStart = ({ start, minutes }: NoticeFacts): Temporal.Instant =>
  timeOf(start).add({ minutes: minutes ?? 0 });

/** Returns day and hour of an instant in the notice's language and the office's zone. */
export function when(at: string | Temporal.Instant, office: Office, t: Translate) {
  const dates = datesIn(t.language, office.timeZone);
  const instant = Temporal.Instant.from(at);
  return {
    day: dates.day(instant),
    longDay: dates.longDay(instant),
    briefDay: dates.briefDay(instant),
    time: dates.time(instant),
  };
}

type RowName =
  | 'office'
  | 'site'
  | 'directions'
  | 'caller'
  | 'procedure'
  | 'language'
  | 'interpreter'
  | 'reference'
  | 'before'
  | 'planned'
  | 'reason';

const rowMaker =
  (t: Translate) =>
  (name: RowName, value: string | null | undefined | false): Row[] =>
    value ? [{ label: t(`notices.row.${name}`), value: oneLine(value) }] : [];

const toCall = (row: Row): Row => ({ ...row, url: telephoneAddress(row.value) });

const COMING: ReadonlySet<NoticeKind> = new Set([
  'confirmation',
  'reminder',
  'soon',
  'late',
  'change',
  'link',
]);

/** Nobody comes at the hour that they tell. */
const OFF: ReadonlySet<NoticeKind> = new Set(['cancellation', 'displaced', 'uncalled']);

/** Returns the card of the notice's appointment. */
export function cardOf(notice: Notice, office: Office, t: Translate): Card {
  const { kind, facts } = notice;
  const isLate = kind === 'late';
  const { longDay, time } = when(isLate ? laterStart(facts) : timeOf(facts.start), office, t);
  const isComing = COMING.has(kind);
  const isForeign = isComing && facts.language !== notice.language;
  const row = rowMaker(t);
  return {
    day: longDay,
    time,
    how: isComing ? howOf(facts, minutesOf(facts), t) : t(`common.channel.${facts.channel}`),
    isOff: OFF.has(kind),
    isComing,
    rows: [
      ...row('reason', kind === 'cancellation' && facts.by === 'office' && facts.reason),
      ...row('before', kind === 'change' && before(facts, office, t)),
      ...row('planned', isLate && when(timeOf(facts.start), office, t).time),
      ...row('caller', isComing && isCalled(facts.channel) && callerOf(office)).map(toCall),
      ...row('site', isComing && placeOf(facts, office, t)),
      ...row('directions', isComing && directionsOf(facts, office, t)),
      ...row('office', isComing && textIn(office.name, t.language)),
      ...row('procedure', !isLate && procedureNames(office, facts, t)),
      ...row('language', isForeign && formatLanguage(facts.language, t).name),
      ...row('interpreter', isComing && interpreterOf(facts, t)),
      ...row('reference', facts.reference),
    ],
  };
}

const interpreterOf = ({ interpreter }: NoticeFacts, t: Translate): string | null =>
  interpreter ? t(`interpreter.language.${interpreter}`) : null;

/** Name and address of the site to which a citizen comes; null: to none. */
export function placeOf(of: Pick<Ask, 'site'>, office: Office, t: Translate): string | null {
  const site = siteOf(office, of);
  return site && `${oneLine(textIn(site.name, t.language))}. ${oneLine(site.address)}`;
}

function directionsOf(of: Pick<Ask, 'site'>, office: Office, t: Translate): string | null {
  const site = siteOf(office, of);
  return site?.directions ? oneLine(textIn(site.directions, t.language)) : null;
}

/** Returns the card of an offered time. */
export function offerCard({ facts }: Notice, office: Office, t: Translate): Card {
  const { longDay, time } = when(timeOf(facts.offer?.start ?? null), office, t);
  const row = rowMaker(t);
  return {
    day: longDay,
    time,
    how: t(`notices.how.${facts.channel}`),
    isOff: false,
    isComing: false,
    rows: [...row('procedure', procedureNames(office, facts, t))],
  };
}

const howOf = ({ channel }: NoticeFacts, minutes: number, t: Translate): string =>
  `${t(`notices.how.${channel}`)} (${t('common.minutes', { count: minutes })})`;

function before(
  { before: old, channel }: NoticeFacts,
  office: Office,
  t: Translate,
): string | null {
  if (!old) return null;
  const { day, time } = when(old.start, office, t);
  const then = t('notices.when', { day, time });
  return old.channel === channel ? then : `${then} (${t(`common.channel.${old.channel}`)})`;
}

const minutesOf = ({ start, end }: NoticeFacts): number =>
  timeOf(start).until(timeOf(end)).total('minutes');

/** The documents to have ready. The last reminder doesn't begin with documents; the one before asks to check them. */
export function preparation(
  { kind, facts }: Notice,
  office: Office,
  t: Translate,
  links: { device: string; documents: string; identify: string },
) {
  const bundle = bookedBundle(office, facts);
  const parts = bundle?.parts ?? [];
  const asked = parts.flatMap((part) => {
    const items = papers(documentsFor(part, facts), t);
    const name = oneLine(textIn(part.name, t.language));
    return parts.length > 1 ? items.map((each) => `${name}: ${each}`) : items;
  });
  const isReminder = kind === 'reminder';
  return {
    title: t(isReminder ? 'notices.prepare.title.check' : `notices.prepare.title.${facts.channel}`),
    items: [
      ...(isReminder && hasRoom(facts.channel)
        ? [{ text: t('notices.prepare.device'), url: links.device }]
        : []),
      ...ready(facts, office, t),
      ...(bundle && levelNeeded(bundle)
        ? [{ text: t('notices.prepare.identify'), url: links.identify }]
        : []),
      ...asked,
      ...(asked.length > 0 ? [{ text: t('notices.prepare.send'), url: links.documents }] : []),
    ],
  };
}

function ready({ channel }: NoticeFacts, office: Office, t: Translate): string[] {
  const { max, windowMinutes } = office.settings.attempts;
  return [t(`notices.prepare.${channel}`, { attempts: max, minutes: windowMinutes })];
}

const papers = (documents: readonly RequestedDocument[], t: Translate): string[] =>
  documents.map(({ name, note, required }) => {
    const document = oneLine(textIn(name, t.language)).replace(/\.$/, '');
    const said = t(required ? 'notices.prepare.document' : 'notices.prepare.maybe', { document });
    return note ? `${said} ${oneLine(textIn(note, t.language))}` : said;
  });
