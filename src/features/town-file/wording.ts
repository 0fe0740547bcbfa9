import { z } from 'zod';
import { namesIn } from '../../lib/fill.ts';
import { texts } from './fields.ts';
import type { Tellers } from './references.ts';
import type { Spot } from './spot.ts';

/**
 * The notices that a body may put in words of its own. A one-time code's isn't among them: what goes with a code is not to
 * be got wrong. Nor are those whose words depend on more than the channel.
 */
export const WORDED_KINDS = [
  'confirmation',
  'reminder',
  'soon',
  'late',
  'change',
  'noshow',
  'survey',
  'again',
  'result',
] as const;
export type WordedKind = (typeof WORDED_KINDS)[number];

/** What may stand between braces in a notice's words, filled in when it is sent. */
export const blanksOf = (kind: WordedKind): readonly string[] =>
  kind === 'late' ? ['day', 'time', 'minutes'] : ['day', 'time'];

const words = z.strictObject({
  subject: texts(120, "the mail's subject").exactOptional(),
  phone: texts(600, 'what it says first, where the appointment is by telephone').exactOptional(),
  video: texts(600, 'what it says first, where the appointment is by video').exactOptional(),
  note: texts(600, 'what it says besides').exactOptional(),
});

/** By kind of notice; what isn't there, or not in the reader's language, is said in Finestreta's own words. */
export const wording = z
  .partialRecord(z.enum(WORDED_KINDS), words)
  .describe("the body's own words in its mails to citizens; {day} and {time} are filled in");

export type Wording = z.output<typeof wording>;
export type Words = z.output<typeof words>;

/** Every blank is one that is filled in, and who is told that a call is late is told until when. */
export function checkWording(body: Spot, { mistake }: Tellers): void {
  for (const kind of WORDED_KINDS) {
    const own = body.get('wording').get(kind);
    const known = blanksOf(kind);
    for (const [part, byLanguage] of own.entries()) {
      if (byLanguage.isGroup() && byLanguage.entries().length === 0)
        mistake(byLanguage.path, `"${part}" has no text in any language.`, 'key', {
          kind: 'no_text',
        });
      for (const [, text] of byLanguage.entries()) {
        const blanks = namesIn(text.text() ?? '');
        const unknown = blanks.find((each) => !known.includes(each));
        if (unknown !== undefined) {
          const values = {
            blank: `{${unknown}}`,
            known: known.map((each) => `{${each}}`).join(', '),
          };
          const message = `Nothing is filled in for {${unknown}} here; there are: ${values.known}.`;
          mistake(text.path, message, 'value', { kind: 'unknown_blank', values });
        } else if (kind === 'late' && isLead(part) && !blanks.includes('time')) {
          const message =
            'Who is told that a call is late must be told until when: {time} is missing.';
          mistake(text.path, message, 'value', {
            kind: 'needed_blank',
            values: { blank: '{time}' },
          });
        }
      }
    }
  }
}

const isLead = (part: string): boolean => part === 'phone' || part === 'video';
