import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { createOffering, startOffering } from './features/booking/wait-list/service.ts';
import { createWebhookWorker } from './features/booking/webhooks/service.ts';
import { sealText } from './features/foundation/audit/service.ts';
import {
  createNoticeWorker,
  demoTransport,
  smsTransport,
  smtpTransport,
  watchBounces,
} from './features/foundation/notices/service.ts';
import type { Transports } from './features/foundation/notices/types.ts';
import {
  createStaffMailWorker,
  markStaffBounce,
} from './features/foundation/staff-mail/service.ts';
import { wrapAnew } from './key-work.ts';
import { formatWebhook } from './web/api/words.ts';
import { reachOf } from './wiring/booking.ts';

/** Work that goes on until it is told to stop; then it finishes what it has in hand. */
export interface Job {
  stop(): Promise<void>;
}

const SWEEP_EVERY_MS = 60_000;
const LATE_EVERY_MS = 30_000;
const SETTLE_EVERY_MS = 10_000;
const CHECK_EVERY_MS = 10_000;
const ORPHANS_EVERY_MS = 30 * 60_000;
const HASH_EVERY_MS = 60 * 60_000;

/** Background jobs. */
export function startWorker(context: Context): Job {
  const { config, appointments, consent, coordination, documents, journeys, delays } = context;
  const { keys, presence, retention, rota, staff, statistics, notifier, log } = context;
  const notices = createNoticeWorker({
    ...context,
    key: keys.addresses,
    transports: transportsOf(config),
    smsLimits: config.smsLimits,
  });
  const offering = startOffering(
    createOffering({ ...context, key: keys.links, notify: notifier.notify }),
    log,
  );
  const webhooks = createWebhookWorker({
    ...context,
    key: keys.webhooks,
    db: context.database.kysely,
    say: formatWebhook,
    reach: reachOf(config),
  });
  const staffMail = createStaffMailWorker({
    ...context,
    db: context.database.kysely,
    transport: transportsOf(config).email,
  });
  const checking = every(CHECK_EVERY_MS, 'to look into documents', log, () => documents.pass());
  const acts = every(CHECK_EVERY_MS, 'to see to acts', log, () => consent.pass());
  const stopListening = notifier.listen(() => {
    checking.now();
    acts.now();
    notices.notify();
    webhooks.notify();
    offering.notify();
  });
  notices.start();
  webhooks.start();
  staffMail.start();
  const jobs: Job[] = [
    every(SWEEP_EVERY_MS, 'to forget holds that have ended', log, () => appointments.sweep()),
    every(SWEEP_EVERY_MS, 'to forget bookings that were not made', log, () => journeys.sweep()),
    every(SWEEP_EVERY_MS, 'to destroy what is kept no longer', log, () => retention.sweep()),
    every(SWEEP_EVERY_MS, 'to make figures of what happened', log, () => statistics.pass()),
    every(ORPHANS_EVERY_MS, 'to take away what no document knows', log, () =>
      documents.sweepOrphans(),
    ),
    every(LATE_EVERY_MS, 'to tell who will be called late', log, () => delays.tell()),
    every(LATE_EVERY_MS, 'to see to desks that are away', log, () => coordination.lookAfter()),
    every(SETTLE_EVERY_MS, 'to write down who is at their desk', log, () => presence.settle()),
    every(LATE_EVERY_MS, 'to see to whom a change of rota left without a desk', log, () =>
      rota.settleAll(),
    ),
    every(SWEEP_EVERY_MS, 'to wrap by the newest keys', log, () => wrapAnew(context)),
    every(SWEEP_EVERY_MS, 'to seal the audit trail', log, () => sealAll(context)),
    every(SWEEP_EVERY_MS, 'to forget what webhooks were sent', log, () => webhooks.sweep()),
    every(HASH_EVERY_MS, 'to hash the recovery codes of an earlier version', log, () =>
      staff.hashRecoveryCodes(),
    ),
    every(SWEEP_EVERY_MS, 'to forget old mails to staff', log, () => staffMail.sweep()),
    ...(config.bouncesUrl
      ? [watchBounces({ ...context, url: config.bouncesUrl, also: markStaffBounce })]
      : []),
    checking,
    acts,
    offering,
    notices,
    webhooks,
    staffMail,
  ];
  return {
    async stop() {
      stopListening();
      await Promise.all(jobs.map((each) => each.stop()));
    },
  };
}

/** Seals every trail. A log that is kept elsewhere then has each seal, and `audit check --seals` finds a trail whose end was cut off. */
async function sealAll({ offices, auditSeals, log }: Context): Promise<void> {
  for (const { id, code } of await offices.list()) {
    const seal = await auditSeals.seal(id);
    if (seal) log.info({ auditSeal: sealText(code, seal) }, 'Sealed the audit trail');
  }
}

/**
 * Does something now, as it may have fallen due while no worker ran, then again and again, and when it is told to; never
 * twice at once. `what` completes "It was not possible …" in the log.
 */
export function every(
  ms: number,
  what: string,
  log: Logger,
  work: () => Promise<unknown>,
): Job & { now(): void } {
  let running: Promise<unknown> | null = null;
  let isWanted = false;
  const now = (): void => {
    isWanted = running !== null;
    running ??= work()
      .catch((error: Error & { code?: string }) => {
        // Not the whole error: one of the database's may quote a row.
        log.error({ code: error.code ?? error.name }, `It was not possible ${what}`);
      })
      .finally(() => {
        running = null;
        if (isWanted) now();
      });
  };
  const timer = setInterval(now, ms);
  now();
  return {
    now,
    async stop() {
      clearInterval(timer);
      isWanted = false;
      await running;
    },
  };
}

/** How notices leave: without a mail server or an SMS gateway they stay in the outbox, which demo mode shows. */
function transportsOf(config: Config): Transports {
  const { smtpUrl, sms, mailFrom, mailBounces: bounces, baseUrl, demo } = config;
  const mayBePlain = config.withoutTls.has('SMTP_URL');
  return {
    ...(smtpUrl && {
      email: smtpTransport({ url: smtpUrl, mailFrom, bounces, baseUrl, mayBePlain }),
    }),
    ...(!smtpUrl && demo && { email: demoTransport }),
    ...(sms && { sms: smsTransport(sms) }),
    ...(!sms && demo && { sms: demoTransport }),
  };
}
