import type { Context } from './context.ts';
import { FEATURES } from './features/all.ts';
import { createWebhookWorker } from './features/booking/webhooks/service.ts';
import type { Feature, Job } from './features/feature.ts';
import { createNoticeWorker } from './features/foundation/notices/service.ts';
import { createStaffMailWorker } from './features/foundation/staff-mail/service.ts';
import { wrapAnew } from './key-work.ts';
import type { OutboxWorker } from './lib/jobs/outbox.ts';
import { type ScheduledJob, startScheduler } from './lib/jobs/scheduler.ts';
import { formatCaseEvent } from './web/api/shapes/cases.ts';
import { formatWebhook } from './web/api/words.ts';
import { reachOf } from './wiring/booking.ts';
import { transportsOf } from './wiring/transports.ts';

/** Work that continues until it is stopped; it finishes the items in progress. */
export interface Worker {
  stop(): Promise<void>;
}

/** Starts the background jobs of the features, and the workers of the outboxes. */
export function startWorker(context: Context): Worker {
  const { smtpUrl, demo } = context.config;
  if (!smtpUrl && !demo)
    context.log.warn('SMTP_URL is not set: mails to citizens and to staff wait in the outbox');
  const { notices, webhooks, staffMail } = outboxesOf(context);
  const outboxes = [notices, webhooks, staffMail];
  for (const each of outboxes) each.start();
  const scheduler = startScheduler(jobsOf(context), context.log, {
    noted: (what, code) => context.operating.noteJob(what, code),
  });
  const stopListening = context.notifier.listen(() => {
    scheduler.wake();
    notices.notify();
    webhooks.notify();
  });
  return {
    async stop() {
      stopListening();
      await Promise.all([scheduler, ...outboxes].map((each) => each.stop()));
      for (const { atStop } of declaredJobs()) await atStop?.(context);
    },
  };
}

function declaredJobs(): Job<Context>[] {
  const features: readonly Feature<Context, Context>[] = FEATURES;
  return features.flatMap(({ jobs }) => jobs ?? []);
}

/** Returns the jobs of every feature, and those that involve several features. */
function jobsOf(context: Context): ScheduledJob[] {
  return [
    ...declaredJobs().map((job) => ({ ...job, run: () => job.run(context) })),
    { what: 'to wrap by the newest keys', everyMs: 60_000, run: () => wrapAnew(context) },
  ];
}

function outboxesOf(context: Context): Record<'notices' | 'webhooks' | 'staffMail', OutboxWorker> {
  const { config, database, keys } = context;
  const transports = transportsOf(config);
  const { smsLimits } = config;
  return {
    notices: createNoticeWorker({ ...context, key: keys.addresses, transports, smsLimits }),
    webhooks: createWebhookWorker({
      ...context,
      key: keys.webhooks,
      db: database.kysely,
      say: { appointment: formatWebhook, case: formatCaseEvent },
      reach: reachOf(config),
    }),
    staffMail: createStaffMailWorker({
      ...context,
      db: database.kysely,
      transport: transports.email,
    }),
  };
}
