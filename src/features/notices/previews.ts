import type { Clock } from '../../lib/clock.ts';
import { type Db, within } from '../../lib/db/database.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import type { Body } from '../bodies/types.ts';
import type { WordedKind, Wording } from '../town-file/types.ts';
import { type Letter, letterOf } from './letter.ts';
import { textOf } from './text.ts';
import type { Notice } from './types.ts';
import { type NextTime, readNextTime } from './views.ts';

export interface Preview {
  language: Language;
  subject: string;
  text: string;
}

/** Mails as they would go out, about the next time that somebody has booked: its day, hour and procedure, and nobody's name. */
export interface Previews {
  /** In each language of the body. Empty: nobody has booked. */
  of(body: Body, kind: WordedKind, wording: Wording): Promise<Preview[]>;
}

export function createPreviews({ db, clock }: { db: Db; clock: Clock }): Previews {
  return {
    async of(body, kind, wording) {
      const now = clock.now();
      const time = await within(db, body.id, (tx) => readNextTime(tx, now));
      if (!time) return [];
      const worded = { ...body, settings: { ...body.settings, wording } };
      return body.languages.map((language) => {
        const letter = letterAbout(time, worded, kind, language, now);
        // The space after a signature's hyphens is for mail programs alone.
        const text = textOf(letter).replaceAll(/ +$/gm, '');
        return { language, subject: letter.subject, text };
      });
    },
  };
}

/** Where a link would stand, which only its reader knows. */
const SECRET = 'https://…';
const NO_LINKS = {
  ...{ manage: SECRET, device: SECRET, survey: SECRET, waiting: SECRET, again: SECRET },
  ...{ documents: SECRET, code: '', stop: SECRET },
};

function letterAbout(
  time: NextTime,
  body: Body,
  kind: WordedKind,
  language: Language,
  now: Temporal.Instant,
): Letter {
  const { start, end, ...facts } = time;
  const notice: Notice = {
    ...{ id: '', kind, recipient: '', language, body: body.id, waiting: null },
    channel: 'email',
    ...{ appointment: '', createdAt: now, notBefore: now, attempts: 0, lastError: null },
    ...{ sentAt: null, droppedAt: null, failedAt: null },
    facts: {
      ...facts,
      ...{ start: start.toString(), end: end.toString(), reference: null, sequence: 0 },
      ...{ name: translateTo(language)('notices.preview.name'), onBehalfOf: null, minutes: 15 },
      before: { start: start.toString(), channel: facts.channel },
    },
  };
  return letterOf(notice, body, NO_LINKS);
}
