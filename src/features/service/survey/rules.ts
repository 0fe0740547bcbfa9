import type { Appointment } from '../../../domain/appointment.ts';
import { hasRoom, isCalled } from '../../../domain/channel.ts';
import { HEARD, type Heard, SOLVED, type Solved, type SurveyAnswer } from './types.ts';

export const LONGEST_COMMENT = 2000;

export type SurveyMistakes = Partial<
  Record<keyof SurveyAnswer | 'all', 'missing' | 'not_known' | 'too_long'>
>;
export type CheckedSurvey =
  | { ok: true; answer: SurveyAnswer }
  | { ok: false; mistakes: SurveyMistakes };

/** Checks what was chosen and typed; an answer that says nothing at all is none. */
export function checkSurvey(raw: {
  score?: string;
  solved?: string;
  heard?: string;
  comment?: string;
}): CheckedSurvey {
  const mistakes: SurveyMistakes = {};
  const comment = (raw.comment ?? '')
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\u0000', '')
    .trim();
  if (comment.length > LONGEST_COMMENT) mistakes.comment = 'too_long';
  if (raw.score && !/^(\d|10)$/.test(raw.score)) mistakes.score = 'not_known';
  if (raw.solved && !(SOLVED as readonly string[]).includes(raw.solved))
    mistakes.solved = 'not_known';
  if (raw.heard && !(HEARD as readonly string[]).includes(raw.heard)) mistakes.heard = 'not_known';
  if (!raw.score && !raw.solved && !raw.heard && comment === '') mistakes.all = 'missing';
  if (Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  return {
    ok: true,
    answer: {
      score: raw.score ? Number(raw.score) : null,
      solved: (raw.solved || null) as Solved | null,
      heard: (raw.heard || null) as Heard | null,
      comment,
    },
  };
}

/** Asked at every ending, failures too, and for a month; until then an answer can be changed. */
export function mayAnswer(appointment: Appointment, now: Temporal.Instant): boolean {
  const ended = ['fulfilled', 'noshow', 'cancelled'].includes(appointment.status);
  return ended && Temporal.Instant.compare(now, appointment.end.add({ hours: 30 * 24 })) < 0;
}

/** Whether how the call sounded is asked, too: where they talked, by telephone or video. */
export const asksHeard = ({ status, channel }: Pick<Appointment, 'status' | 'channel'>): boolean =>
  status === 'fulfilled' && (isCalled(channel) || hasRoom(channel));
