import { channelNamed } from '../../../domain/channel.ts';
import { siteOf } from '../../../domain/office/site.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Blank, Case, Part, WordedKind, Words } from '../../../domain/office/wording.ts';
import { KEPT_KINDS } from '../../../domain/office/wording.ts';
import { fill, namesIn } from '../../../lib/fill.ts';
import { type Language, type Texts, textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import { laterStart, when } from './card.ts';
import { oneLine } from './plain.ts';
import type { Notice } from './types.ts';

/** A notice whose words an office may change. */
export type Worded = Notice & { kind: WordedKind };

export const isWorded = (notice: Notice): notice is Worded =>
  !(KEPT_KINDS as readonly string[]).includes(notice.kind);

/** Returns the case of a notice, among the cases of its kind. */
export function caseOf({ kind, facts }: Notice): Case {
  if (kind === 'cancellation') return facts.by === 'office' ? 'byOffice' : 'byCitizen';
  if (kind === 'displaced' || kind === 'uncalled') return facts.offer ? 'kept' : 'free';
  return facts.channel;
}

/** Returns a part of a notice in the office's own words when it has some for this case, else in the default words; empty for a note. */
export function say(notice: Worded, office: Office, part: Part): string {
  const { kind, language } = notice;
  const values = valuesOf(notice, office, part);
  const own = textAt(office.settings.wording[kind], part)?.[language];
  // A person without an appointment gets no text with an empty day.
  const isWhole = own && namesIn(own).every((name) => values[name as Blank] !== '');
  return oneLine(
    isWhole ? fill(own, values, (value) => value) : ours(translateTo(language), kind, part, values),
  );
}

/** Returns the default words of a part, with placeholders in braces; empty for a note. */
export const delivered = (kind: WordedKind, part: Part, language: Language): string =>
  ours(translateTo(language), kind, part, BRACED);

const BRACED: Record<Blank, string> = {
  day: '{day}',
  time: '{time}',
  reference: '{reference}',
  minutes: '{minutes}',
  untilday: '{untilday}',
  until: '{until}',
  site: '{site}',
};

function textAt(words: Words | undefined, [first, second]: Part): Texts | undefined {
  return first === 'sms' ? second && words?.sms?.[second] : words?.[first];
}

type Values = Record<Blank, string>;

function ours(t: Translate, kind: WordedKind, part: Part, values: Values): string {
  const [first, second] = part;
  if (first === 'note') return '';
  if (first === 'subject') return t(`notices.${kind}.subject`, values);
  if (first === 'sms') return ourSms(t, kind, second as string, values);
  return ourLead(t, kind, first, values);
}

function ourLead(t: Translate, kind: WordedKind, where: Case, values: Values): string {
  switch (kind) {
    case 'cancellation':
      return t(`notices.cancellation.lead.${where === 'byOffice' ? 'office' : 'citizen'}`, values);
    case 'displaced':
    case 'uncalled':
      return t(`notices.${kind}.lead.${where === 'kept' ? 'offer' : 'free'}`, values);
    case 'survey':
    case 'number':
    case 'link':
    case 'waiting':
    case 'offer':
    case 'again':
    case 'refused':
    case 'result':
      return t(`notices.${kind}.lead`, values);
    default:
      return t(`notices.${kind}.lead.${channelNamed(where)}`, values);
  }
}

function ourSms(t: Translate, kind: WordedKind, where: string, values: Values): string {
  switch (kind) {
    case 'cancellation':
      return t(`notices.sms.cancellation.${where === 'byOffice' ? 'office' : 'citizen'}`, values);
    case 'confirmation':
    case 'reminder':
    case 'soon':
    case 'late':
    case 'change':
      return t(`notices.sms.${kind}.${channelNamed(where)}`, values);
    default:
      return t(`notices.sms.${kind}`, values);
  }
}

const siteNameOf = (facts: Notice['facts'], office: Office, language: Language): string =>
  oneLine(textIn(siteOf(office, facts)?.name, language));

/** Values of the placeholders; shorter in an SMS. A delayed call has its new hour, but in the subject the original hour. */
function valuesOf({ kind, facts, language }: Worded, office: Office, [first]: Part): Values {
  const at = (instant: string | Temporal.Instant | null | undefined) => {
    if (!instant) return { day: '', time: '' };
    const { day, briefDay, time } = when(instant, office, translateTo(language));
    return { day: first === 'sms' ? briefDay : day, time };
  };
  const isLater = kind === 'late' && first !== 'subject';
  const until = at(facts.offer?.expiresAt);
  return {
    ...at(kind === 'offer' ? facts.offer?.start : isLater ? laterStart(facts) : facts.start),
    reference: facts.reference ?? '',
    minutes: String(facts.minutes ?? 0),
    untilday: until.day,
    until: until.time,
    site: siteNameOf(facts, office, language),
  };
}

/** What a code is for, as a part of the keys of its words. */
export const codeOf = ({
  facts: { isForAct, isForChat },
}: Pick<Notice, 'facts'>): 'code' | 'code.act' | 'code.chat' => {
  if (isForChat) return 'code.chat';
  return isForAct ? 'code.act' : 'code';
};

/** What happened to a conversation in writing, without what it is about. */
export function chatWords(
  { facts: { wrote = 'answered', until } }: Notice,
  office: Office,
  t: Translate,
) {
  const day = until ? when(`${until}T12:00:00Z`, office, t).day : '';
  return {
    subject: t(`notices.chat.subject.${wrote}`),
    lead: t(`notices.chat.lead.${wrote}`, { day }),
    note: '',
  };
}
