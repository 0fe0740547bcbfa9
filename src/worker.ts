import type { Context } from './context.ts';
import { FEATURES } from './features/all.ts';
import { createWebhookWorker } from './features/booking/webhooks/service.ts';
import { webhooksDue } from './features/booking/webhooks/views.ts';
import type { Feature, Job } from './features/feature.ts';
import { createNoticeWorker } from './features/foundation/notices/service.ts';
import { noticesToSendDue } from './features/foundation/notices/views.ts';
import { rewrappingDue } from './features/foundation/purpose-keys/views.ts';
import { createStaffMailWorker } from './features/foundation/staff-mail/service.ts';
import { staffMailDue } from './features/foundation/staff-mail/views.ts';
import { wrapAnew } from './key-work.ts';
import { type AskedJob, type DueSql, NEVER, readDue } from './lib/jobs/due.ts';
import type { OutboxWorker } from './lib/jobs/outbox.ts';
import { type ScheduledJob, startScheduler } from './lib/jobs/scheduler.ts';
import { formatCaseEvent } from './web/api/shapes/cases.ts';
import { formatWebhook } from './web/api/words.ts';
import { reachOf } from './wiring/booking.ts';
import { transportsOf } from './wiring/transports.ts';

/** Work that continues until it is stopped; it finishes the items in progress. */
export interface Worker {
  /**
   * Returns the moment before which nothing is to be done in this town, unless something is committed; null: something is being done now, or the database did
   * not say. What looks outside, such as into a mailbox, is then done once an hour.
   */
  restsUntil(): Promise<Temporal.Instant | null>;
  /** Keeps what jobs did since this was last kept, without waiting for its minute. */
  keepNotes(): Promise<void>;
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Starts the background jobs of the features, and the workers of the outboxes. */
export function startWorker(context: Context): Worker {
  const { clock, notifier, operating } = context;
  const outboxes = outboxesOf(context);
  const jobs = jobsOf(context, outboxes);
  const ran = new Map<string, Temporal.Instant>();
  const scheduler = startScheduler(jobs.map(scheduled(context)), context.log, {
    whenDue: () => whenDue(context, jobs, ran),
    noted: (what, code, began) => {
      if (code === null) ran.set(what, began);
      operating.noteJob(what, code, began);
    },
    clock,
  });
  const stopListening = [
    notifier.listen(() => {
      scheduler.wake();
      for (const { worker } of outboxes) worker.notify();
    }),
    notifier.listenToTopics(() => scheduler.wake()),
    clock.onMoved?.(() => scheduler.leap()),
  ];
  return {
    async restsUntil() {
      const ms = await scheduler.restsFor();
      // A server that hangs would keep the town from being closed.
      const isSending = outboxes.some(({ worker }) => worker.isBusy());
      return ms === null || isSending
        ? null
        : clock.now().add({ milliseconds: Math.floor(Math.min(ms, DAY_MS)) });
    },
    keepNotes: () => operating.keepNew(),
    async stop() {
      for (const each of stopListening) each?.();
      await Promise.all([scheduler.stop(), ...outboxes.map(({ worker }) => worker.stop())]);
      for (const { atStop } of declaredJobs()) await atStop?.(context);
    },
  };
}

/** Asks the database in how many milliseconds each job is due. `ran`: when the last runs of this process that ended well began. */
export async function whenDue(
  context: Context,
  jobs: readonly Job<Context>[],
  ran: ReadonlyMap<string, Temporal.Instant>,
): Promise<Map<string, number | null>> {
  const asked = jobs.flatMap((job): AskedJob[] => {
    const due = dueOf(job, context);
    return due ? [{ what: job.what, due }] : [];
  });
  const now = context.clock.now();
  const answers = await readDue(context.database.kysely, asked, { now, ran });
  const inMs = (at: Temporal.Instant | null) => at && at.epochMilliseconds - now.epochMilliseconds;
  return new Map(asked.map(({ what }, nth) => [what, inMs(answers[nth] ?? null)]));
}

const dueOf = ({ what, due }: Job<Context>, context: Context): DueSql | null =>
  typeof due === 'function' ? due(what, context) : (due ?? null);

const scheduled =
  (context: Context) =>
  (job: Job<Context>): ScheduledJob => ({
    ...job,
    isAsked: dueOf(job, context) !== null,
    run: () => job.run(context),
  });

function declaredJobs(): Job<Context>[] {
  const features: readonly Feature<Context, Context>[] = FEATURES;
  return features.flatMap(({ jobs }) => jobs ?? []);
}

/** Returns the jobs of every feature, those that involve several features, and those of the outboxes. */
export function jobsOf(context: Context, outboxes: readonly Outbox[]): Job<Context>[] {
  return [
    ...declaredJobs(),
    {
      what: 'to wrap by the newest keys',
      everyMs: 60_000,
      due: rewrappingDue,
      run: () => wrapAnew(context),
    },
    ...outboxes.map(({ what, due, worker }) => ({
      what,
      due,
      everyMs: 2_000,
      run: async () => worker.notify(),
    })),
  ];
}

/** An outbox with what it is called as a job, and when its next message is due. */
export interface Outbox {
  what: string;
  due: DueSql;
  worker: OutboxWorker;
}

/** Returns the outboxes with the workers that carry them out. */
export function outboxesOf(context: Context): Outbox[] {
  const { config, database, keys } = context;
  const transports = transportsOf(config);
  const { smsLimits } = config;
  const notices = createNoticeWorker({ ...context, key: keys.addresses, transports, smsLimits });
  const webhooks = createWebhookWorker({
    ...context,
    key: keys.webhooks,
    db: database.kysely,
    say: { appointment: formatWebhook, case: formatCaseEvent },
    reach: reachOf(config),
  });
  const staffMail = createStaffMailWorker({
    ...context,
    db: database.kysely,
    transport: transports.email,
  });
  return [
    { what: 'to send notices', due: noticesToSendDue(transports), worker: notices },
    { what: 'to send to webhooks', due: webhooksDue, worker: webhooks },
    {
      what: 'to send mails to staff',
      due: transports.email ? staffMailDue : NEVER,
      worker: staffMail,
    },
  ];
}
