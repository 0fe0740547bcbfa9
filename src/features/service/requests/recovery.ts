import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { mayBeSent } from '../../booking/link-recovery/rules.ts';
import type { Contact } from '../../booking/link-recovery/types.ts';
import type { RequestsDeps } from './keeping.ts';
import { tellRequest } from './telling.ts';
import { readLinksSent, readOfAddress, readRequestForUpdate } from './views.ts';

/** The most links that are sent at once. */
const MOST_LINKS = 5;
/** The most that wait to be looked at. Beyond it, which means an attack, the newest are dropped. */
const MOST_WAITING = 1000;

/** Sends the links of requests again to who lost them. */
export interface RequestRecovery {
  /**
   * Sends the links of the latest requests with an address to that address. It returns nothing, before any query: a stranger learns nothing about an
   * address, not even from the response time.
   */
  askLinks(office: Office, contact: Contact): void;
  /** Resolves when all are sent. */
  linksSent(): Promise<void>;
}

export function createRequestRecovery(deps: RequestsDeps): RequestRecovery {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    askLinks(office, contact) {
      if (waiting >= MOST_WAITING) return;
      waiting++;
      last = last
        .then(() => new Promise((resolve) => setImmediate(resolve))) // after the response
        .then(() => sendLinks(deps, office, contact))
        .catch((error: Error) =>
          deps.log.warn({ code: error.name }, 'A lost link of a request was not sent'),
        )
        .finally(() => {
          waiting--;
        });
    },
    linksSent: () => last,
  };
}

async function sendLinks(
  { db, unit }: RequestsDeps,
  office: Office,
  contact: Contact,
): Promise<void> {
  const found = await within(db, office.id, (tx) =>
    readOfAddress(tx, office.id, contact, MOST_LINKS),
  );
  for (const { id } of found) {
    const viewer = { kind: 'requester', request: id } as const;
    await unit(viewer, office.id, async (each) => {
      const row = await readRequestForUpdate(each.tx, id);
      const isStill =
        row && ('email' in contact ? row.email === contact.email : row.phone === contact.phone);
      if (!isStill || !mayBeSent(await readLinksSent(each.tx, id, each.now), each.now)) return;
      if (await tellRequest(each, row, 'link'))
        await each.record('request_link_sent', { data: { request: id } });
    });
  }
}
