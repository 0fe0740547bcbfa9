import { unlinked } from '../../../domain/names.ts';
import type { Office } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import { type Card, cardOf, offerCard, preparation, when } from './card.ts';
import { oneLine } from './plain.ts';
import { groupOf } from './rules.ts';
import type { LinkMaker, Notice } from './types.ts';
import { caseOf, chatWords, codeOf, isWorded, say } from './wording.ts';

/** A line of a list, with an optional link. */
export type Item = string | { text: string; url: string };

/** The content of a mail, before it is HTML or plain text. */
export interface Letter {
  subject: string;
  /** Its heading. */
  title: string;
  hello: string;
  lead: string;
  /** The time that the mail is about; null: none. */
  card: Card | null;
  lists: { title: string; items: Item[] }[];
  /** Null: no link, since the content must not be combined with one. */
  button: { text: string; url: string } | null;
  /** The label for the plain-text link. `text` is for readers who see an address instead of a button. */
  notes: { html: string; text: string }[];
  /** The office and its contact details. */
  signature: string[];
  automatic: string;
  /** The address where such mails are stopped; null: they can't be stopped. */
  stop: { text: string; url: string } | null;
}

/** The links of a notice. */
export interface Links {
  manage: string;
  /** The page for testing the citizen's device. */
  device: string;
  survey: string;
  waiting: string;
  /** The page for choosing another time. */
  again: string;
  /** The page for handing over and fetching documents. */
  documents: string;
  /** The page for identifying electronically. */
  identify: string;
  /** The page of a folder where people see who acts for whom. */
  representations: string;
  /** The page of a case. */
  case: string;
  /** The page of a request, or of whoever follows one. */
  request: string;
  /** The page of a conversation in writing. */
  chat: string;
  /** The digits of a one-time code. */
  code: string;
  /** The page where the person at the former address reports that they didn't make the change. */
  object: string;
  stop: string | null;
}

/** Returns the links of a notice, short ones for an SMS. Links of appointments and of the wait list contain secrets. */
export function linksOf(notice: Notice, office: Office, maker: LinkMaker): Links {
  const { id, appointment, waiting, case: of, request, chat, language, kind } = notice;
  const isShort = notice.channel === 'sms';
  const { link = 0 } = notice.facts;
  const procedure = office.procedure(notice.facts.procedure);
  const page = procedure && !procedure.retired ? `/${procedure.code}` : '';
  const stop = maker.stopUrl(id, language);
  const manageUrl = (id: string) =>
    isShort
      ? maker.shortManageUrl({ id, link })
      : maker.manageUrl({ id, link, noticeLanguage: language });
  const waitingUrl = (id: string) =>
    isShort ? maker.shortWaitingUrl({ id, link }) : maker.waitingUrl({ id, link }, language);
  const caseUrl = () => {
    const { cosigner } = notice.facts;
    if (cosigner) return maker.cosignUrl(cosigner, language);
    return of ? maker.caseUrl({ id: of, link }, language) : '';
  };
  const requestUrl = () => {
    const { follower } = notice.facts;
    if (follower) return maker.followUrl(follower, language);
    return request ? maker.requestUrl({ id: request, link }, language) : '';
  };
  const manage = appointment ? manageUrl(appointment) : '';
  return {
    manage,
    device: `${manage}/device`,
    survey: `${manage}/survey`,
    waiting: waiting ? waitingUrl(waiting) : manage,
    again: `${new URL(stop).origin}/${language}/${office.code}${page}`,
    documents: `${manage}/documents`,
    identify: `${manage}/identify`,
    representations: `${new URL(stop).origin}/${language}/folder/representations`,
    case: caseUrl(),
    request: requestUrl(),
    chat: chat ? maker.chatUrl(chat, language) : '',
    code: notice.facts.code ? maker.digitsOf(notice.facts.code) : '',
    object: isShort ? maker.shortObjectUrl(id) : `${stop}/not-me`,
    stop: groupOf(kind) ? stop : null,
  };
}

/** Writes a notice from the facts of the time when it was created. The appointment may have changed since. */
export function letterOf(notice: Notice, office: Office, links: Links): Letter {
  const t = translateTo(notice.language);
  const { kind, facts } = notice;
  const group = groupOf(kind);
  const { note, ...said } = wordsOf(notice, office, t, links);
  const rest = restOf(notice, office, t, links);
  return {
    ...said,
    title: t(`notices.${kind}.title`),
    hello: facts.name
      ? t('notices.hello', { name: unlinked(oneLine(facts.name)) })
      : t('notices.hello.nobody'),
    signature: signatureOf(office, t),
    automatic: t('notices.automatic'),
    stop: group && links.stop ? { text: t(`notices.stop.${group}`), url: links.stop } : null,
    ...rest,
    notes: [...(note ? [both(note)] : []), ...rest.notes],
  };
}

/** Parts that an office may reword. The words of a one-time code can't be changed. */
function wordsOf(notice: Notice, office: Office, t: Translate, { code }: Links) {
  if (isWorded(notice))
    return {
      subject: say(notice, office, ['subject']),
      lead: say(notice, office, [caseOf(notice)]),
      note: say(notice, office, ['note']),
    };
  if (notice.kind === 'contact')
    return {
      subject: t('notices.contact.subject'),
      lead: contactLead(notice, office, t),
      note: '',
    };
  if (notice.kind === 'authorisation')
    return {
      subject: t('notices.authorisation.subject'),
      lead: t(`notices.authorisation.lead.${notice.facts.authorisation ?? 'ended'}`),
      note: '',
    };
  if (notice.kind === 'case') return caseWords(notice, office, t);
  if (notice.kind === 'request') return requestWords(notice, t);
  if (notice.kind === 'chat') return chatWords(notice, office, t);
  if (notice.kind === 'unfinished') return unfinishedWords(notice, office, t);
  const about = codeOf(notice);
  return {
    subject: t(`notices.${about}.subject`),
    lead: t(`notices.${about}.lead`, { code: spaced(code) }),
    note: '',
  };
}

/** What happened to a case, without what it is about. */
function caseWords({ facts }: Notice, office: Office, t: Translate) {
  const { news = 'moved', until, reference } = facts;
  const day = until ? when(`${until}T12:00:00Z`, office, t).day : '';
  return {
    subject: t('notices.case.subject', { reference: reference ?? '' }),
    lead: until ? t(`notices.case.lead.${news}.until`, { day }) : t(`notices.case.lead.${news}`),
    note: '',
  };
}

/** What happened to a request, without what it is about. */
function requestWords({ facts: { told = 'moved', reference } }: Notice, t: Translate) {
  return {
    subject: t('notices.request.subject', { reference: reference ?? '' }),
    lead: t(`notices.request.lead.${told}`),
    note: '',
  };
}

/** That a form waits, without what it is about. */
function unfinishedWords({ facts }: Notice, office: Office, t: Translate) {
  const day = facts.until ? when(`${facts.until}T12:00:00Z`, office, t).day : '';
  return {
    subject: t('notices.unfinished.subject'),
    lead: t('notices.unfinished.lead', { day }),
    note: '',
  };
}

type Rest = Pick<Letter, 'card' | 'lists' | 'button' | 'notes'>;

/** The parts that differ most between kinds. */
function restOf(notice: Notice, office: Office, t: Translate, links: Links): Rest {
  const { kind, facts } = notice;
  const card = facts.start ? cardOf(notice, office, t) : null;
  const managed = {
    card,
    lists: [preparation(notice, office, t, links)],
    button: { text: t('notices.button.manage'), url: links.manage },
    notes: [
      { html: t('notices.manage'), text: t('notices.manage.text') },
      both(t('notices.secret')),
    ],
  };
  const again = { text: t('notices.button.another'), url: links.again };
  switch (kind) {
    case 'confirmation':
    case 'reminder':
    case 'soon':
    case 'change':
      return managed;
    case 'link':
      return { ...managed, notes: [both(t('notices.link.other')), ...managed.notes] };
    case 'late':
      return { ...managed, lists: [] };
    case 'cancellation': {
      const lists = facts.by === 'office' ? walkIns(office, t) : [];
      return { card, lists, button: again, notes: [both(t('notices.cancellation.calendar'))] };
    }
    case 'number': {
      const button = { text: t('notices.button.number'), url: `${links.manage}/contact` };
      return { card, lists: [], button, notes: [both(t('notices.secret'))] };
    }
    case 'noshow':
      return {
        card,
        lists: walkIns(office, t),
        button: again,
        notes: callNotes(notice, office, t),
      };
    case 'displaced':
    case 'uncalled':
      return ofDisplaced(notice, office, t, links);
    case 'survey':
      return withLink(t('notices.button.survey'), links.survey, t);
    case 'unfinished':
      return withLink(t('notices.unfinished.button'), links.manage, t);
    case 'code':
      return {
        ...{ card: null, lists: [], button: null },
        notes: [both(t(`notices.${codeOf(notice)}.other`))],
      };
    case 'authorisation':
    case 'contact':
      return ofWarning(kind, t, links);
    case 'case':
      return ofCase(t, links);
    case 'chat':
      return ofChat(notice, t, links);
    case 'request':
      return ofRequest(notice, t, links);
    case 'again':
    case 'refused':
    case 'result':
      return ofDocuments(kind, t, links);
    case 'waiting':
    case 'offer': {
      const button = { text: t(`notices.button.${kind}`), url: links.waiting };
      const offered = kind === 'offer' ? offerCard(notice, office, t) : null;
      return { card: offered, lists: [], button, notes: waitingNotes(notice, t) };
    }
  }
}

/** The parts of a notice that has one secret link and nothing besides. */
const withLink = (text: string, url: string, t: Translate): Rest => ({
  card: null,
  lists: [],
  button: { text, url },
  notes: [both(t('notices.secret'))],
});

/** The parts of a notice of a conversation in writing. Its file goes wherever its person said: without a link. */
const ofChat = ({ facts: { wrote = 'answered' } }: Notice, t: Translate, links: Links): Rest =>
  wrote === 'transcript'
    ? { card: null, lists: [], button: null, notes: [both(t('notices.chat.file'))] }
    : withLink(t(`notices.chat.button.${wrote}`), links.chat, t);

/** The parts of a notice of a case. */
function ofCase(t: Translate, links: Links): Rest {
  const button = { text: t('notices.case.button'), url: links.case };
  return { card: null, lists: [], button, notes: [both(t('notices.case.secret'))] };
}

/** The parts of a notice of a request. Once it is closed, its person is asked for their opinion. */
function ofRequest({ facts: { follower, told } }: Notice, t: Translate, links: Links): Rest {
  const rest = withLink(t('notices.request.button'), links.request, t);
  if (follower && told === 'followed') return rest;
  if (follower) return { ...rest, notes: [both(t('notices.request.leave')), ...rest.notes] };
  const isOver = told === 'answered' || told === 'refused';
  const url = `${links.request}/survey`;
  const items = [{ text: t('notices.button.survey'), url }];
  return isOver ? { ...rest, lists: [{ title: t('notices.request.survey'), items }] } : rest;
}

/** The parts of a notice that warns somebody of what others did, with the way to stop it. */
function ofWarning(kind: 'authorisation' | 'contact', t: Translate, links: Links): Rest {
  const isContact = kind === 'contact';
  return {
    card: null,
    lists: [],
    button: {
      text: t(`notices.${kind}.button`),
      url: isContact ? links.object : links.representations,
    },
    notes: isContact
      ? [both(t('notices.contact.yours')), both(t('notices.contact.codes'))]
      : [both(t('notices.authorisation.stop'))],
  };
}

/** The parts of a notice to a citizen who needs another hour. */
function ofDisplaced(notice: Notice, office: Office, t: Translate, links: Links): Rest {
  const has = notice.facts.offer ? 'offer' : 'free';
  return {
    card: has === 'offer' ? offerCard(notice, office, t) : cardOf(notice, office, t),
    lists: walkIns(office, t),
    button: { text: t(`notices.displaced.button.${has}`), url: links.manage },
    notes: [
      both(t('notices.displaced.first')),
      both(t('notices.displaced.end')),
      both(t('notices.secret')),
    ],
  };
}

function ofDocuments(kind: 'again' | 'refused' | 'result', t: Translate, links: Links): Rest {
  const button = { text: t(`notices.button.${kind}`), url: links.documents };
  const note = kind === 'refused' ? 'notices.refused.help' : 'notices.papers.code';
  return { card: null, lists: [], button, notes: [both(t(note))] };
}

/** Which address was changed, by which role and when; the new address is never shown. */
export function contactLead({ facts }: Notice, office: Office, t: Translate): string {
  const { contact, reference } = facts;
  if (!contact) return '';
  const { day, time } = when(contact.at, office, t);
  const what = contact.changed.length > 1 ? 'both' : (contact.changed[0] ?? 'both');
  return t(`notices.contact.lead.${what}`, {
    reference: reference ?? '',
    day,
    time,
    who: t(`notices.contact.by.${contact.by}`),
  });
}

/** How often the citizen was called, and that it was less than promised. */
function callNotes({ facts: { calls = 0 } }: Notice, office: Office, t: Translate) {
  if (calls === 0) return [];
  const { max } = office.settings.attempts;
  return [
    both(t('notices.noshow.calls', { count: calls })),
    ...(calls < max ? [both(t('notices.noshow.fewer', { count: max }))] : []),
  ];
}

const both = (text: string) => ({ html: text, text });

const waitingNotes = ({ kind, appointment, facts }: Notice, t: Translate): Letter['notes'] => [
  both(
    facts.isDisplaced
      ? t('notices.offer.displaced')
      : t(
          `notices.${kind === 'offer' ? 'offer' : 'waiting'}.${appointment ? 'booked' : 'unbooked'}`,
        ),
  ),
  both(t('notices.waiting.leave')),
  both(t('notices.secret')),
];

/** Two groups of three digits are copied with fewer typos. */
const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

function walkIns(office: Office, t: Translate): Letter['lists'] {
  const items = office.settings.walkIn.map(({ name, address, hours }) =>
    [name && textIn(name, t.language), address, textIn(hours, t.language)]
      .filter((part) => part !== undefined && part !== '')
      .map((part) => oneLine(String(part)).replace(/\.$/, ''))
      .join('. ')
      .concat('.'),
  );
  return items.length > 0 ? [{ title: t('notices.walkIn'), items }] : [];
}

function signatureOf(office: Office, t: Translate): string[] {
  const { phone, email, url, form, relay } = office.settings.contact ?? {};
  const told = relay && phone ? `${t('notices.relay')} ${relay}` : undefined;
  const ways = [phone, email, url, form, told].filter((way) => way !== undefined);
  return [
    oneLine(textIn(office.name, t.language)),
    ...(ways.length > 0 ? [`${t('notices.contact')} ${ways.join(' · ')}`] : []),
  ];
}
