import { createHash } from 'node:crypto';
import type { StoppedState } from '../../../../domain/notification.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { placeData } from '../../../../lib/envelope/place.ts';
import { seal, sealText, unseal, unsealText } from '../../../../lib/envelope/seal.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { keyPlaceOf, tellCase } from '../../cases/service.ts';
import type { NotificationsDeps } from '../deps.ts';
import { dayOf, lastDayOf } from '../rules.ts';
import { settle } from '../store.ts';
import type {
  HandedNews,
  HandedSigner,
  Notification,
  NotificationPort,
  PortFailure,
} from '../types.ts';
import { readForUpdate } from '../views.ts';
import { SYSTEM } from './handing.ts';
import { isNews, isStopped } from './rules.ts';
import {
  setAsked,
  setCounting,
  setDeposited,
  setEvidence,
  setSigner,
  setStopped,
} from './store.ts';
import { type Owed, readAskedAt, readByNumber, readToProve } from './views.ts';

/** The most days that are asked for in one pass. */
const MOST_DAYS = 31;
/** The hours before what was asked last that are asked for again: a report may get its lines late. */
const OVERLAP_HOURS = 24;
/** The most notifications whose evidence is fetched in one pass. */
const MOST_EVIDENCE = 50;

/** Asks e-NOTUM what became of what it has, and keeps its evidence. Returns how many facts were new. */
export async function hearNews(deps: NotificationsDeps): Promise<number> {
  const port = await deps.port();
  return port ? (await hearNow(deps)) + (await fetchEvidence(deps, port)) : 0;
}

/** The same without the evidence. */
export async function hearNow(deps: NotificationsDeps): Promise<number> {
  const port = await deps.port();
  const asked = port && (await within(deps.db, INSTALLATION, readAskedAt));
  return asked ? hear(deps, port, { asked, now: deps.clock.now() }) : 0;
}

async function hear(
  deps: NotificationsDeps,
  port: NotificationPort,
  { asked, now }: { asked: Temporal.Instant; now: Temporal.Instant },
): Promise<number> {
  const last = asked.add({ hours: 24 * MOST_DAYS });
  const until = Temporal.Instant.compare(last, now) < 0 ? last : now;
  const news = await port.news(asked.subtract({ hours: OVERLAP_HOURS }), until);
  if (!news.ok) {
    tellFailure(deps, news, 'e-NOTUM does not tell what became of notifications');
    return 0;
  }
  let told = 0;
  for (const each of news.value.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at))) {
    const found = await within(deps.db, INSTALLATION, (tx) => readByNumber(tx, each.number));
    if (found && (await take(deps, found, each))) told++;
  }
  // Only once all of it is noted: what fails in between is asked for again.
  await setAsked(deps.db, until);
  return told;
}

/** Notes what e-NOTUM tells of a notification. Returns whether it is new. */
async function take(
  { unit, offices, keyring }: NotificationsDeps,
  { id, office, isPast }: { id: string; office: number; isPast: boolean },
  news: HandedNews,
): Promise<boolean> {
  const { timeZone } = await offices.byId(office);
  return unit(SYSTEM, office, async (each) => {
    const of = await readForUpdate(each.tx, id);
    if (!of || !isNews(of, news, isPast)) return false;
    if (news.state === 'available') {
      await setDeposited(each, id, news.at);
      const last = lastDayOf({ expiresAt: null, depositedAt: news.at }, timeZone);
      const data = { at: news.at.toString(), until: String(last) };
      await tellCase(each, of.case, 'notification_deposited', data);
      return true;
    }
    if (isStopped(news.state)) {
      await setStopped(each, id, { state: news.state, at: news.at });
      const data = { state: news.state, at: news.at.toString(), number: news.number };
      await tellCase(each, of.case, 'notification_stopped', data);
      return true;
    }
    // The day counts as they say.
    const notifiedOn = dayOf(news.at, timeZone);
    await setCounting(each, id, news.number);
    await settle(each, id, { state: news.state, notifiedOn });
    if (news.by) await setSigner(each, id, await sealSigner(keyring, each, of, news.by));
    const kind = `notification_${news.state}` as const;
    await tellCase(each, of.case, kind, { on: notifiedOn.toString(), via: 'enotum' });
    return true;
  });
}

/** Fetches the evidence that is not kept yet. Returns how many were. */
async function fetchEvidence(deps: NotificationsDeps, port: NotificationPort): Promise<number> {
  const { db, unit, keyring } = deps;
  const due = await within(db, INSTALLATION, (tx) => readToProve(tx, MOST_EVIDENCE));
  let kept = 0;
  for (const { id, office, number, state } of due) {
    const found = await port.evidence(number);
    if (!found.ok) {
      tellFailure(deps, found, 'The evidence of e-NOTUM could not be fetched');
      if (found.reason === 'away') return kept;
      continue;
    }
    const bytes = found.value;
    await unit(SYSTEM, office, async (each) => {
      const of = await readForUpdate(each.tx, id);
      // Evidence that was fetched before the notification was settled proves less.
      if (!of || (of.stopped?.state ?? of.state) !== state) return;
      const place = keyPlaceOf({ id: of.case, office });
      const key = await keyring.make(each.tx, place);
      const sealed = seal(key, placeData(place, evidenceLabel(id)), bytes);
      await setEvidence(each, id, { state, sealed });
      const hash = createHash('sha256').update(bytes).digest('hex');
      await each.record('notification_evidence', { data: { case: of.case, hash, via: of.via } });
      kept++;
    });
  }
  return kept;
}

/** What became of a notification in a round before. */
interface PastRound {
  number: string | null;
  state: StoppedState;
  at: string;
  /** The evidence of e-NOTUM, in base64; null: it gave none. */
  evidence: string | null;
}

/** Seals what became of a stopped notification, with the rounds before it. */
export async function sealPast(
  keys: Pick<Keys, 'make' | 'shelf'>,
  unit: Unit,
  of: Notification & { stopped: NonNullable<Notification['stopped']> },
  owed: Owed,
): Promise<Buffer> {
  const place = keyPlaceOf({ id: of.case, office: of.office });
  const [bytes] = await evidenceOf(keys, unit, of, { ...owed, sealedPast: null });
  const { state, at } = of.stopped;
  const evidence = bytes?.toString('base64') ?? null;
  const round = { number: owed.number, state, at: at.toString(), evidence };
  const all = [...(await pastOf(keys, unit, of, owed)), round];
  const key = await keys.make(unit.tx, place);
  return sealText(key, place, pastLabel(of.id), JSON.stringify(all));
}

/** Opens what became of a notification in the rounds before, the oldest first. @throws Broken */
async function pastOf(
  keys: Pick<Keys, 'shelf'>,
  { tx }: Unit,
  of: Which,
  { sealedPast }: Pick<Owed, 'sealedPast'>,
): Promise<PastRound[]> {
  const place = keyPlaceOf({ id: of.case, office: of.office });
  const key = sealedPast && (await keys.shelf(tx, place));
  if (!key || !sealedPast) return [];
  return JSON.parse(unsealText(key, place, pastLabel(of.id), sealedPast)) as PastRound[];
}

const pastLabel = (id: string): string => `notification past ${id}`;
const evidenceLabel = (id: string): string => `notification evidence of e-NOTUM ${id}`;
const signerLabel = (id: string): string => `notification signer ${id}`;

type Keys = NotificationsDeps['keyring'];
type Which = Pick<Notification, 'id' | 'case' | 'office'>;

async function sealSigner(
  keys: Pick<Keys, 'make'>,
  { tx }: Unit,
  of: Which,
  by: HandedSigner,
): Promise<Buffer> {
  const place = keyPlaceOf({ id: of.case, office: of.office });
  return sealText(await keys.make(tx, place), place, signerLabel(of.id), JSON.stringify(by));
}

/** Opens who opened or rejected a notification, as e-NOTUM says; null: nobody did, or its case is destroyed. @throws Broken */
export async function signerOf(
  keys: Pick<Keys, 'shelf'>,
  { tx }: Unit,
  of: Which,
  { sealedSigner }: Pick<Owed, 'sealedSigner'>,
): Promise<HandedSigner | null> {
  const place = keyPlaceOf({ id: of.case, office: of.office });
  const key = sealedSigner && (await keys.shelf(tx, place));
  if (!key || !sealedSigner) return null;
  return JSON.parse(unsealText(key, place, signerLabel(of.id), sealedSigner)) as HandedSigner;
}

/**
 * Opens the evidence of e-NOTUM, one for each time that it was handed over, the oldest first; empty: there is none, or its case is destroyed.
 * @throws Broken where it was changed or moved since
 */
export async function evidenceOf(
  keys: Pick<Keys, 'shelf'>,
  unit: Unit,
  of: Which,
  owed: Pick<Owed, 'sealedEvidence' | 'sealedPast'>,
): Promise<Buffer[]> {
  const { sealedEvidence } = owed;
  const place = keyPlaceOf({ id: of.case, office: of.office });
  const key = sealedEvidence && (await keys.shelf(unit.tx, place));
  const now = key ? [unseal(key, placeData(place, evidenceLabel(of.id)), sealedEvidence)] : [];
  const past = (await pastOf(keys, unit, of, owed)).flatMap(({ evidence }) =>
    evidence === null ? [] : [Buffer.from(evidence, 'base64')],
  );
  return [...past, ...now];
}

function tellFailure(
  { log }: Pick<NotificationsDeps, 'log'>,
  { reason, code }: PortFailure,
  message: string,
): void {
  if (reason === 'away') log.info({ reason, code }, message);
  else log.warn({ reason, code }, message);
}
