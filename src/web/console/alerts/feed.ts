import { isAtSite } from '../../../domain/channel.ts';
import type { AlertEntry, DeskAlerts } from '../../../features/service/alerts/types.ts';
import type { AtDesk } from '../../../features/service/chat/service.ts';
import type { Chat } from '../../../features/service/chat/types.ts';
import { inOrder } from '../../../features/service/encounter/rules.ts';
import type { DayEntry } from '../../../features/service/encounter/types.ts';
import { topicName } from '../chats/words.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/**
 * `/console/{office}/alerts`: who waits today at the viewer's own desk, in words. Names are in it only where the person's choices
 * show them.
 */
export function alertsFeed(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office, now } = visit;
    const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
    const { desk } = viewer;
    const entries = desk === null ? [] : await deps.encounter.day(viewer, office, today, desk);
    const isBegun = ({ status }: DayEntry) => status === 'in_progress';
    const waiting = inOrder(entries, now).filter(
      (each) => !isBegun(each) && !each.lacksNumber && !each.isElsewhere,
    );
    const chats = (await deps.chatWork.atDesk(viewer, office)) ?? null;
    c.header('Cache-Control', 'no-store');
    return c.json({
      now: now.epochMilliseconds,
      isServing: entries.some((each) => isBegun(each) && !each.isElsewhere),
      entries: [
        ...(chats ? chatAlerts(visit, chats) : []),
        ...waiting.map((each) => alertOf(visit, each)),
      ],
    } satisfies DeskAlerts);
  };
}

function alertOf(visit: DeskVisit, entry: DayEntry): AlertEntry {
  const { t, dates, base, preferences } = visit;
  const { alerts } = preferences;
  const { id, dueAt, arrivedAt, channel } = entry;
  const name = givenName(entry.name);
  const time = dates.time(dueAt);
  const hasTitle = alerts.includes('title');
  return {
    id,
    href: `${base}/appointment/${id}`,
    dueAt: dueAt.epochMilliseconds,
    arrivedAt: arrivedAt?.epochMilliseconds ?? null,
    comes: isAtSite(channel),
    tab: {
      waiting: hasTitle ? t('alerts.named.arrived', { name }) : '',
      due: hasTitle ? t('alerts.named.due', { name }) : '',
    },
    words: alerts.includes('names')
      ? {
          arrived: t('alerts.named.arrived', { name: entry.name }),
          soon: t('alerts.named.soon', { name: entry.name, time }),
          due: t('alerts.named.due', { name: entry.name }),
        }
      : {
          arrived: t('alerts.said.arrived'),
          soon: t('alerts.said.soon', { time }),
          due: t('alerts.said.due', { time }),
        },
    detail: `${time} · ${t(`common.channel.${channel}`)}`,
  };
}

/** Returns what is told of conversations in writing: an offer, and words that wait for an answer. */
function chatAlerts(visit: DeskVisit, { offer, talking }: AtDesk): AlertEntry[] {
  const { office, t } = visit;
  const { answerSeconds } = office.settings.chat;
  const offered =
    offer?.offeredUntil &&
    chatAlert(visit, offer, {
      at: offer.offeredUntil.subtract({ seconds: answerSeconds }),
      words: t('chatDesk.offer'),
    });
  const unanswered = talking.flatMap((each) =>
    each.unansweredAt && each.unanswered > 0
      ? chatAlert(visit, each, { at: each.unansweredAt, words: t('chatDesk.alert.wrote') })
      : [],
  );
  return [...(offered ? [offered] : []), ...unanswered];
}

/** It is told once, when it begins to wait; nothing is told of an hour, which it doesn't have. */
function chatAlert(
  { t, base, office, preferences, dates }: DeskVisit,
  chat: Chat,
  { at, words }: { at: Temporal.Instant; words: string },
): AlertEntry {
  const hasTitle = preferences.alerts.includes('title');
  return {
    id: chat.id,
    href: `${base}/chats/${chat.id}`,
    dueAt: 0,
    arrivedAt: at.epochMilliseconds,
    comes: true,
    tab: { waiting: hasTitle ? words : '', due: '' },
    words: { arrived: words, soon: words, due: words },
    detail: `${dates.time(at)} · ${topicName(t, office, chat.topic)}`,
  };
}

/** Returns the first word of a name: a tab is narrow. */
const givenName = (name: string): string => name.trim().split(/\s+/)[0] ?? name;
