import { COUNTRY } from '../../lib/country.ts';
import { datesIn } from '../../lib/i18n/dates.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { sayLanguage } from '../../lib/i18n/say-language.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';
import { sayPhone } from '../appointments/rules.ts';
import type { Channel } from '../appointments/types.ts';
import type { Body, Procedure } from '../bodies/types.ts';
import { oneLine } from './plain.ts';
import type { Notice, NoticeFacts } from './types.ts';

export interface Row {
  label: string;
  value: string;
}

/** What a mail says, before it is HTML or plain text. */
export interface Letter {
  subject: string;
  /** Its heading. */
  title: string;
  hello: string;
  lead: string;
  /** The appointment; null where it isn't what the mail is about. */
  card: {
    day: string;
    time: string;
    how: string;
    isOff: boolean;
    isComing: boolean;
    rows: Row[];
  } | null;
  lists: { title: string; items: string[] }[];
  button: { text: string; url: string };
  /** What the button's text can't say: `text` is for those who see an address instead of a button. */
  notes: { html: string; text: string }[];
  /** The body, and how to reach it. */
  signature: string[];
  automatic: string;
}

/** Where a notice's links lead. */
export interface Links {
  manage: string;
  survey: string;
  /** Where another time is chosen. */
  again: string;
}

/** The links of a notice. `manageUrl` holds the secret of its appointment. */
export function linksOf(notice: Notice, body: Body, manageUrl: string): Links {
  const procedure = body.procedure(notice.facts.procedure);
  const page = procedure && !procedure.retired ? `/${procedure.code}` : '';
  return {
    manage: manageUrl,
    survey: `${manageUrl}/survey`,
    again: `${new URL(manageUrl).origin}/${notice.language}/${body.code}${page}`,
  };
}

/** The caller's number as people read it; null when the body hasn't said. */
export const callerOf = (body: Body): string | null =>
  body.settings.phone?.caller ? sayPhone(body.settings.phone.caller, COUNTRY) : null;

/** The procedure's name, or its code when the catalogue no longer knows it. */
export const procedureName = (body: Body, code: string, t: Translate): string =>
  oneLine(textIn(body.procedure(code)?.name, t.language)) || code;

/** Day and hour of an instant in the words of the notice's language and the body's zone. */
export function when(at: string | Temporal.Instant, body: Body, t: Translate) {
  const dates = datesIn(t.language, body.timeZone);
  const instant = Temporal.Instant.from(at);
  return {
    day: dates.day(instant),
    longDay: dates.longDay(instant),
    shortDay: dates.shortDay(instant),
    time: dates.time(instant),
  };
}

/** Puts a notice into words, from the facts of when it was owed: the appointment may have gone on since. */
export function letterOf(notice: Notice, body: Body, links: Links): Letter {
  const t = translateTo(notice.language);
  const { kind, facts } = notice;
  const { day, time } = when(facts.start, body, t);
  const common = {
    subject: oneLine(t(`notices.${kind}.subject`, { day, time })),
    title: t(`notices.${kind}.title`),
    hello: t('notices.hello', { name: oneLine(facts.name) }),
    lead: leadOf(notice, t, day),
    signature: signatureOf(body, t),
    automatic: t('notices.automatic'),
  };
  switch (kind) {
    case 'confirmation':
    case 'change':
      return {
        ...common,
        card: cardOf(notice, body, t),
        lists: [preparation(facts, body, t)],
        button: { text: t('notices.button.manage'), url: links.manage },
        notes: [
          { html: t('notices.manage'), text: t('notices.manage.text') },
          both(t('notices.secret')),
        ],
      };
    case 'cancellation':
      return {
        ...common,
        card: cardOf(notice, body, t),
        lists: facts.by === 'body' ? walkIns(body, t) : [],
        button: { text: t('notices.button.again'), url: links.again },
        notes: [both(t('notices.cancellation.calendar'))],
      };
    case 'noshow':
      return {
        ...common,
        card: cardOf(notice, body, t),
        lists: walkIns(body, t),
        button: { text: t('notices.button.again'), url: links.again },
        notes: [],
      };
    case 'survey':
      return {
        ...common,
        card: null,
        lists: [],
        button: { text: t('notices.button.survey'), url: links.survey },
        notes: [both(t('notices.secret'))],
      };
  }
}

const both = (text: string) => ({ html: text, text });

function leadOf({ kind, facts }: Notice, t: Translate, day: string): string {
  switch (kind) {
    case 'cancellation':
      return t(`notices.cancellation.lead.${facts.by ?? 'citizen'}`);
    case 'survey':
      return t('notices.survey.lead', { day });
    default:
      return t(`notices.${kind}.lead.${facts.channel}`);
  }
}

function cardOf(notice: Notice, body: Body, t: Translate): NonNullable<Letter['card']> {
  const { kind, facts } = notice;
  const { longDay, time } = when(facts.start, body, t);
  const isComing = kind === 'confirmation' || kind === 'change';
  const caller = callerOf(body);
  const isForeign = isComing && facts.language !== notice.language;
  const row = (name: RowName, value: string | null | undefined): Row[] =>
    value ? [{ label: t(`notices.row.${name}`), value: oneLine(value) }] : [];
  return {
    day: longDay,
    time,
    how: isComing
      ? `${t(`notices.how.${facts.channel}`)} (${t('common.minutes', { count: minutesOf(facts) })})`
      : t(`common.channel.${facts.channel}`),
    isOff: kind === 'cancellation',
    isComing,
    rows: [
      ...row('reason', kind === 'cancellation' && facts.by === 'body' ? facts.reason : null),
      ...row('before', kind === 'change' ? before(facts, body, t) : null),
      ...row('caller', isComing && facts.channel === 'phone' ? caller : null),
      ...row('body', isComing ? textIn(body.name, t.language) : null),
      ...row('procedure', procedureName(body, facts.procedure, t)),
      ...row('language', isForeign ? sayLanguage(facts.language, t).name : null),
      ...row('reference', facts.reference),
    ],
  };
}

type RowName = 'body' | 'caller' | 'procedure' | 'language' | 'reference' | 'before' | 'reason';

function before({ before: old, channel }: NoticeFacts, body: Body, t: Translate): string | null {
  if (!old) return null;
  const { day, time } = when(old.start, body, t);
  const then = t('notices.when', { day, time });
  return old.channel === channel ? then : `${then} (${t(`common.channel.${old.channel}`)})`;
}

const minutesOf = ({ start, end }: NoticeFacts): number =>
  Temporal.Instant.from(start).until(end).total('minutes');

function preparation(facts: NoticeFacts, body: Body, t: Translate): Letter['lists'][number] {
  const procedure = body.procedure(facts.procedure);
  return {
    title: t(`notices.prepare.title.${facts.channel}`),
    items: [...ready(facts.channel, body, t), ...(procedure ? papers(procedure, t) : [])],
  };
}

function ready(channel: Channel, body: Body, t: Translate): string[] {
  if (channel === 'video') return [t('notices.prepare.video')];
  const { max, windowMinutes } = body.settings.attempts;
  return [t('notices.prepare.phone', { attempts: max, minutes: windowMinutes })];
}

const papers = (procedure: Procedure, t: Translate): string[] =>
  procedure.documents.map(({ name, note, required }) => {
    const document = oneLine(textIn(name, t.language)).replace(/\.$/, '');
    const said = t(required ? 'notices.prepare.document' : 'notices.prepare.maybe', { document });
    return note ? `${said} ${oneLine(textIn(note, t.language))}` : said;
  });

function walkIns(body: Body, t: Translate): Letter['lists'] {
  const items = body.settings.walkIn.map(({ name, address, hours }) =>
    [name && textIn(name, t.language), address, textIn(hours, t.language)]
      .filter((part) => part !== undefined && part !== '')
      .map((part) => oneLine(String(part)).replace(/\.$/, ''))
      .join('. ')
      .concat('.'),
  );
  return items.length > 0 ? [{ title: t('notices.walkIn'), items }] : [];
}

function signatureOf(body: Body, t: Translate): string[] {
  const { phone, email, url } = body.settings.contact ?? {};
  const ways = [phone && sayPhone(phone, COUNTRY), email, url].filter((way) => way !== undefined);
  return [
    oneLine(textIn(body.name, t.language)),
    ...(ways.length > 0 ? [`${t('notices.contact')} ${ways.join(' · ')}`] : []),
  ];
}
