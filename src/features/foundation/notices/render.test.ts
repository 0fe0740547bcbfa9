import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { MOST_SEGMENTS } from '../../../domain/office/wording.ts';
import { sizeOf } from '../../../lib/gsm.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { render } from './render.ts';
import { PAPER_SECRET, sampleLinks, sampleNotice, sampleOffice } from './testing.ts';
import { NOTICE_KINDS, type Notice, type NoticeFacts } from './types.ts';

const office = sampleOffice();

const CASES = NOTICE_KINDS.flatMap((kind) =>
  LANGUAGES.flatMap((language) =>
    (['phone', 'video'] as const).map((channel) => ({ kind, language, channel })),
  ),
);
const EXTRA: Partial<Record<(typeof NOTICE_KINDS)[number], Partial<NoticeFacts>>> = {
  change: { before: { start: '2026-12-10T09:00:00Z', channel: 'video' }, sequence: 1 },
  late: { minutes: 20 },
  displaced: {
    by: 'office',
    offer: { start: '2026-12-03T09:00:00Z', expiresAt: '2026-12-01T15:30:00Z' },
  },
  uncalled: { by: 'office' },
  noshow: { calls: 1 },
  waiting: { reference: null, start: null, end: null },
  offer: {
    reference: null,
    start: null,
    end: null,
    offer: { start: '2026-12-03T09:00:00Z', expiresAt: '2026-12-01T15:30:00Z' },
  },
  code: { code: 'a code' },
  authorisation: { authorisation: 'given' },
  contact: { contact: { changed: ['phone'], by: 'office', at: '2026-11-30T08:00:00Z' } },
  cancellation: { by: 'office', reason: 'El taulell tanca per obres', sequence: 1 },
};
/** People on the wait list have no appointment. */
const WAITS = { appointment: null, waiting: '0b9dbb2e-54fc-4d2c-8a11-000000000002' };
const ABOUT: Partial<Record<(typeof NOTICE_KINDS)[number], Partial<Notice>>> = {
  waiting: WAITS,
  offer: WAITS,
  case: { appointment: null, case: '0b9dbb2e-54fc-4d2c-8a11-000000000003' },
  request: { appointment: null, request: '0b9dbb2e-54fc-4d2c-8a11-000000000004' },
  chat: { appointment: null, chat: '0b9dbb2e-54fc-4d2c-8a11-000000000005' },
};
const rendered = ({ kind, language, channel }: (typeof CASES)[number]) =>
  render(
    sampleNotice(kind, language, { channel, ...EXTRA[kind] }, ABOUT[kind]),
    office,
    sampleLinks,
  );

/** Exceptions for mail programs are allowed; the other rules are those of a page. */
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'no-inline-style': 'off',
    'doctype-style': 'off',
    'no-deprecated-attr': 'off',
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'no-conditional-comment': 'off', // for Outlook
    'prefer-native-element': 'off',
    'prefer-tbody': 'off',
    'presentation-role-style': 'off', // old mail programs don't know "none"
  },
});

describe.each(CASES)('a mail: $kind, $channel, $language', (each) => {
  const message = rendered(each);

  it('says everything, in one language', () => {
    expect(message.subject).toMatch(/^\S.{5,90}\S$/);
    const words = [message.subject, message.text, message.html.replace(/<style>.*<\/style>/s, '')];
    for (const text of words) {
      expect(text).not.toMatch(/undefined|null|NaN|[{}]|notices\.|\[object/);
    }
    for (const other of LANGUAGES.filter((language) => language !== each.language)) {
      expect(message.text).not.toContain(`Oficina d’Atenció Ciutadana ${other}`);
      expect(message.text).not.toContain(`Volant de padró ${other}`);
    }
    expect(message.text).toContain(`Oficina d’Atenció Ciutadana ${each.language}`);
    expect(message.html).toContain(`<html lang="${each.language}"`);
  });

  it('is text that reads well: at most 78 columns, only links longer', () => {
    const long = message.text.split('\n').filter((line) => line.length > 78);
    expect(long.filter((line) => !line.startsWith('https://'))).toEqual([]);
  });

  it('has one button, and a way to stop it where one can do without it; the text has the same links', () => {
    const links = [...message.html.matchAll(/href="([^"]+)"/g)].map((match) => match[1]);
    const stop = sampleLinks.stopUrl('', each.language);
    const isLess = ['reminder', 'soon', 'survey'].includes(each.kind);
    const isTest = (link = '') => link.endsWith('/device');
    const isToPrepare = (link = '') => isTest(link) || link.startsWith('tel:');
    const isToSend = (link = '') => link.endsWith('/documents');
    const asksToTest = each.kind === 'reminder' && each.channel === 'video';
    expect(links.filter(isTest)).toHaveLength(asksToTest ? 1 : 0);
    const lists = ['confirmation', 'reminder', 'soon', 'change', 'link'].includes(each.kind);
    const others = links.filter((link) => !isToPrepare(link) && !(lists && isToSend(link)));
    expect(others.slice(1)).toEqual(isLess ? [stop] : []);
    expect(links.filter((link) => lists && isToSend(link))).toHaveLength(lists ? 1 : 0);
    const web = links.filter((link) => !link?.startsWith('tel:'));
    for (const link of web) expect(message.text).toContain(`\n${link}\n`);
  });

  it('is valid HTML', async () => {
    const report = await validator.validateString(message.html);
    expect(
      report.results.flatMap((result) => result.messages.map((m) => `${m.ruleId}: ${m.message}`)),
    ).toEqual([]);
  });
});

describe('what a mail tells', () => {
  it('leads to identification where the procedure needs it, and nowhere else', () => {
    const [procedure] = office.procedures;
    const needs = { ...procedure!, identity: 'electronic' } as const;
    const asking = { ...office, procedures: [needs], procedure: () => needs };
    const notice = sampleNotice('confirmation', 'en', { procedure: 'volant-padro' });
    expect(render(notice, asking, sampleLinks).text).toMatch(/\/identify\b/);
    expect(render(notice, office, sampleLinks).text).not.toMatch(/\/identify\b/);
  });

  it('carries the appointment link in what is managed or answered, and nowhere else', () => {
    const has = (kind: (typeof NOTICE_KINDS)[number]) => {
      const { text, html } = render(sampleNotice(kind), office, sampleLinks);
      return [text.includes(PAPER_SECRET), html.includes(PAPER_SECRET)];
    };
    expect(has('confirmation')).toEqual([true, true]);
    expect(has('change')).toEqual([true, true]);
    expect(has('survey')).toEqual([true, true]);
    expect(has('noshow')).toEqual([false, false]);
    expect(has('cancellation')).toEqual([false, false]);
    expect(has('result')).toEqual([true, true]);
    expect(has('code')).toEqual([false, false]);
  });

  it('asks for the papers of who acts for somebody else only in their appointment', () => {
    const asks = (onBehalfOf: string | null) =>
      render(sampleNotice('confirmation', 'ca', { onBehalfOf }), office, sampleLinks).text.includes(
        'Poder ca',
      );
    expect([asks(null), asks('Conxa Güell')]).toEqual([false, true]);
  });

  it('carries a code apart from every link, and never beside one', () => {
    const withCode = (kind: (typeof NOTICE_KINDS)[number]) => {
      const facts = { ...EXTRA[kind], code: 'x' };
      const { text, html } = render(
        sampleNotice(kind, 'ca', facts, ABOUT[kind]),
        office,
        sampleLinks,
      );
      return /123.?456/.test(text + html);
    };
    expect(NOTICE_KINDS.filter(withCode)).toEqual(['code']);
  });

  it('leads to a new booking after a no-show and a cancellation, to the survey after the end', () => {
    const text = (kind: (typeof NOTICE_KINDS)[number]) =>
      render(sampleNotice(kind, 'es'), office, sampleLinks).text;
    expect(text('noshow')).toContain('\nhttps://cita.vilaclara.cat/es/oac/volant-padro\n');
    expect(text('cancellation')).toContain('\nhttps://cita.vilaclara.cat/es/oac/volant-padro\n');
    expect(text('survey')).toContain(
      `\n${sampleLinks.manageUrl({ id: '', link: 0, noticeLanguage: 'es' })}/survey\n`,
    );
  });

  it('says the times of the facts on the clock of the office, whatever the appointment is now', () => {
    const notice = sampleNotice('confirmation', 'ca', { start: '2026-07-01T08:20:00Z' });
    expect(render(notice, office, sampleLinks).subject).toContain('10:20');
    const winter = sampleNotice('confirmation', 'ca', { start: '2026-12-09T08:20:00Z' });
    expect(render(winter, office, sampleLinks).subject).toContain('9:20');
  });

  it('tells the reason of the office and not that of the citizen', () => {
    const reason = 'Motiu que ningú més no ha de saber';
    const text = (by: 'citizen' | 'office') =>
      render(sampleNotice('cancellation', 'ca', { by, reason }), office, sampleLinks).text;
    expect(text('office')).toContain(reason);
    expect(text('citizen')).not.toContain(reason);
  });

  it('escapes what people typed, and keeps it on its line', () => {
    const name = 'A<script>alert(1)</script>"\'&\r\nBcc: x@example.org\u2028\u202Ey';
    const { html, text, subject } = render(
      sampleNotice('survey', 'ca', { name }),
      office,
      sampleLinks,
    );
    expect(html).not.toContain('<script');
    expect(html).toContain(
      'A&lt;script&gt;alert(1)&lt;/ script&gt;&quot;&#39;&amp; Bcc: x@ example. org y',
    );
    for (const out of [html, text, subject]) {
      expect(out).not.toMatch(/[\r\u2028\u202e]/);
      expect(out).not.toMatch(/^Bcc/m);
    }
  });

  it('takes no style from a colour that is none', () => {
    const look = {
      accent: { light: 'red;}</style><b>', dark: 'url(x)' },
      accentInk: { light: '#fff', dark: '#000' },
    };
    const { html } = render(sampleNotice('survey'), sampleOffice({ look }), sampleLinks);
    expect(html).not.toContain('<b>');
    expect(html).not.toContain('url(');
  });

  it('fetches nothing', () => {
    for (const each of CASES)
      expect(rendered(each).html).not.toMatch(/<img|<link|@import|url\(|src=/);
  });

  it('still works for a procedure that the catalogue lost', () => {
    const notice = sampleNotice('noshow', 'ca', { procedure: 'antic' });
    expect(render(notice, office, sampleLinks).text).toContain('cita.vilaclara.cat/ca/oac\n');
  });
});

describe.each(CASES)('an SMS: $kind, $channel, $language', (each) => {
  it('begins with its sender, takes few segments, and ends with a short link', () => {
    const { kind, language, channel } = each;
    const notice = sampleNotice(kind, language, { channel, ...EXTRA[kind] }, ABOUT[kind]);
    const message = render({ ...notice, channel: 'sms' }, office, sampleLinks);
    expect(message.text).toMatch(/^OAC Vilaclara: \S/);
    expect(sizeOf(message.text).segments).toBeLessThanOrEqual(MOST_SEGMENTS);
    if (kind === 'code') expect(message.text).not.toContain('http');
    else expect(message.text).toMatch(/ https:\/\/cita\.vilaclara\.cat\/([swn]\/|[a-z]{2}\b)\S*$/);
    expect(message.attachments).toEqual([]);
    expect(message.html).toBe('');
  });
});

describe('an office’s own words', () => {
  const wording = {
    late: {
      phone: { ca: 'Et truquem a les {time}, {minutes} minuts tard.' },
      note: { ca: 'Perdona.' },
    },
    confirmation: { subject: { ca: 'El {day}\nhi som' } },
  };
  const own = sampleOffice({ wording });
  const late = (language: 'ca' | 'es', channel: 'phone' | 'video' = 'phone') =>
    render(sampleNotice('late', language, { channel, minutes: 20 }), own, sampleLinks).text;

  it('are filled in, beside all that the notice says anyway', () => {
    expect(late('ca')).toContain('Et truquem a les 9:40, 20 minuts tard.');
    expect(late('ca')).toContain('Perdona.');
    expect(late('ca')).toContain(PAPER_SECRET);
    const { subject } = render(sampleNotice('confirmation'), own, sampleLinks);
    expect(subject).toMatch(/^El \S+, 9 de desembre hi som$/);
  });

  it('are for who reads that language and has that channel; others have ours', () => {
    const plain = render(sampleNotice('late', 'es', { minutes: 20 }), office, sampleLinks).text;
    const secretless = (text: string) => text.replaceAll(/\w{22}|paper\.\S+/g, '');
    expect(secretless(late('es'))).toBe(secretless(plain));
    expect(late('ca', 'video')).not.toContain('Et truquem');
  });

  it('can’t bring a code and a link together', () => {
    const everywhere = Object.fromEntries(
      NOTICE_KINDS.map((kind) => [kind, { note: { ca: 'Codi: {code} {link} {documents}' } }]),
    );
    for (const kind of NOTICE_KINDS) {
      const facts = { ...EXTRA[kind] };
      const { text } = render(
        sampleNotice(kind, 'ca', facts, ABOUT[kind]),
        sampleOffice({ wording: everywhere }),
        sampleLinks,
      );
      expect([kind, text.includes('123 456') && text.includes('https://')]).toEqual([kind, false]);
      expect(kind === 'code' || !text.includes('123 456')).toBe(true);
    }
  });
});

it('a stranger’s address in a name from before the rule is printed so that no mail program makes a link of it', () => {
  const name = 'Pague en multas-ayto.cloud';
  const { html, text } = render(sampleNotice('confirmation', 'es', { name }), office, sampleLinks);
  for (const part of [html, text]) {
    expect(part).toContain('multas-ayto. cloud');
    expect(part).not.toContain('multas-ayto.cloud');
  }
});
