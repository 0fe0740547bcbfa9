import { randomUUID } from 'node:crypto';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import {
  MOST_WEBHOOKS,
  mayManageWebhooks,
  newestSecret,
  oldSecretUntil,
  type Reach,
  readUrl,
  type UrlMistake,
} from './rules.ts';
import {
  changeWebhook,
  endWebhook,
  insertWebhook,
  lockWebhook,
  oweAgain,
  oweTest,
  pause,
  raiseKey,
  resume,
} from './store.ts';
import type { Delivery, Webhook, WebhookKind } from './types.ts';
import { readDeliveries, readWebhook, readWebhooks } from './views.ts';

/** The fields of a new webhook, as typed. */
export interface WebhookDraft {
  url: string;
  kinds: readonly WebhookKind[];
  personal: boolean;
}

export interface WebhookMistakes {
  url?: UrlMistake;
  kinds?: 'missing';
}

type Invalid = { ok: false; reason: 'invalid'; mistakes: WebhookMistakes };

export type AddResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'not_found' | 'too_many' }
  | Invalid;

export type ChangeResult = { ok: true } | { ok: false; reason: 'not_found' } | Invalid;

/** The actions on an existing webhook. */
export type WebhookAct =
  | { kind: 'test' | 'pause' | 'resume' | 'rotate' | 'end' }
  /** Sends a delivery again that is over. */
  | { kind: 'again'; delivery: string };

/** An office's webhooks, for its administrator; other viewers get none. Every action is recorded on the audit trail. */
export interface Webhooks {
  list(viewer: StaffViewer): Promise<Webhook[] | null>;
  /** Returns one webhook and its last deliveries. */
  open(
    viewer: StaffViewer,
    id: string,
  ): Promise<{ webhook: Webhook; deliveries: Delivery[] } | null>;
  add(viewer: StaffViewer, draft: WebhookDraft): Promise<AddResult>;
  /** Changes a webhook's address, events or permission for personal data; its id and secret stay. */
  change(viewer: StaffViewer, id: string, draft: WebhookDraft): Promise<ChangeResult>;
  /** Runs an action on one. Returns false when there is none, nothing to send again, or two secrets sign already. */
  act(viewer: StaffViewer, id: string, act: WebhookAct): Promise<boolean>;
  /** Its secret (`whsec_…`), to be shown. */
  secret(viewer: StaffViewer, id: string): Promise<string | null>;
}

export interface WebhooksDeps {
  db: Db;
  key: PurposeKey;
  reach: Reach;
  unit: RunUnit;
}

/** Of one webhook, on its page. */
const MOST_DELIVERIES = 100;

const AUDITED = {
  test: 'webhook_tested',
  pause: 'webhook_paused',
  resume: 'webhook_resumed',
  rotate: 'webhook_rotated',
  end: 'webhook_ended',
  again: 'webhook_resent',
} as const;

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { db, key, reach, unit } = deps;
  return {
    list: async (viewer) =>
      mayManageWebhooks(viewer)
        ? within(db, viewer.office, (tx) => readWebhooks(tx, viewer.office))
        : null,

    open: async (viewer, id) => {
      if (!mayManageWebhooks(viewer) || !isUuid(id)) return null;
      return within(db, viewer.office, async (tx) => {
        const webhook = await readWebhook(tx, id);
        return webhook && { webhook, deliveries: await readDeliveries(tx, id, MOST_DELIVERIES) };
      });
    },

    add: async (viewer, draft) => {
      if (!mayManageWebhooks(viewer)) return { ok: false, reason: 'not_found' };
      const read = readDraft(draft, reach);
      return read.ok ? unit(viewer, viewer.office, (each) => add(each, key, read)) : read;
    },

    change: async (viewer, id, draft) => {
      if (!mayManageWebhooks(viewer) || !isUuid(id)) return { ok: false, reason: 'not_found' };
      const read = readDraft(draft, reach);
      return unit(viewer, viewer.office, (each) => change(each, id, read));
    },

    act: async (viewer, id, act) =>
      mayManageWebhooks(viewer) && isUuid(id)
        ? unit(viewer, viewer.office, (each) => actOn(each, key, id, act))
        : false,

    secret: async (viewer, id) => {
      if (!mayManageWebhooks(viewer) || !isUuid(id)) return null;
      return unit(viewer, viewer.office, async (each) => {
        const webhook = await readWebhook(each.tx, id);
        if (!webhook) return null;
        await each.record('webhook_secret_shown', { data: { webhook: id } });
        return newestSecret(key, webhook);
      });
    },
  };
}

async function add(
  { tx, office, now, record }: Unit,
  key: PurposeKey,
  { url, kinds, personal }: Read,
): Promise<AddResult> {
  const there = await readWebhooks(tx, office);
  if (there.length >= MOST_WEBHOOKS) return { ok: false, reason: 'too_many' };
  const id = randomUUID();
  const made = { id, office, url, kinds, personal, keyVersion: key.version };
  await insertWebhook(tx, made, now);
  await record('webhook_created', { data: { webhook: id, ...inTrail(made) } });
  return { ok: true, id };
}

async function change(
  { tx, now, record }: Unit,
  id: string,
  read: ReturnType<typeof readDraft>,
): Promise<ChangeResult> {
  const webhook = await lockWebhook(tx, id);
  if (!webhook) return { ok: false, reason: 'not_found' };
  if (!read.ok) return read;
  await changeWebhook(tx, webhook, read, now);
  await record('webhook_changed', {
    data: { webhook: id, ...inTrail(read), was: inTrail(webhook) },
  });
  return { ok: true };
}

async function actOn(
  { tx, now, record }: Unit,
  key: PurposeKey,
  id: string,
  act: WebhookAct,
): Promise<boolean> {
  const webhook = await lockWebhook(tx, id);
  if (!webhook || !(await carryOut(tx, webhook, act, { now, keyVersion: key.version })))
    return false;
  const data = { webhook: id, ...(act.kind === 'again' && { delivery: act.delivery }) };
  await record(AUDITED[act.kind], { data });
  return true;
}

type Read = Pick<Webhook, 'url' | 'kinds' | 'personal'>;

function readDraft(
  { url: typed, kinds, personal }: WebhookDraft,
  reach: Reach,
): ({ ok: true } & Read) | Invalid {
  const url = readUrl(typed, reach);
  if (url instanceof URL && kinds.length > 0)
    return { ok: true, url: url.href, kinds: [...kinds], personal };
  const mistakes: WebhookMistakes = {
    ...(!(url instanceof URL) && { url }),
    ...(kinds.length === 0 && { kinds: 'missing' }),
  };
  return { ok: false, reason: 'invalid', mistakes };
}

/** Returns only the host of the address, since its path may contain a secret. */
const inTrail = ({ url, kinds, personal }: Read) => ({ host: new URL(url).host, kinds, personal });

async function carryOut(
  tx: Tx,
  webhook: Webhook,
  act: WebhookAct,
  { now, keyVersion }: { now: Temporal.Instant; keyVersion: number },
): Promise<boolean> {
  const { id } = webhook;
  switch (act.kind) {
    case 'test':
      await oweTest(tx, webhook, randomUUID(), now);
      return true;
    case 'again':
      return isUuid(act.delivery) && oweAgain(tx, id, act.delivery, now);
    case 'pause':
      if (!webhook.paused) await pause(tx, id, 'asked', now);
      return true;
    case 'resume':
      if (webhook.paused) await resume(tx, id, now);
      return true;
    case 'rotate':
      if (oldSecretUntil(webhook, now)) return false;
      await raiseKey(tx, id, keyVersion, now);
      return true;
    case 'end':
      await endWebhook(tx, id, now);
      return true;
  }
}

export { createEventFeed, type EventFeed } from './feed.ts';
export { createWebhookWorker, type WebhookWorkerDeps } from './jobs.ts';
