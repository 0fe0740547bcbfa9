import type { SmsLimits } from '../../../config.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { createOutboxWorker, insisting, type OutboxWorker } from '../../../lib/jobs/outbox.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { Offices } from '../offices/service.ts';
import { recipientHashes } from './links.ts';
import { render } from './render.ts';
import { GIVES_UP_AFTER_HOURS, groupOf, isReached, mostInADay, secondsToWait } from './rules.ts';
import {
  type AdmissionLimits,
  admit,
  dropExpired,
  giveUp,
  LEASE_SECONDS,
  leaseDue,
  markSent,
  postpone,
  renewLease,
} from './store.ts';
import type {
  Failure,
  LinkMaker,
  Notice,
  NoticeChannel,
  Obstacle,
  Outgoing,
  Transports,
} from './types.ts';

/** What the worker says of its work; pino's loggers do. Ids and codes only: nobody is named. */
export interface WorkerLog {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}

export interface NoticeWorkerDeps {
  database: { kysely: Db };
  offices: Pick<Offices, 'byId'>;
  links: LinkMaker;
  /** The key of addresses. */
  key: PurposeKey;
  clock: Clock;
  /** A channel without one keeps its notices in the outbox. */
  transports: Transports;
  /** None: SMS go anywhere, as many as are owed. */
  smsLimits?: SmsLimits;
  log: WorkerLog;
  /** In [0, 1). */
  random?(): number;
}

/** Sends what the outbox owes. `stop` closes the transports too. */
export type NoticeWorker = OutboxWorker;

const AT_ONCE = 5;

/**
 * Carries the outbox out. A message is sent at least once: a worker that dies between the server's yes and its own note leaves
 * one that is sent again, under the same Message-ID.
 */
export function createNoticeWorker(deps: NoticeWorkerDeps): NoticeWorker {
  const { database, clock, transports, log } = deps;
  const db = database.kysely;
  const channels = (Object.keys(transports) as NoticeChannel[]).filter((each) => transports[each]);
  const worker = createOutboxWorker({
    atOnce: AT_ONCE,
    lease: async (room) => {
      if (channels.length === 0) return [];
      await dropExpired(db, channels, clock.now());
      return leaseDue(db, channels, room, clock.now());
    },
    carryOut: createDelivery(deps),
    onUnreadable: (error) => log.warn(formatError(error), 'The outbox could not be read'),
  });
  return {
    ...worker,
    stop: async () => {
      await worker.stop();
      for (const channel of channels) transports[channel]?.close();
    },
  };
}

/** Sends one notice and notes what became of it. Never rejects. */
function createDelivery(deps: NoticeWorkerDeps): (notice: Notice) => Promise<void> {
  const { database, offices, links, key, clock, transports, smsLimits, log } = deps;
  const { random = Math.random } = deps;
  const db = database.kysely;
  const warn = smsWarnings(clock, log);

  const isAdmitted = async (notice: Notice, office: Office): Promise<boolean> => {
    const { id, kind, recipient } = notice;
    const group = groupOf(kind);
    const mute = group && { group, recipients: recipientHashes(key, office.id, recipient) };
    const most = mostInADay(notice, office.settings.notices.perDay);
    const limits = { most, mute, sms: smsRules(notice, smsLimits) };
    const obstacle = await admit(db, notice, limits, clock.now());
    if (obstacle) log.info({ notice: id, kind, code: obstacle }, 'A notice was not sent');
    if (obstacle) warn(obstacle);
    return obstacle === null;
  };

  const attempt = async (notice: Notice, office: Office): Promise<Failure | null> => {
    const delivery = await transports[notice.channel]?.send(outgoingOf(notice, office, links));
    return delivery?.ok === false ? delivery : null;
  };

  const noteFailure = async (notice: Notice, failure: Failure): Promise<void> => {
    const now = clock.now();
    const { id, kind, attempts } = notice;
    const hours = notice.notBefore.until(now).total('hours');
    const about = { notice: id, kind, attempts, code: failure.code };
    if (failure.permanent || hours >= GIVES_UP_AFTER_HOURS) {
      log.warn(about, 'A notice will not be delivered');
      return giveUp(db, notice, now, failure.reason);
    }
    const { answered } = failure;
    const seconds = secondsToWait(attempts, { hours, answered }, random());
    log.info(about, 'A notice will be tried again');
    const at = now.add({ milliseconds: Math.round(seconds * 1000) });
    return postpone(db, notice, at, failure.reason);
  };

  return async (notice) => {
    const stopRenewing = renewing(() => renewLease(db, notice, clock.now()));
    try {
      const office = await offices.byId(notice.office);
      if (!(await isAdmitted(notice, office))) return;
      const failure = await attempt(notice, office);
      if (failure) await noteFailure(notice, failure);
      else await insisting(() => markSent(db, notice.id, clock.now()));
    } catch (error) {
      // A bug, or the database is away: the notice is due again when the lease ends.
      log.error({ ...formatError(error), notice: notice.id }, 'A notice could not be handled');
    } finally {
      stopRenewing();
    }
  };
}

/** What the office itself changes or cancels is told, however many went before: see `mostInADay`. */
function smsRules(
  { channel, recipient, facts }: Notice,
  limits: SmsLimits | undefined,
): AdmissionLimits['sms'] {
  if (channel !== 'sms' || !limits) return null;
  const perDay = facts.by === 'office' ? Infinity : limits.perDay;
  return { isReached: isReached(recipient, limits.prefixes), perDay };
}

const SMS_WARNINGS: Partial<Record<Obstacle, string>> = {
  spent: 'As many SMS were sent as may be in a day: the others are not (SMS_PER_DAY)',
  abroad: 'SMS to some numbers are not sent (SMS_PREFIXES)',
};

/** Says of each obstacle to SMS that there is one, once a day. */
function smsWarnings(clock: Clock, log: WorkerLog): (obstacle: Obstacle) => void {
  const last = new Map<Obstacle, Temporal.Instant>();
  return (obstacle) => {
    const words = SMS_WARNINGS[obstacle];
    const said = last.get(obstacle);
    const now = clock.now();
    if (!words || (said && said.until(now).total('hours') < 24)) return;
    last.set(obstacle, now);
    log.warn({ code: obstacle }, words);
  };
}

function outgoingOf(notice: Notice, office: Office, links: LinkMaker): Outgoing {
  const { id, language } = notice;
  const { mailFrom, contact } = office.settings;
  const stopUrl = stopUrlOf(notice, links);
  return {
    id,
    to: notice.recipient,
    sender: mailFrom ?? textIn(office.name, language),
    replyTo: contact?.email ?? null,
    language,
    ...(stopUrl && { stopUrl }),
    at: notice.notBefore,
    message: render(notice, office, links),
  };
}

/** Where a mail program's own button stops such mails: for who waits, by leaving the list. Null: they must be sent. */
function stopUrlOf(notice: Notice, links: LinkMaker): string | null {
  const { id, kind, language, waiting, facts } = notice;
  if (waiting && (kind === 'waiting' || kind === 'offer'))
    return `${links.waitingUrl({ id: waiting, link: facts.link ?? 0 }, language)}/leave`;
  return groupOf(kind) ? links.stopUrl(id, language) : null;
}

/** Keeps a lease alive until it is told to stop. A renewal that fails is made up for by the next. */
function renewing(renew: () => Promise<void>): () => void {
  const timer = setInterval(() => void renew().catch(() => {}), (LEASE_SECONDS * 1000) / 3);
  timer.unref();
  return () => clearInterval(timer);
}
