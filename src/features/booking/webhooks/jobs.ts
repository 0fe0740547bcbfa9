import type { Office } from '../../../domain/office/types.ts';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import type { AddressKind } from '../../../lib/http/address-kind.ts';
import { guardedPost, type PostGuard } from '../../../lib/http/guarded-post.ts';
import { inBatches } from '../../../lib/jobs/batches.ts';
import { createOutboxWorker, insisting, type OutboxWorker } from '../../../lib/jobs/outbox.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { readById } from '../appointments/views.ts';
import { isTaken, type Reach, signedHeaders, signingSecrets, waitAfter } from './rules.ts';
import { forgetDeliveries, leaseDue, noteFailed, noteTaken } from './store.ts';
import type { CaseEvent, Leased, Outcome, SayEvent } from './types.ts';
import { readToldCases } from './views.ts';

export interface WebhookWorkerDeps {
  db: Db;
  offices: Pick<Offices, 'byId'>;
  key: PurposeKey;
  clock: Clock;
  unit: RunUnit;
  /** Ids and codes only: nobody is named. */
  log: { warn(what: object, message: string): void; error(what: object, message: string): void };
  say: SayEvent;
  reach: Reach;
  /** In [0, 1). */
  random?(): number;
  resolve?: PostGuard['resolve'];
  timeoutMs?: number;
}

const SYSTEM = { kind: 'system', why: 'webhook' } as const;
const AT_ONCE = 5;
const TIMEOUT_MS = 15_000;
/** How long an office sees delivered messages. */
const KEPT: Temporal.DurationLike = { hours: 30 * 24 };
const SWEPT_AT_ONCE = 1_000;

/**
 * Sends pending messages to webhooks. A message is sent at least once: when a worker dies between the receiver's acceptance and its
 * own record, the message is sent again, under the same id.
 */
export function createWebhookWorker(deps: WebhookWorkerDeps): OutboxWorker {
  const { db, clock, log } = deps;
  return createOutboxWorker({
    atOnce: AT_ONCE,
    lease: (room) => leaseDue(db, room, clock.now()),
    carryOut: createDelivery(deps),
    onUnreadable: (error) => log.warn(formatError(error), 'The webhooks’ outbox could not be read'),
  });
}

/** The dependencies of the job that deletes deliveries. */
export interface DeliverySweep {
  database: { kysely: Db };
  clock: Clock;
}

/** Deletes old deliveries. Returns how many. */
export const sweepDeliveries = ({ database, clock }: DeliverySweep): Promise<number> =>
  inBatches(SWEPT_AT_ONCE, () =>
    forgetDeliveries(database.kysely, clock.now().subtract(KEPT), SWEPT_AT_ONCE),
  );

/** Sends one message and records the result. Never rejects. */
function createDelivery(deps: WebhookWorkerDeps): (leased: Leased) => Promise<void> {
  const { db, key, clock, unit, log, random = Math.random } = deps;
  const guard = guardOf(deps);

  const attempt = async (leased: Leased): Promise<Outcome> => {
    const payload = JSON.stringify(await payloadOf(deps, leased));
    const secrets = signingSecrets(key, leased.webhook, clock.now());
    // The machine's own time, not the demo's clock: receivers compare it with theirs.
    const signed = signedHeaders(secrets, leased.id, systemClock.now(), payload);
    const headers = {
      ...signed,
      'Content-Type': 'application/json',
      'User-Agent': 'Finestreta-Webhooks',
    };
    const begun = performance.now();
    const url = new URL(leased.webhook.url);
    const result = await guardedPost({ url, headers, body: payload }, guard);
    const millis = Math.round(performance.now() - begun);
    if (!result.ok) return { status: null, error: result.reason, millis };
    const { status } = result;
    return { status, error: isTaken(status) ? null : 'status', millis };
  };

  const noteFailure = async (leased: Leased, outcome: Outcome): Promise<void> => {
    const { id, attempts, webhook, event } = leased;
    const now = clock.now();
    const seconds = event && waitAfter(attempts, random());
    const nextTry = seconds ? now.add({ milliseconds: Math.round(seconds * 1000) }) : null;
    const why = await unit(SYSTEM, webhook.office, (each) =>
      noteFailed(each, leased, outcome, nextTry),
    );
    const about = { delivery: id, webhook: webhook.id, attempts, code: outcome.error };
    if (!nextTry && event) log.warn(about, 'A webhook’s message will not be delivered');
    if (why) log.warn({ ...about, why }, 'A webhook was paused');
  };

  return async (leased) => {
    try {
      const outcome = await attempt(leased);
      if (isTaken(outcome.status))
        await insisting(() => noteTaken(db, leased, outcome, clock.now()));
      else await noteFailure(leased, outcome);
    } catch (error) {
      // A bug, or the database is unavailable: the message is due again when the lease ends.
      log.error({ ...formatError(error), delivery: leased.id }, 'A delivery could not be handled');
    }
  };
}

function guardOf({ reach, resolve, timeoutMs = TIMEOUT_MS }: WebhookWorkerDeps): PostGuard {
  const allowed = new Set<AddressKind>();
  if (reach.privately) allowed.add('private');
  if (reach.privately || reach.loopback) allowed.add('loopback');
  return { allowed, timeoutMs, ...(resolve && { resolve }) };
}

/** Returns the message with present data. Each name that is sent to another system is recorded on the audit trail. */
async function payloadOf(
  { offices, unit, say }: WebhookWorkerDeps,
  { id, webhook, event, createdAt }: Leased,
): Promise<Record<string, unknown>> {
  if (!event)
    return { type: 'test', timestamp: createdAt.toString({ smallestUnit: 'second' }), data: {} };
  const office = await offices.byId(webhook.office);
  if ('case' in event) return caseOf({ unit, say }, event, office);
  const { personal } = webhook;
  const appointment = await unit(SYSTEM, webhook.office, async ({ tx, record }) => {
    const found = await readById(tx, event.appointment);
    const data = { webhook: webhook.id, delivery: id };
    if (found && personal) await record('webhook_sent', { appointment: found.id, data });
    return found;
  });
  if (!appointment) throw new Error('An event without its appointment');
  return say.appointment(event, appointment, office, { personal });
}

/** Returns the message of a case, which has nobody's data. */
async function caseOf(
  { unit, say }: Pick<WebhookWorkerDeps, 'unit' | 'say'>,
  event: CaseEvent,
  office: Office,
): Promise<Record<string, unknown>> {
  const [told] = await unit(SYSTEM, office.id, ({ tx }) => readToldCases(tx, [event.case]));
  if (!told) throw new Error('An event without its case');
  return say.case(event, told, office);
}
