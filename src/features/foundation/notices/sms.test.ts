import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../domain/channel.ts';
import { SEGMENT } from '../../../lib/gsm.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { render } from './render.ts';
import { isGsm } from './testing/gsm.ts';
import { sampleNotice, sampleOffice } from './testing.ts';
import { type LinkMaker, NOTICE_KINDS } from './types.ts';

/** A long town address: 40 characters. */
const BASE = 'https://cita.ajuntament-de-vilaclara.cat';
const SECRET = 'w'.repeat(32);
const links: LinkMaker = {
  manageUrl: (of) => `${BASE}/${of.noticeLanguage}/appointment/${SECRET}`,
  waitingUrl: (_, language) => `${BASE}/${language}/waiting/${SECRET}`,
  stopUrl: (_, language) => `${BASE}/${language}/notices/${SECRET}`,
  digitsOf: () => '123456',
};

const FIRST = Temporal.Instant.from('2026-01-01T00:00:00Z');
const start = fc.integer({ min: 0, max: 365 * 24 * 60 }).map((minutes) => FIRST.add({ minutes }));

describe.each(NOTICE_KINDS)('an SMS of %s', (kind) => {
  it.each(LANGUAGES)(
    'in %s is one segment, whatever the day, the hour and the address',
    (language) => {
      const code = fc.integer({ min: 1, max: 64 }).map((length) => 'w'.repeat(length));
      fc.assert(
        fc.property(
          fc.record({
            at: start,
            channel: fc.constantFrom(...CHANNELS),
            by: fc.constantFrom('citizen' as const, 'office' as const),
            reason: fc.string({ maxLength: 200, unit: 'binary' }),
            procedure: code,
            officeCode: code,
            hasAppointment: fc.boolean(),
          }),
          ({ at, channel, by, reason, procedure, officeCode, hasAppointment }) => {
            const plain = sampleOffice();
            const known = plain.procedure('volant-padro');
            const office = {
              ...plain,
              code: officeCode,
              procedure: () => known && { ...known, code: procedure },
            };
            const notice = sampleNotice(
              kind,
              language,
              {
                reference: 'WWW-WWW',
                procedure,
                channel,
                by,
                reason,
                minutes: 120,
                code: 'code',
                start: at.toString(),
                end: at.add({ minutes: 30 }).toString(),
                offer: { start: at.toString(), expiresAt: at.toString() },
              },
              {
                channel: 'sms',
                waiting: '0b9dbb2e-54fc-4d2c-8a11-000000000002',
                ...(kind === 'offer' && !hasAppointment && { appointment: null }),
              },
            );
            const { text } = render(notice, office, links);
            expect([...text].filter((sign) => !isGsm(sign))).toEqual([]);
            expect(text.length).toBeLessThanOrEqual(SEGMENT);
            if (kind === 'code') expect(text).not.toContain('http');
            else expect(text).toMatch(new RegExp(` ${BASE}/${language}(/\\S+)?$`));
          },
        ),
        { numRuns: 300 },
      );
    },
  );
});

it.each(LANGUAGES)(
  'a code to consent with, in %s, says so by either way, and not to what',
  (language) => {
    const facts = { code: 'code', isForAct: true };
    const [sms, mail] = (['sms', 'email'] as const).map((channel) =>
      render(sampleNotice('code', language, facts, { channel }), sampleOffice(), links),
    );
    const other = render(sampleNotice('code', language, { code: 'code' }), sampleOffice(), links);
    expect([...(sms?.text ?? '')].filter((sign) => !isGsm(sign))).toEqual([]);
    expect(sms?.text.length).toBeLessThanOrEqual(SEGMENT);
    expect(sms?.text).toContain('123456');
    expect(mail?.text).toContain('123 456');
    for (const each of [sms, mail]) expect(each?.text).not.toMatch(/http|padr/);
    expect(mail?.subject).not.toBe(other.subject);
  },
);
