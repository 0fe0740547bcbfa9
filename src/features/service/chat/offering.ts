import { isTopicOpen, nextOpeningOf } from '../../../domain/office/chat/topics.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { canAnswer } from './line/rules.ts';
import type { LineDesk } from './line/types.ts';
import { readLineDesks } from './line/views.ts';
import type { TopicNow } from './types.ts';

/** What people can write about now. */
export interface Offering {
  /** Returns the topics of an office, with the languages in which each can be answered now. It is a few seconds old at most. */
  topics(office: Office): Promise<readonly TopicNow[]>;
  /** Returns the topics that can be answered now in a language; of a procedure alone, where it is given. */
  openTopics(office: Office, language: Language, procedure?: string): Promise<readonly TopicNow[]>;
}

/** For how long an answer holds: pages of the catalogue ask it too. */
const HOLDS_MS = 10_000;

export function createOffering({ db, clock }: { db: Db; clock: Clock }): Offering {
  const known = new Map<number, { of: Office; at: number; topics: Promise<TopicNow[]> }>();
  const topics = (office: Office): Promise<readonly TopicNow[]> => {
    if (office.settings.chat.topics.length === 0) return Promise.resolve([]);
    const now = clock.now();
    const there = known.get(office.id);
    const ageMs =
      there?.of === office ? now.epochMilliseconds - there.at : Number.POSITIVE_INFINITY;
    // A clock that is put back in a test must not keep it.
    if (there && ageMs >= 0 && ageMs < HOLDS_MS) return there.topics;
    const read = within(db, office.id, async (tx) =>
      topicsNow(office, await readLineDesks(tx, office, now), now),
    );
    known.set(office.id, { of: office, at: now.epochMilliseconds, topics: read });
    read.catch(() => known.delete(office.id));
    return read;
  };
  return {
    topics,
    async openTopics(office, language, procedure) {
      const all = await topics(office);
      const about = (code: string) =>
        office.settings.chat.topics.find((each) => each.code === code)?.procedures ?? [];
      return all.filter(
        (each) =>
          each.languages.includes(language) &&
          (procedure === undefined || about(each.code).includes(procedure)),
      );
    },
  };
}

/** Returns the topics of an office as its desks stand at a moment. */
export function topicsNow(
  office: Pick<Office, 'settings' | 'rota'>,
  desks: readonly LineDesk[],
  now: Temporal.Instant,
): TopicNow[] {
  const there = desks.filter((each) => each.capacity > 0 && !each.isGone && !each.isStopped);
  return office.settings.chat.topics.map((topic) => {
    const isOpen = isTopicOpen(topic, office.rota, now);
    const { procedures } = topic;
    const languages = LANGUAGES.filter((language) =>
      there.some((desk) => canAnswer(desk, { procedures, language, target: null })),
    );
    return {
      code: topic.code,
      name: topic.name,
      languages: isOpen ? languages : [],
      opensAt: isOpen ? null : nextOpeningOf(topic, office.rota, now),
    };
  });
}
