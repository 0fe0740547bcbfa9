import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { CitizenViewer } from '../../../lib/viewer.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { lockAppointment } from '../appointments/service.ts';
import { MOST_LINKS, mayBeSent } from './rules.ts';
import type { Contact } from './types.ts';
import { readComing, readSentLately } from './views.ts';

export interface LinkRecovery {
  /** Whether telephones are supported: SMS can be sent. */
  bySms: boolean;
  /** Whether SMS go to this number. */
  isReached(phone: string): boolean;
  /**
   * Sends the links of future appointments to their stored address. It returns nothing, before any
   * query: a stranger learns nothing about an address, not even from the response time.
   */
  ask(contact: Contact): void;
  /** Resolves when all requests are done. */
  settled(): Promise<void>;
}

/** Maximum queued requests. Beyond it, which means an attack, the newest are dropped. */
const MOST_WAITING = 1000;

export interface LinkRecoveryDeps {
  db: Db;
  offices: Pick<Offices, 'list'>;
  clock: Clock;
  bySms: boolean;
  /** Whether SMS may go to this number. */
  isReached(phone: string): boolean;
  log: { warn(what: object, message: string): void };
  unit: RunUnit;
}

export function createLinkRecovery(deps: LinkRecoveryDeps): LinkRecovery {
  const { bySms, isReached, log } = deps;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  return {
    bySms,
    isReached: (phone) => bySms && isReached(phone),
    ask(contact) {
      if (waiting >= MOST_WAITING) return;
      waiting++;
      last = last
        .then(() => new Promise((resolve) => setImmediate(resolve))) // after the response
        .then(() => send(deps, contact))
        .catch((error: Error) => log.warn({ code: error.name }, 'A lost link was not sent'))
        .finally(() => {
          waiting--;
        });
    },
    settled: () => last,
  };
}

type SendDeps = Pick<LinkRecoveryDeps, 'db' | 'offices' | 'clock' | 'unit'>;

async function send({ db, offices, clock, unit }: SendDeps, contact: Contact): Promise<void> {
  const now = clock.now();
  const coming: { office: number; id: string; start: Temporal.Instant }[] = [];
  for (const { id: office } of await offices.list()) {
    const found = await within(db, office, (tx) =>
      readComing(tx, office, contact, MOST_LINKS, now),
    );
    coming.push(...found.map((each) => ({ ...each, office })));
  }
  const next = coming
    .sort((a, b) => Temporal.Instant.compare(a.start, b.start))
    .slice(0, MOST_LINKS);
  for (const { id, office } of next) {
    const viewer = { kind: 'citizen', appointment: id } as const;
    await unit(viewer, office, (each) => sendOne(each, contact));
  }
}

async function sendOne(unit: Unit<CitizenViewer>, contact: Contact): Promise<void> {
  const { tx, office, now } = unit;
  const id = unit.viewer.appointment;
  const appointment = await lockAppointment(tx, id);
  if (!appointment || !mayBeSent(await readSentLately(tx, id, now), now)) return;
  // It is sent to the typed channel, if the stored addresses, which may have changed meanwhile, still have it.
  const { name, email, phone } = appointment.citizen;
  const isStill = 'email' in contact ? contact.email === email : contact.phone === phone;
  if (!isStill) return;
  const only = { name, email: null, phone: null, ...contact };
  const notices = noticesOwed('link', { ...appointment, citizen: only }, now);
  if (notices.length === 0) return;
  await oweNotices(unit, { office, appointment: id }, notices);
  await unit.record('link_sent', aboutAppointment(appointment));
}
