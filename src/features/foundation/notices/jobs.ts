import type { SmsLimits } from '../../../config.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type OutboxWorker, together } from '../../../lib/jobs/outbox.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { Offices } from '../offices/service.ts';
import { createSender, type OutboxTable } from '../outbox/service.ts';
import type { Failure, WorkerLog } from '../outbox/types.ts';
import { recipientHashes } from './links.ts';
import { render } from './render.ts';
import { groupOf, isReached, mostInADay } from './rules.ts';
import {
  type AdmissionLimits,
  admit,
  dropExpired,
  outbox,
  takeDue,
  turnIntoMail,
} from './store.ts';
import type {
  Enclosures,
  LinkMaker,
  Message,
  Notice,
  NoticeChannel,
  Obstacle,
  Outgoing,
  Transports,
} from './types.ts';

export interface NoticeWorkerDeps {
  database: { kysely: Db };
  offices: Pick<Offices, 'byId'>;
  links: LinkMaker;
  /** The key of the hashes of addresses. */
  key: PurposeKey;
  clock: Clock;
  /** Transports by channel. Notices of a channel without a transport stay in the outbox. */
  transports: Transports;
  /** What is added to notices when they are sent. */
  enclosures?: Enclosures;
  /** Limits of SMS; absent: no limits of country or number. */
  smsLimits?: SmsLimits;
  log: WorkerLog;
  /** In [0, 1). */
  random?(): number;
}

/** Sends pending notices of the outbox. `stop` also closes the transports. */
export type NoticeWorker = OutboxWorker;

/** For each channel: a mail server that accepts connections and says nothing keeps no SMS waiting. */
const AT_ONCE = 5;

/** Who takes the notices of each channel, in the words of the log. */
const SERVERS: Record<NoticeChannel, string> = {
  email: 'The mail server',
  sms: 'The SMS gateway',
};

/** Returns the worker that sends notices by the channels that have a transport. */
export function createNoticeWorker(deps: NoticeWorkerDeps): NoticeWorker {
  const { transports } = deps;
  // An SMS that can't be delivered becomes a mail.
  const channels = (['sms', 'email'] as const).filter((each) => transports[each]);
  const worker = together(channels.map((each) => createChannelWorker(deps, each)));
  return {
    ...worker,
    stop: async () => {
      await worker.stop();
      for (const channel of channels) transports[channel]?.close();
    },
  };
}

function createChannelWorker(deps: NoticeWorkerDeps, channel: NoticeChannel): OutboxWorker {
  const { database, clock, transports, log } = deps;
  const db = database.kysely;
  return createSender<Notice>({
    ...deps,
    db,
    table: fallingBack(log),
    atOnce: AT_ONCE,
    called: { one: 'A notice', all: 'The outbox' },
    about: ({ id, kind }) => ({ notice: id, kind }),
    server: () => SERVERS[channel],
    since: ({ notBefore }) => notBefore,
    take: async (room) => {
      await dropExpired(db, [channel], clock.now());
      // The citizens chose SMS when there were some.
      if (!transports.sms) await turnIntoMail(db, clock.now());
      return takeDue(db, [channel], room, clock.now());
    },
    send: createSending(deps),
  });
}

/** Returns the outbox, in which an SMS that can't be delivered goes by e-mail, where the citizen has an address. */
const fallingBack = (log: WorkerLog): OutboxTable => ({
  ...outbox,
  giveUp: async (db, taken, now, reason) => {
    if (await fallsBack(db, taken.id, now, log)) return;
    await outbox.giveUp(db, taken, now, reason);
  },
});

async function fallsBack(
  db: Db,
  id: string,
  now: Temporal.Instant,
  log: WorkerLog,
): Promise<boolean> {
  const isTurned = (await turnIntoMail(db, now, id)) > 0;
  if (isTurned) log.info({ notice: id }, 'An SMS goes by e-mail instead');
  return isTurned;
}

/** What a notice was about is no more. */
const DESTROYED: Failure = {
  ...{ ok: false, permanent: true, answered: false, code: 'destroyed', reason: 'destroyed' },
};

/** Returns a function that sends a notice, unless it may not go to its recipient. */
function createSending(deps: NoticeWorkerDeps) {
  const { database, offices, links, key, clock, transports, smsLimits, log } = deps;
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
    if (obstacle === 'abroad' || obstacle === 'spent') await fallsBack(db, id, clock.now(), log);
    return obstacle === null;
  };

  return async (notice: Notice): Promise<'sent' | 'over' | Failure> => {
    const office = await offices.byId(notice.office);
    const enclosed = deps.enclosures ? await deps.enclosures.of(notice, office) : [];
    if (!enclosed) return DESTROYED;
    if (!(await isAdmitted(notice, office))) return 'over';
    const outgoing = outgoingOf(notice, office, links, enclosed);
    const delivery = await transports[notice.channel]?.send(outgoing);
    return delivery?.ok === false ? delivery : 'sent';
  };
}

/** Changes and cancellations by the office are sent regardless of the number sent before: see `mostInADay`. */
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

/** Logs each obstacle to SMS once a day. */
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

function outgoingOf(
  notice: Notice,
  office: Office,
  links: LinkMaker,
  enclosed: Message['attachments'],
): Outgoing {
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
    message: render(notice, office, links, enclosed),
  };
}

/** The address of the mail program's own unsubscribe button; for the wait list, it leaves the list. Null: the mails are mandatory. */
function stopUrlOf(notice: Notice, links: LinkMaker): string | null {
  const { id, kind, language, waiting, facts } = notice;
  if (waiting && (kind === 'waiting' || kind === 'offer'))
    return `${links.waitingUrl({ id: waiting, link: facts.link ?? 0 }, language)}/leave`;
  return groupOf(kind) ? links.stopUrl(id, language) : null;
}
