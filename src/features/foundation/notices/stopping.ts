import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { noticeOfToken, recipientHashes } from './links.ts';
import { groupOf } from './rules.ts';
import { setMuted } from './store.ts';
import type { NoticeGroup } from './types.ts';
import { isMuted, readNotice } from './views.ts';

/** The subject of the link at the bottom of a reminder or a survey. */
export interface Stoppable {
  office: number;
  group: NoticeGroup;
  /** `ended`: the recipient's data was destroyed since, and they receive nothing more. */
  state: 'sent' | 'stopped' | 'ended';
  language: Language;
}

/** Stops an office's reminders or surveys for a person, by the link in each of them. */
export interface Stopping {
  /** Returns null when no such link was ever sent. */
  find(token: string): Promise<Stoppable | null>;
  /** Stops them, or sends them again. A repetition changes nothing. */
  set(token: string, isStopped: boolean): Promise<Stoppable | null>;
}

export function createStopping(deps: {
  database: { kysely: Db };
  keys: Record<'links' | 'addresses', PurposeKey>;
  clock: Clock;
}): Stopping {
  const { keys, clock } = deps;
  const { kysely: db } = deps.database;

  const findOn = async (token: string) => {
    const id = noticeOfToken(keys.links, token);
    const notice = id ? await readNotice(db, id) : null;
    const group = notice && groupOf(notice.kind);
    if (!notice || !group) return null;
    const { office, language } = notice;
    return {
      office,
      language,
      group,
      recipients: recipientHashes(keys.addresses, office, notice.recipient),
      isKnown: notice.recipient !== '',
    };
  };

  return {
    async find(token) {
      const on = await findOn(token);
      if (!on) return null;
      const { office, group, language } = on;
      if (!on.isKnown) return { office, group, language, state: 'ended' };
      const isStopped = await within(db, office, (tx) => isMuted(tx, on));
      return { office, group, language, state: isStopped ? 'stopped' : 'sent' };
    },

    async set(token, isStopped) {
      const on = await findOn(token);
      if (!on) return null;
      const { office, group, language } = on;
      if (!on.isKnown) return { office, group, language, state: 'ended' };
      await within(db, office, (tx) => setMuted(tx, { ...on, isMuted: isStopped }, clock.now()));
      return { office, group, language, state: isStopped ? 'stopped' : 'sent' };
    },
  };
}
