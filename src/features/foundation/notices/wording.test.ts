import { describe, expect, it, test } from 'vitest';
import { isChannel } from '../../../domain/channel.ts';
import type { Case, WordedKind, Wording } from '../../../domain/office/wording.ts';
import { casesOf, KEPT_KINDS, partsOf, WORDED_KINDS } from '../../../domain/office/wording.ts';
import { mistakesInWords } from '../../../formats/town-file/checks/wording.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { render } from './render.ts';
import { PAPER_SECRET, sampleLinks, sampleNotice, sampleOffice } from './testing.ts';
import { NOTICE_KINDS, type Notice, type NoticeFacts } from './types.ts';
import { caseOf, delivered } from './wording.ts';

/** Kinds whose words can't be changed, each with the reason. */
const KEPT: Record<(typeof KEPT_KINDS)[number], string> = {
  code: 'a code and a link must never come together, and whoever reads it must be told to keep it',
  contact:
    'whoever was reached before must be told what happened and where to object, whatever an office thinks of it',
  authorisation: 'it warns a person of others who act for them, whatever an office thinks of it',
  case: 'it says nothing of what it is about, which an office might',
  unfinished: 'the same',
  request: 'it says nothing of what it is about, which an office might',
  chat: 'the same',
};

test('every kind of notice can be worded, or stays in our words for a reason', () => {
  expect([...WORDED_KINDS, ...KEPT_KINDS].sort()).toEqual([...NOTICE_KINDS].sort());
  expect(Object.keys(KEPT)).toEqual([...KEPT_KINDS]);
});

const OFFER = { start: '2026-12-03T09:00:00Z', expiresAt: '2026-12-01T15:30:00Z' };

/** A notice of a kind in one of its cases. */
function noticeOf(
  kind: WordedKind,
  of: Case,
  language: Notice['language'],
  more: { facts?: Partial<NoticeFacts>; channel?: Notice['channel'] } = {},
): Notice {
  const waits = kind === 'waiting' || kind === 'offer';
  const facts: Partial<NoticeFacts> = {
    minutes: 20,
    ...(isChannel(of) && { channel: of }),
    ...(of === 'byCitizen' && { by: 'citizen' as const }),
    ...(of === 'byOffice' && { by: 'office' as const }),
    ...((kind === 'offer' || of === 'kept') && { offer: OFFER }),
    ...(waits && { reference: null, start: null, end: null }),
    ...more.facts,
  };
  const id = '0b9dbb2e-54fc-4d2c-8a11-000000000002';
  return sampleNotice(kind, language, facts, {
    id,
    ...(waits && { appointment: null, waiting: id }),
    ...(more.channel && { channel: more.channel }),
  });
}

const EVERY = WORDED_KINDS.flatMap((kind) =>
  casesOf(kind).flatMap((of) => LANGUAGES.map((language) => ({ kind, of, language }))),
);

/** Words of a kind, the same way in each part and language. */
function wordsOf(
  kind: WordedKind,
  say: (part: readonly string[], language: (typeof LANGUAGES)[number]) => string,
): Wording {
  const words: Record<string, unknown> = {};
  const sms: Record<string, unknown> = {};
  for (const part of partsOf(kind)) {
    const texts = Object.fromEntries(LANGUAGES.map((each) => [each, say(part, each)]));
    (part[0] === 'sms' ? sms : words)[String(part.at(-1))] = texts;
  }
  return { [kind]: { ...words, sms } };
}

/** The delivered words as an office's own. */
const asDelivered = (kind: WordedKind): Wording =>
  wordsOf(kind, (part, language) => delivered(kind, part as never, language) || 'Res més.');

test.each(WORDED_KINDS)(
  'the delivered words of %s keep the rules that an office’s own must',
  (kind) => {
    expect(mistakesInWords(kind, asDelivered(kind)[kind])).toEqual([]);
  },
);

describe.each(EVERY)('$kind, $of, $language', ({ kind, of, language }) => {
  it('is of its case', () => {
    expect(caseOf(noticeOf(kind, of, language))).toBe(of);
  });

  it('says the delivered words as an office’s own in the very same way', () => {
    const { [kind]: { note: _, ...words } = {} } = asDelivered(kind);
    const own = sampleOffice({ wording: { [kind]: words } });
    for (const channel of ['email', 'sms'] as const) {
      const notice = noticeOf(kind, of, language, { channel });
      expect(render(notice, own, sampleLinks)).toEqual(render(notice, sampleOffice(), sampleLinks));
    }
  });

  it('says an office’s own words of each part, and the links and the card as ever', () => {
    const own = sampleOffice({
      wording: wordsOf(kind, (part, each) => `[${part.join('-')} ${each}]`),
    });
    const mail = noticeOf(kind, of, language);
    const [ours, said] = [sampleOffice(), own].map((office) => render(mail, office, sampleLinks));
    expect(said?.subject).toBe(`[subject ${language}]`);
    expect(said?.text).toContain(`[${of} ${language}]`);
    expect(said?.text).toContain(`[note ${language}]`);
    const linksIn = (html = '') => html.match(/href="[^"]+"/g);
    expect(linksIn(said?.html)).toEqual(linksIn(ours?.html));
    const sms = noticeOf(kind, of, language, { channel: 'sms' });
    const [ourSms, saidSms] = [sampleOffice(), own].map(
      (office) => render(sms, office, sampleLinks).text,
    );
    expect(saidSms).toContain(`[sms-${of} ${language}]`);
    expect(saidSms?.split(' ').at(-1)).toBe(ourSms?.split(' ').at(-1));
  });
});

describe('an office’s own words', () => {
  const sms = (text: string, facts: Partial<NoticeFacts> = {}) =>
    render(
      noticeOf('cancellation', 'byOffice', 'ca', { channel: 'sms', facts }),
      sampleOffice({
        smsFrom: 'OAC',
        wording: { cancellation: { sms: { byOffice: { ca: text } } } },
      }),
      sampleLinks,
    ).text;

  it('of an SMS come between sender and link, with the reason where that costs no more', () => {
    const words = 'Ho sentim: no podrem atendre’t {day} a les {time} ({reference}).';
    const said = sms(words);
    expect(said).toBe(
      "OAC: Ho sentim: no podrem atendre't dc. 9/12 a les 9:20 (K7M-2QX). https://cita.vilaclara.cat/ca/oac/volant-padro",
    );
    expect(sms(words, { reason: 'Vaga' })).toMatch(/^OAC: Vaga\. Ho sentim/);
    expect(sms(words, { reason: 'Vaga '.repeat(20) })).toBe(said);
  });

  it('can’t be HTML, nor lines of a header, whatever they are', () => {
    const text =
      '</p><script>alert(1)</script><a href="https://x.example">x</a>\r\nBcc: x@example.org';
    for (const { kind, of, language } of EVERY.filter((each) => each.language === 'ca')) {
      const own = sampleOffice({ wording: wordsOf(kind, () => text) });
      const { html, subject, text: plain } = render(noticeOf(kind, of, language), own, sampleLinks);
      expect(html).not.toMatch(/<script|<a href="https:\/\/x/);
      expect(html).toContain('&lt;script&gt;');
      expect(subject).not.toMatch(/[\r\n]/);
      expect(plain).not.toMatch(/^Bcc/m);
    }
  });

  it('say nothing empty: what has no day or reference has ours', () => {
    const own = sampleOffice({ wording: { link: { phone: { ca: 'La cita {reference}.' } } } });
    const said = (facts: Partial<NoticeFacts>) =>
      render(noticeOf('link', 'phone', 'ca', { facts }), own, sampleLinks).text;
    expect(said({})).toContain('La cita K7M-2QX.');
    expect(said({ reference: null })).toContain(delivered('link', ['phone'], 'ca').slice(0, 30));
  });

  it('of a late call tell the new hour, and its subject the one that it is known by', () => {
    const wording = { late: { subject: { ca: 'De les {time}' }, phone: { ca: 'A les {time}' } } };
    const { subject, text } = render(
      noticeOf('late', 'phone', 'ca'),
      sampleOffice({ wording }),
      sampleLinks,
    );
    expect(subject).toBe('De les 9:20');
    expect(text).toContain('A les 9:40');
    expect(text).toContain(PAPER_SECRET);
  });
});
