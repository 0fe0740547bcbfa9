import type { Office } from '../../../domain/office/types.ts';
import { segmentsOf, toGsm } from '../../../lib/gsm.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import type { Links } from './letter.ts';
import { oneLine } from './plain.ts';
import type { Notice } from './types.ts';
import { caseOf, isWorded, say, type Worded } from './wording.ts';

/** Returns a notice as an SMS: subject, time and link. The office's reason is added when it needs no additional SMS. */
export function smsOf(notice: Notice, office: Office, links: Links): string {
  if (isWorded(notice)) return wordedSms(notice, office, links);
  const t = translateTo(notice.language);
  if (notice.kind === 'contact') return contactSms(notice, t, links);
  const key = notice.facts.isForAct ? 'notices.sms.code.act' : 'notices.sms.code';
  return toGsm(oneLine(t(key, { code: links.code })));
}

/** Returns the SMS to the former number, or to the unchanged one: an address was changed, with a contact for reporting an error. */
function contactSms({ facts }: Notice, t: Translate, links: Links): string {
  const reference = facts.reference ?? '';
  const what = facts.contact?.changed.length === 1 ? facts.contact.changed[0] : 'both';
  return withLink(t(`notices.sms.contact.${what ?? 'both'}`, { reference }), links.object);
}

function wordedSms(notice: Worded, office: Office, links: Links): string {
  const { kind, facts } = notice;
  const words = say(notice, office, ['sms', caseOf(notice)]);
  switch (kind) {
    case 'cancellation': {
      const plain = leadingAgain(words, links.again);
      if (facts.by !== 'office' || !facts.reason) return plain;
      const withReason = withLink(`${facts.reason}. ${words}`, links.again);
      return segmentsOf(withReason) <= segmentsOf(plain) ? withReason : plain;
    }
    case 'noshow':
      return leadingAgain(words, links.again);
    case 'survey':
      return withLink(words, links.survey);
    case 'number':
      return withLink(words, `${links.manage}/contact`);
    case 'again':
    case 'refused':
    case 'result':
      return withLink(words, links.documents);
    case 'waiting':
    case 'offer':
      return withLink(words, links.waiting);
    default:
      return withLink(words, links.manage);
  }
}

const withLink = (words: string, link: string): string => `${toGsm(oneLine(words))} ${link}`;

/** Returns the link of the procedure, else of the office, else of the town, whichever takes fewer SMS: codes may be long. */
function leadingAgain(words: string, again: string): string {
  const { origin, pathname } = new URL(again);
  const [, language = '', office = ''] = pathname.split('/');
  const shortest = withLink(words, `${origin}/${language}`);
  const texts = [again, `${origin}/${language}/${office}`].map((page) => withLink(words, page));
  return texts.find((text) => segmentsOf(text) <= segmentsOf(shortest)) ?? shortest;
}
