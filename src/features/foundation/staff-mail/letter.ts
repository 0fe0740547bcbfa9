import { unlinked } from '../../../domain/names.ts';
import { lookOf } from '../../../domain/office/look.ts';
import type { Office, Town } from '../../../domain/office/types.ts';
import { roleCan } from '../../../domain/roles.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import { type Letter, letterMessage, oneLine } from '../notices/service.ts';
import type { StaffMail, StaffMessage } from './types.ts';

/** The data that a mail's text needs. */
export interface Setting {
  town: Town;
  /** The mail's office; null: none, or it is retired. */
  office: Office | null;
  /** Public address without a trailing slash. */
  baseUrl: string;
  /** The page where an invited person sets up their account. */
  setupUrl(invitation: string): string;
}

/** The reader's language, else the town's first. */
export const languageOf = (mail: StaffMail, town: Town): Language =>
  mail.staff.language ?? town.languages[0] ?? 'ca';

/** Returns the mail's text. The same mail gives the same message each time. */
export function messageOf(mail: StaffMail, setting: Setting): StaffMessage {
  const { town, office } = setting;
  const language = languageOf(mail, town);
  const letter = letterOf(mail, setting, translateTo(language));
  return {
    id: mail.id,
    to: mail.facts.sentTo ?? mail.staff.email,
    sender: office?.settings.mailFrom ?? letter.signature[0] ?? '',
    language,
    at: mail.createdAt,
    ...letterMessage(letter, language, office?.settings.look ?? lookOf(town)),
  };
}

function letterOf(mail: StaffMail, setting: Setting, t: Translate): Letter {
  const { kind, staff } = mail;
  const { town, office } = setting;
  const where = office ? textIn(office.name, t.language) : town.name;
  return {
    subject: oneLine(t(`people.mail.${kind}.subject`, { office: where })),
    title: t(`people.mail.${kind}.title`),
    hello: t('notices.hello', { name: unlinked(oneLine(staff.name)) }),
    card: null,
    lists: [],
    signature: [oneLine(where)],
    automatic: t('notices.automatic'),
    stop: null,
    ...restOf(mail, setting, oneLine(where), t),
  };
}

type Rest = Pick<Letter, 'lead' | 'button' | 'notes'>;

function restOf(mail: StaffMail, setting: Setting, office: string, t: Translate): Rest {
  const { kind, facts, createdAt } = mail;
  const { town, baseUrl, setupUrl } = setting;
  const when = (at: Temporal.Instant) => {
    const dates = datesIn(t.language, town.timeZone);
    return { day: dates.longDay(at), time: dates.time(at) };
  };
  if (kind === 'invited') {
    const until = when(Temporal.Instant.from(facts.expiresAt ?? createdAt));
    return {
      lead: facts.role
        ? t('people.mail.invited.lead', { office, role: t(`people.role.${facts.role}`) })
        : t('people.mail.invited.leadPlain', { office }),
      button: { text: t('people.mail.invited.button'), url: setupUrl(facts.invitation ?? '') },
      notes: [both(t('people.mail.invited.until', until)), both(t('people.mail.invited.stranger'))],
    };
  }
  if (kind === 'joined') {
    const role = t(`people.role.${facts.role ?? 'agent'}`);
    const opens = roleCan(facts.role ?? 'agent', 'open_console');
    const page = opens ? `/console/${facts.office}` : '/console';
    return {
      lead: t('people.mail.joined.lead', { office, role }),
      button: { text: t('people.mail.joined.button'), url: `${baseUrl}${page}` },
      notes: [both(t('people.mail.joined.same'))],
    };
  }
  if (kind === 'requests_waiting') return ofRequests(mail, setting, office, t);
  if (kind === 'chat_messages') return ofMessages(mail, setting, t);
  if (kind === 'signed_out_by_office') {
    const said = { ...when(createdAt), name: unlinked(oneLine(facts.by ?? '')), office };
    const by = facts.office ? 'administrator' : 'operator';
    return {
      lead: t(`people.mail.signed_out_by_office.${by}`, said),
      button: { text: t('people.mail.joined.button'), url: `${baseUrl}/console` },
      notes: [both(t('people.mail.signed_out_by_office.why'))],
    };
  }
  return {
    lead: t(`people.mail.${kind}.lead`, { ...when(createdAt), email: facts.email ?? '' }),
    button: { text: t('people.mail.account.button'), url: `${baseUrl}/staff/account` },
    notes: [
      both(t(`people.mail.${kind === 'address_changed' ? 'address_changed' : 'account'}.notYou`)),
    ],
  };
}

/** What is late in an office, asked in vain, or to be told by a call. */
function ofRequests(
  { facts }: StaffMail,
  { baseUrl }: Setting,
  office: string,
  t: Translate,
): Rest {
  const { late = 0, asked = 0, call = 0 } = facts;
  const url = `${baseUrl}/console/${facts.office}/requests`;
  return {
    lead: t('people.mail.requests_waiting.lead', { office }),
    button: {
      text: t('people.mail.requests_waiting.button'),
      url: `${url}?group=${late > 0 ? 'overdue' : asked > 0 ? 'waiting' : 'call'}`,
    },
    notes: [
      ...(late > 0 ? [both(t('people.mail.requests_waiting.late', { count: late }))] : []),
      ...(asked > 0 ? [both(t('people.mail.requests_waiting.asked', { count: asked }))] : []),
      ...(call > 0 ? [both(t('people.mail.requests_waiting.call', { count: call }))] : []),
    ],
  };
}

/** How many messages of an office nobody has answered. */
function ofMessages({ facts, createdAt }: StaffMail, setting: Setting, t: Translate): Rest {
  const { count = 1, until } = facts;
  const at = Temporal.Instant.from(until ?? createdAt);
  const day = datesIn(t.language, setting.town.timeZone).longDay(at);
  return {
    lead: t('people.mail.chat_messages.lead', { count, day }),
    button: {
      text: t('people.mail.chat_messages.button'),
      url: `${setting.baseUrl}/console/${facts.office}/chats`,
    },
    notes: [],
  };
}

const both = (text: string) => ({ html: text, text });
