import type { EnotumSettings } from '../../../domain/office/connectors/notification.ts';
import type {
  HandedNews,
  NotificationPort,
} from '../../../features/service/notifications/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { SigningKey } from '../../../lib/keys/registry.ts';
import { NotAnswered } from '../../pci/answer.ts';
import { ZONE } from '../../pci/message.ts';
import { createPci } from '../../pci/pci.ts';
import { evidenceIn, newsIn, numberIn, numberOf } from './answer.ts';
import { askerOf, handing, MOST_DOCUMENT, proving, reporting, searching } from './message.ts';

export interface EnotumDeps {
  settings: EnotumSettings;
  /** The name of the town. */
  town: string;
  /** Our key, with which requests are signed; null: the environment has none, and nothing can be asked. */
  key: SigningKey | null;
  /** The machine's clock, not the demonstration's: it is compared with that of the PCI. */
  clock: Clock;
  timeoutSeconds?: number;
}

/** The most days that are asked for at once, after the service was away. */
const MOST_DAYS = 31;

/** Returns the adapter of e-NOTUM 4.0, by the synchronous front of the PCI. */
export function createEnotum(deps: EnotumDeps): NotificationPort {
  const { settings, town, clock } = deps;
  const pci = createPci({ ...deps, endpoint: settings.endpoint, asker: askerOf(settings, town) });
  return {
    async hand(notification) {
      if (notification.document.length > MOST_DOCUMENT)
        throw new NotAnswered('refused', 'document_too_large');
      // e-NOTUM has no key against sending twice: what it has under our id was sent by an attempt whose answer was lost.
      const before = numberOf(await pci.ask(searching(settings, notification.id)), notification.id);
      const number = before ?? numberIn(await pci.ask(handing(settings, notification)));
      return { number };
    },

    async news(since) {
      const news: HandedNews[] = [];
      for (const day of daysFrom(since, clock.now()))
        for (const each of newsIn(await pci.ask(reporting(settings, day)))) {
          if (Temporal.Instant.compare(each.at, since) < 0) continue;
          news.push({
            ...each,
            evidence: evidenceIn(await pci.ask(proving(settings, each.number))),
          });
        }
      return news;
    },
  };
}

/** Returns the days of Catalonia from a moment until another. */
function daysFrom(since: Temporal.Instant, now: Temporal.Instant): Temporal.PlainDate[] {
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(ZONE).toPlainDate();
  const [first, last] = [dayOf(since), dayOf(now)] as const;
  const count = Math.min(first.until(last).days, MOST_DAYS);
  return Array.from({ length: count + 1 }, (_, nth) => first.add({ days: nth }));
}
