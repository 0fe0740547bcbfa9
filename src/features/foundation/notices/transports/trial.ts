import { randomUUID } from 'node:crypto';
import type { SmsLimits } from '../../../../config.ts';
import { isEmail } from '../../../../domain/contact/email.ts';
import type { Clock } from '../../../../lib/clock.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import { isReached } from '../rules.ts';
import type { NoticeChannel, Outgoing, Transports } from '../types.ts';

/** A test message. Its words are fixed, so that nobody is told anything by one. */
export interface Trial {
  channel: NoticeChannel;
  /** A mail address, or a telephone; spaces count as nothing. */
  to: string;
  language: Language;
  subject: string;
  text: string;
}

/**
 * What became of it. `none`: no server is configured; `invalid`: it is no address; `unreached`: SMS_PREFIXES lets no SMS go to that number.
 * The answers are the server's own words.
 */
export type TrialResult =
  | { ok: true; answer: string }
  | { ok: false; reason: 'none' | 'invalid' | 'unreached' }
  /** `away`: no server answered. */
  | { ok: false; reason: 'refused' | 'away'; code: string; answer: string };

export interface Trials {
  /** Sends a test message at once, past the outbox, and says what the server answered. */
  send(trial: Trial): Promise<TrialResult>;
}

/** `transports`: opens those of the environment; each is closed after its message. */
export function createTrials(deps: {
  transports: () => Transports;
  limits: SmsLimits;
  clock: Clock;
}): Trials {
  return {
    async send({ channel, to: typed, language, subject, text }) {
      const to = channel === 'sms' ? typed.replaceAll(/[\s().-]/g, '') : typed.trim();
      const isValid = channel === 'sms' ? /^\+\d{8,15}$/.test(to) : isEmail(to);
      if (!isValid) return { ok: false, reason: 'invalid' };
      if (channel === 'sms' && !isReached(to, deps.limits.prefixes))
        return { ok: false, reason: 'unreached' };
      const transports = deps.transports();
      try {
        const transport = transports[channel];
        if (!transport) return { ok: false, reason: 'none' };
        const outgoing: Outgoing = {
          id: randomUUID(),
          to,
          sender: '',
          replyTo: null,
          language,
          at: deps.clock.now(),
          message: { subject, text, html: channel === 'sms' ? '' : htmlOf(text), attachments: [] },
        };
        const delivery = await transport.send(outgoing);
        if (delivery.ok) return { ok: true, answer: delivery.answer ?? '' };
        const { answered, code, reason } = delivery;
        return { ok: false, reason: answered ? 'refused' : 'away', code, answer: reason };
      } finally {
        for (const each of Object.values(transports)) each.close();
      }
    },
  };
}

const htmlOf = (text: string): string =>
  `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`;
