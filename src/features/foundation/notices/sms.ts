import type { Office } from '../../../domain/office/types.ts';
import { sizeOf, smsText } from '../../../lib/gsm.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import type { Links } from './letter.ts';
import { oneLine } from './plain.ts';
import type { Notice } from './types.ts';
import { caseOf, isWorded, say, type Worded } from './wording.ts';

/**
 * Returns a notice as an SMS: who sends it, subject, time and link. The office's reason is added when it needs no additional SMS. A code goes
 * without a link.
 */
export function smsOf(notice: Notice, office: Office, links: Links): string {
  const from = smsSender(office, notice.language);
  if (isWorded(notice)) return wordedSms(notice, office, links);
  const t = translateTo(notice.language);
  if (notice.kind === 'contact') return smsWith(from, contactWords(notice, t), links.object);
  if (notice.kind === 'authorisation')
    return smsWith(from, t('notices.sms.authorisation'), links.representations);
  if (notice.kind === 'unfinished') return smsWith(from, t('notices.sms.unfinished'), links.manage);
  if (notice.kind === 'case')
    return smsWith(
      from,
      t('notices.sms.case', { reference: notice.facts.reference ?? '' }),
      links.case,
    );
  if (notice.kind === 'chat') {
    const { wrote } = notice.facts;
    const words = wrote === 'ending' ? 'notices.sms.chat.ending' : 'notices.sms.chat';
    return smsWith(from, t(words), links.chat);
  }
  if (notice.kind === 'request')
    return smsWith(
      from,
      t('notices.sms.request', { reference: notice.facts.reference ?? '' }),
      links.request,
    );
  const key = notice.facts.isForAct ? 'notices.sms.code.act' : 'notices.sms.code';
  return smsText(`${from}: ${oneLine(t(key, { code: links.code }))}`);
}

/** Returns the name with which an office's SMS begin. Data from before this setting have the office's name only. */
const smsSender = ({ settings, name }: Office, language: Language): string =>
  oneLine(settings.smsFrom ?? textIn(name, language));

/** Returns the words to the former number, or to the unchanged one: an address was changed; the link is for reporting an error. */
function contactWords({ facts }: Notice, t: Translate): string {
  const reference = facts.reference ?? '';
  const what = facts.contact?.changed.length === 1 ? facts.contact.changed[0] : 'both';
  return t(`notices.sms.contact.${what ?? 'both'}`, { reference });
}

function wordedSms(notice: Worded, office: Office, links: Links): string {
  const { kind, facts } = notice;
  const from = smsSender(office, notice.language);
  const words = say(notice, office, ['sms', caseOf(notice)]);
  const withLink = (link: string) => smsWith(from, words, link);
  switch (kind) {
    case 'cancellation': {
      const plain = leadingAgain(links.again, withLink);
      if (facts.by !== 'office' || !facts.reason) return plain;
      const withReason = smsWith(from, `${facts.reason}. ${words}`, links.again);
      return segmentsOf(withReason) <= segmentsOf(plain) ? withReason : plain;
    }
    case 'noshow':
      return leadingAgain(links.again, withLink);
    case 'survey':
      return withLink(links.survey);
    case 'number':
      return withLink(`${links.manage}/contact`);
    case 'again':
    case 'refused':
    case 'result':
      return withLink(links.documents);
    case 'waiting':
    case 'offer':
      return withLink(links.waiting);
    default:
      return withLink(links.manage);
  }
}

const smsWith = (from: string, words: string, link: string): string =>
  smsText(`${from}: ${oneLine(words)} ${link}`);

const segmentsOf = (text: string): number => sizeOf(text).segments;

/** Returns an SMS with the link of the procedure, else of the office, else of the town, whichever takes fewer SMS: codes may be long. */
function leadingAgain(again: string, withLink: (link: string) => string): string {
  const { origin, pathname } = new URL(again);
  const [, language = '', office = ''] = pathname.split('/');
  const shortest = withLink(`${origin}/${language}`);
  const texts = [again, `${origin}/${language}/${office}`].map(withLink);
  return texts.find((text) => segmentsOf(text) <= segmentsOf(shortest)) ?? shortest;
}
