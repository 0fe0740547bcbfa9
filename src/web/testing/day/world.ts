import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { readConfig } from '../../../config.ts';
import { type Context, openContext } from '../../../context.ts';
import type { Office } from '../../../domain/office/types.ts';
import { createNoticeWorker, smtpTransport } from '../../../features/foundation/notices/service.ts';
import { testOffice } from '../../../features/foundation/offices/testing.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { addressesOf, testDatabase, testLogins } from '../../../lib/db/testing.ts';
import type { OutboxWorker } from '../../../lib/jobs/outbox.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { Ledger } from './ledger.ts';
import { type Mailbox, openMailbox } from './mails.ts';

const MIDNIGHT = Temporal.Instant.from('2026-11-30T00:00:00+01:00');
export const at = (minute: number): Temporal.Instant =>
  MIDNIGHT.add({ milliseconds: Math.round(minute * 60_000) });
export const minuteOf = (instant: Temporal.Instant): number =>
  MIDNIGHT.until(instant).total('minutes');

/** Two agents, and the coordinator, who has a desk of their own in the morning. */
export const DESKS = {
  'taula-1': { shifts: [{ from: '08:00', to: '18:00' }] },
  'taula-2': { shifts: [{ from: '08:00', to: '18:00' }] },
  'taula-3': { shifts: [{ from: '09:00', to: '14:00' }] },
};
export type Desk = keyof typeof DESKS;
export const DESK_CODES = Object.keys(DESKS) as Desk[];

/** A town at work whose clock stands still until it is moved, and whose mails are read as they arrive. */
export interface DayWorld {
  /** The service; another one after `crash`. */
  context: Context;
  office: Office;
  ledger: Ledger;
  /** The person at a desk. */
  at(desk: Desk): StaffViewer;
  /** As the ledger names them. */
  actor(desk: Desk): string;
  /** Moves the clock, and does what is due by then in the background. */
  pass(minute: number): Promise<void>;
  /** Sends the mails that are due. */
  send(): Promise<void>;
  /** The database goes away while mails leave, and the service with it; another one begins. */
  crash(minute: number): Promise<void>;
  /** Called when the background jobs may have changed something, before anybody is told. */
  onSettled: () => Promise<void>;
  /** Reads rows as the owner. */
  rows<T>(text: string, ...values: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

const NOTICES = {
  reminderWorkingDays: 2,
  reminderMinutes: 60,
  lateMinutes: 10,
  sms: 'only-without-email' as const,
  perDay: 100,
};
const OFFICE = { desks: DESKS, slots: { buffer: 0 }, settings: { notices: NOTICES } };
const LOG = pino({ level: 'silent' });

export async function openDay(): Promise<DayWorld> {
  const database = await testDatabase();
  const mailbox = await openMailbox();
  const dataDir = mkdtempSync(join(tmpdir(), 'finestreta-day-'));
  const config = readConfig({
    ...addressesOf(database),
    DATA_DIR: dataDir,
    DEMO: '1',
    LOG_LEVEL: 'silent',
  });
  const clock = handClock(at(-3 * 24 * 60).toString());
  const ledger = new Ledger();
  const open = () => openContext(config, { log: LOG, clock });
  const id = await testOffice(database.kysely, OFFICE);
  const people = await peopleOf(database.kysely);
  const owner = await database.connectAsOwner();
  let running = await start(await open(), mailbox);
  mailbox.onMail = (to, claim, messageId) => ledger.receive(nameOf(to), claim, messageId);
  const world: DayWorld = {
    context: running.context,
    office: await running.context.offices.byId(id),
    ledger,
    at: (desk) => ({
      kind: 'staff',
      staff: people[DESK_CODES.indexOf(desk)]!,
      name: desk,
      office: id,
      role: roleAt(desk),
      desk: world.office.desks.find((each) => each.code === desk)?.id ?? null,
    }),
    actor: (desk) => `staff:${world.at(desk).staff}`,
    onSettled: async () => {},
    send: () => running.notices.drain(),
    async pass(minute) {
      clock.set(at(minute).toString());
      ledger.pass(minute);
      await work(running, world.onSettled);
      world.office = await running.context.offices.byId(id);
    },
    async crash(minute) {
      clock.set(at(minute).toString());
      const isCut = await cutWhileSending(running, mailbox, database.connection.database ?? '');
      if (isCut) ledger.made.add('crash while mails leave');
      running = await start(await open(), mailbox);
      world.context = running.context;
      await running.notices.drain();
    },
    rows: async (text, ...values) => (await owner.query(text, values)).rows,
    async close() {
      await stop(running);
      await owner.end();
      await mailbox.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}

const roleAt = (desk: Desk): StaffRole => (desk === 'taula-3' ? 'coordinator' : 'agent');
export const addressOf = (name: string, isUnreachable: boolean): string =>
  `${isUnreachable ? 'nobody.' : ''}${name.toLowerCase()}@example.org`;
const nameOf = (address: string): string =>
  address
    .replace(/^nobody\./, '')
    .replace(/@.*/, '')
    .toUpperCase();

interface Running {
  context: Context;
  notices: OutboxWorker;
}

async function start(context: Context, { url }: Mailbox): Promise<Running> {
  const email = smtpTransport({
    url,
    mailFrom: 'Town <town@example.org>',
    baseUrl: context.config.baseUrl,
    mayBePlain: true,
  });
  const { addresses } = context.keys;
  const notices = createNoticeWorker({ ...context, key: addresses, transports: { email } });
  return { context, notices };
}

async function stop({ context, notices }: Running): Promise<void> {
  await notices.stop();
  await context.close();
}

/** The background jobs of a day, and the mails. */
async function work({ context, notices }: Running, onSettled: () => Promise<void>): Promise<void> {
  const { unreached, delays, presence, coordination, rota, offering } = context;
  await notices.drain();
  // A closing tells nobody for half a minute.
  await rota.settleAll();
  await unreached.end();
  await delays.tell();
  await coordination.endUncalled();
  await offering.pass();
  await coordination.endGivenUp();
  await presence.settle();
  await onSettled();
  await notices.drain();
}

/** Ends every connection of the service once the first mail arrives, so that what was sent is not known to be. */
async function cutWhileSending(running: Running, mailbox: Mailbox, name: string): Promise<boolean> {
  const killer = new pg.Client(testLogins().superuser);
  await killer.connect();
  const { onMail } = mailbox;
  let cut: Promise<unknown> | null = null;
  mailbox.onMail = (...mail) => {
    onMail(...mail);
    cut ??= killer.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = $2`,
      [name, testLogins().runtime.user],
    );
  };
  await running.notices.drain().catch(() => {});
  await cut;
  mailbox.onMail = onMail;
  await killer.end();
  await stop(running).catch(() => {});
  return cut !== null;
}

/** Makes the people of the desks, and returns their ids. */
async function peopleOf(db: Parameters<typeof within>[0]): Promise<number[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .insertInto('staff')
      .values(DESK_CODES.map((desk) => ({ email: `${desk}@example.cat`, name: desk })))
      .returning('id')
      .execute(),
  );
  return rows.map((each) => each.id);
}
