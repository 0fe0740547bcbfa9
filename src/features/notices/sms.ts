import { type Translate, translateTo } from '../../lib/i18n/translate.ts';
import type { Body } from '../bodies/types.ts';
import { laterStart, when } from './card.ts';
import type { Links } from './letter.ts';
import { oneLine } from './plain.ts';
import type { Notice } from './types.ts';

/** Septets of one SMS. A sign outside the alphabet would turn the whole message to UCS-2, of which 70 fit. */
export const SEGMENT = 160;

/** The default alphabet of GSM 03.38 that takes one septet a sign. */
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ALPHABET = new Set(GSM);
const TWINS: Record<string, string> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '·': '.',
  '€': 'EUR',
};

/** A text in signs of the default alphabet: í becomes i, ç c, and what has no twin a question mark. */
function toGsm(text: string): string {
  return [...text.normalize('NFC')]
    .map((sign) => (ALPHABET.has(sign) ? sign : (TWINS[sign] ?? plainTwin(sign))))
    .join('');
}

function plainTwin(sign: string): string {
  const base = sign.normalize('NFD').replace(/\p{M}+/gu, '');
  return [...base].every((each) => ALPHABET.has(each)) ? base : /\s/u.test(sign) ? ' ' : '?';
}

/** A notice as an SMS: what, when and a link. The body's reason follows where it fits into one segment. */
export function smsOf(notice: Notice, body: Body, links: Links): string {
  const t = translateTo(notice.language);
  const { kind, facts } = notice;
  const say = (words: string, link: string) => `${toGsm(oneLine(words))} ${link}`;
  const values = valuesOf(notice, body, t);
  /** The page of the procedure, else of the body, else of the town: codes may be long. */
  const sayAgain = (words: string) => {
    const { origin, pathname } = new URL(links.again);
    const [, language = '', office = ''] = pathname.split('/');
    const pages = [links.again, `${origin}/${language}/${office}`, `${origin}/${language}`];
    const texts = pages.map((page) => say(words, page));
    return texts.find((text) => text.length <= SEGMENT) ?? texts.at(-1) ?? '';
  };
  switch (kind) {
    case 'cancellation': {
      const words = t(`notices.sms.cancellation.${facts.by ?? 'citizen'}`, values);
      const withReason = say(facts.reason ? `${facts.reason}. ${words}` : words, links.again);
      const isToTell = facts.by === 'body' && withReason.length <= SEGMENT;
      return isToTell ? withReason : sayAgain(words);
    }
    case 'noshow':
      return sayAgain(t('notices.sms.noshow', values));
    case 'survey':
      return say(t('notices.sms.survey', values), links.survey);
    case 'number':
      return say(t('notices.sms.number', values), `${links.manage}/contact`);
    case 'link':
      return say(t('notices.sms.link', values), links.manage);
    case 'code':
      return toGsm(
        oneLine(
          t(facts.isForAct ? 'notices.sms.code.act' : 'notices.sms.code', { code: links.code }),
        ),
      );
    case 'again':
    case 'result':
      return say(t(`notices.sms.${kind}`, values), links.documents);
    case 'displaced':
      return say(t('notices.sms.displaced', values), links.manage);
    case 'waiting':
    case 'offer':
      return say(t(`notices.sms.${kind}`, values), links.waiting);
    default:
      return say(t(`notices.sms.${kind}.${facts.channel}`, values), links.manage);
  }
}

/** What the texts may tell. The hour of a call that is late is its new one. */
function valuesOf({ kind, facts }: Notice, body: Body, t: Translate) {
  const isOffer = kind === 'offer';
  const start = isOffer ? facts.offer?.start : facts.start;
  const at = start ? when(kind === 'late' ? laterStart(facts) : start, body, t) : null;
  const until = facts.offer ? when(facts.offer.expiresAt, body, t).time : '';
  return {
    reference: facts.reference ?? '',
    day: at?.briefDay ?? '',
    time: at?.time ?? '',
    until,
  };
}
