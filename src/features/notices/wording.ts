import { fill } from '../../lib/fill.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import type { Body } from '../bodies/types.ts';
import type { Words } from '../town-file/types.ts';
import { laterStart, when } from './card.ts';
import { oneLine } from './plain.ts';
import type { Notice } from './types.ts';

/** What a body says in words of its own; what isn't there is said in ours. */
interface OwnWords {
  subject?: string | undefined;
  lead?: string | undefined;
  note?: string | undefined;
}

/** The body's own words for a notice, in its reader's very language: in another they would be no use. */
export function ownWords({ kind, language, facts }: Notice, body: Body): OwnWords {
  const wording: Record<string, Words | undefined> = body.settings.wording;
  const own = wording[kind];
  if (!own || !facts.start) return {};
  const start = kind === 'late' ? laterStart(facts) : facts.start;
  const { day, time } = when(start, body, translateTo(language));
  const values = { day, time, minutes: String(facts.minutes ?? 0) };
  const say = (texts: Words['note']) => {
    const template = texts?.[language];
    return template && oneLine(fill(template, values, (value) => value));
  };
  return { subject: say(own.subject), lead: say(own[facts.channel]), note: say(own.note) };
}
