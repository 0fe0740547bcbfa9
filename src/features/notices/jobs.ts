import type { Clock } from '../../lib/clock.ts';
import type { Db } from '../../lib/db/database.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { sayError } from '../../lib/say-error.ts';
import type { InstallationKey } from '../../lib/secrets.ts';
import type { Bodies } from '../bodies/service.ts';
import type { Body } from '../bodies/types.ts';
import { recipientHash } from './links.ts';
import { render } from './render.ts';
import { GIVES_UP_AFTER_HOURS, groupOf, mostInADay, secondsToWait } from './rules.ts';
import {
  admit,
  dropExpired,
  giveUp,
  LEASE_SECONDS,
  leaseDue,
  markSent,
  postpone,
  renewLease,
} from './store.ts';
import type { Failure, LinkMaker, Notice, NoticeChannel, Outgoing, Transports } from './types.ts';

/** What the worker says of its work; pino's loggers do. Ids and codes only: nobody is named. */
export interface WorkerLog {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}

export interface NoticeWorkerDeps {
  database: { kysely: Db };
  bodies: Pick<Bodies, 'byId'>;
  links: LinkMaker;
  key: InstallationKey;
  clock: Clock;
  /** A channel without one keeps its notices in the outbox. */
  transports: Transports;
  log: WorkerLog;
  /** In [0, 1). */
  random?(): number;
}

export interface NoticeWorker {
  /** Begins to send: now, on every `wake`, and every two seconds. */
  start(): void;
  /** Something is owed: look now. */
  wake(): void;
  /** Sends all that is due now and waits for what became of it. */
  drain(): Promise<void>;
  /** Takes nothing more, finishes what is being sent, and closes the transports. */
  stop(): Promise<void>;
}

const AT_ONCE = 5;
const POLL_MS = 2_000;

/**
 * Carries the outbox out. Any number of workers may run: each takes what no other has. A message is sent at least once: a
 * worker that dies between the server's yes and its own note leaves one that is sent again, under the same Message-ID.
 */
export function createNoticeWorker(deps: NoticeWorkerDeps): NoticeWorker {
  const { database, clock, transports, log } = deps;
  const db = database.kysely;
  const channels = (Object.keys(transports) as NoticeChannel[]).filter((each) => transports[each]);
  const sending = new Set<Promise<void>>();
  const deliver = createDelivery(deps);
  let looking: Promise<void> | null = null;
  let again = false;
  let isStopped = false;
  let poll: NodeJS.Timeout | undefined;

  /** Takes as many as there is room for, until none is due. */
  const take = async (): Promise<void> => {
    await dropExpired(db, channels, clock.now());
    do {
      again = false;
      const room = AT_ONCE - sending.size;
      if (room <= 0 || isStopped) return;
      const leased = await leaseDue(db, channels, room, clock.now());
      for (const notice of leased) {
        const work: Promise<void> = deliver(notice).finally(() => {
          sending.delete(work);
          void look();
        });
        sending.add(work);
      }
    } while (again);
  };

  /** Never two at once in one worker; who asks meanwhile has it looked again. */
  const look = (): Promise<void> => {
    if (isStopped || channels.length === 0) return Promise.resolve();
    again = true;
    looking ??= take()
      .catch((error: Error) => {
        again = false; // the next poll will do
        log.warn(sayError(error), 'The outbox could not be read');
      })
      .finally(() => {
        looking = null;
        if (again) void look();
      });
    return looking;
  };

  return {
    start: () => {
      void look();
      poll ??= setInterval(() => void look(), POLL_MS);
      poll.unref();
    },
    wake: () => void look(),
    drain: async () => {
      await look();
      while (looking ?? sending.size > 0) await (looking ?? Promise.race(sending));
    },
    stop: async () => {
      isStopped = true;
      clearInterval(poll);
      await looking;
      await Promise.all(sending);
      for (const channel of channels) transports[channel]?.close();
    },
  };
}

/** Sends one notice and notes what became of it. Never rejects. */
function createDelivery(deps: NoticeWorkerDeps): (notice: Notice) => Promise<void> {
  const { database, bodies, links, key, clock, transports, log, random = Math.random } = deps;
  const db = database.kysely;

  const isAdmitted = async (notice: Notice, body: Body): Promise<boolean> => {
    const { id, kind, recipient } = notice;
    const group = groupOf(kind);
    const mute = group && { group, recipient: recipientHash(key, body.id, recipient) };
    const most = mostInADay(notice, body.settings.notices.perDay);
    const obstacle = await admit(db, notice, { most, mute }, clock.now());
    if (obstacle) log.info({ notice: id, kind, code: obstacle }, 'A notice was dropped');
    return obstacle === null;
  };

  const attempt = async (notice: Notice, body: Body): Promise<Failure | null> => {
    const delivery = await transports[notice.channel]?.send(outgoingOf(notice, body, links));
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
      const body = await bodies.byId(notice.body);
      if (!(await isAdmitted(notice, body))) return;
      const failure = await attempt(notice, body);
      if (failure) await noteFailure(notice, failure);
      else await insisting(() => markSent(db, notice.id, clock.now()));
    } catch (error) {
      // A bug, or the database is away: the notice is due again when the lease ends.
      log.error({ ...sayError(error), notice: notice.id }, 'A notice could not be handled');
    } finally {
      stopRenewing();
    }
  };
}

function outgoingOf(notice: Notice, body: Body, links: LinkMaker): Outgoing {
  const { id, language } = notice;
  const { mailFrom, contact } = body.settings;
  const stopUrl = stopUrlOf(notice, links);
  return {
    id,
    to: notice.recipient,
    sender: mailFrom ?? textIn(body.name, language),
    replyTo: contact?.email ?? null,
    language,
    ...(stopUrl && { stopUrl }),
    at: notice.notBefore,
    message: render(notice, body, links),
  };
}

/** Where a mail program's own button stops such mails: for who waits, by leaving the list. Null: they must be sent. */
function stopUrlOf(notice: Notice, links: LinkMaker): string | null {
  const { id, kind, language, waiting } = notice;
  if (waiting && (kind === 'waiting' || kind === 'offer'))
    return `${links.waitingUrl(waiting, language)}/leave`;
  return groupOf(kind) ? links.stopUrl(id, language) : null;
}

/** Keeps a lease alive until it is told to stop. A renewal that fails is made up for by the next. */
function renewing(renew: () => Promise<void>): () => void {
  const timer = setInterval(() => void renew().catch(() => {}), (LEASE_SECONDS * 1000) / 3);
  timer.unref();
  return () => clearInterval(timer);
}

const TRIES = 30;

/** Says again, for half a minute, what must not be forgotten because the database is away for a moment. */
async function insisting(note: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await note();
    } catch (error) {
      if (tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}
