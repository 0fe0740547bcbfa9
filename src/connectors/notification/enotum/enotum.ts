import type { EnotumSettings } from '../../../domain/office/connectors/notification.ts';
import type {
  HandedNews,
  NotificationPort,
} from '../../../features/service/notifications/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { SigningKey } from '../../../lib/keys/registry.ts';
import { answered, NotAnswered } from '../../pci/answer.ts';
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

/** Returns the adapter of e-NOTUM 4.0, by the synchronous front of the PCI. */
export function createEnotum(deps: EnotumDeps): NotificationPort {
  const { settings, town } = deps;
  const pci = createPci({ ...deps, endpoint: settings.endpoint, asker: askerOf(settings, town) });
  return {
    // e-NOTUM has no key against sending twice: what it has under our id was sent by an attempt whose answer was lost.
    find: (id) => answered(async () => numberOf(await pci.ask(searching(settings, id)), id)),

    async hand(notification, goAhead) {
      const signed = await answered(async () => {
        if (notification.document.length > MOST_DOCUMENT)
          throw new NotAnswered('refused', 'document_too_large');
        return pci.sign(handing(settings, notification));
      });
      if (!signed.ok) return signed;
      if (!(await goAhead())) return null;
      return answered(async () => numberIn(await pci.post(signed.value)));
    },

    news: (since, until) =>
      answered(async () => {
        const news: HandedNews[] = [];
        for (const day of daysFrom(since, until))
          for (const each of newsIn(await pci.ask(reporting(settings, day))))
            if (Temporal.Instant.compare(each.at, since) >= 0) news.push(each);
        return news;
      }),

    evidence: (number) =>
      answered(async () => evidenceIn(await pci.ask(proving(settings, number)))),
  };
}

/** Returns the days of Catalonia from a moment until another. */
function daysFrom(since: Temporal.Instant, until: Temporal.Instant): Temporal.PlainDate[] {
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(ZONE).toPlainDate();
  const first = dayOf(since);
  const count = first.until(dayOf(until)).days;
  return Array.from({ length: count + 1 }, (_, nth) => first.add({ days: nth }));
}
