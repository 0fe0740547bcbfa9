import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { readPhone } from '../../booking/appointments/rules.ts';
import { readById } from '../../booking/appointments/views.ts';
import type { Assistance } from '../assistance/service.ts';
import { isStillOpen, mayAssist, mayAttend } from '../encounter/rules.ts';
import { CREDENTIAL_SECONDS, passwordFor, type SipSecrets } from './credentials.ts';
import { callersNumber, extensionOf } from './rules.ts';
import { insertCall } from './store.ts';
import type { Caller, CallReport, Credentials, DeskPhone, ReportResult } from './types.ts';

/** The console's own telephone: a desk's browser as an extension of the office's exchange. */
export interface Softphone {
  /** The telephone of the viewer's desk; null where the office has no exchange or the desk no extension. */
  phoneOf(viewer: StaffViewer, office: Office): DeskPhone | null;
  /** What its browser signs in to the exchange with, or null. Never to be kept, shown or logged. */
  credentials(viewer: StaffViewer, office: Office): Credentials | null;
  /** Whose number that is: their appointments of this office, those to come first. The trail keeps that it was looked for. */
  whoCalls(viewer: StaffViewer, office: Office, number: string): Promise<Caller[] | null>;
  /** Keeps how a call went. */
  report(viewer: StaffViewer, office: Office, report: CallReport): Promise<ReportResult>;
}

export interface SoftphoneDeps {
  db: Db;
  clock: Clock;
  /** The exchange's: credentials end by the real time, whatever the demo's clock says. */
  exchangeClock: Clock;
  assistance: Pick<Assistance, 'search'>;
  secrets: SipSecrets;
}

/** So many of a caller's appointments are told while it rings. */
const MOST_TOLD = 4;
/** What no call lasts, and no measure reaches. */
const LONGEST_SECONDS = 24 * 3600;
const WORST_MS = 60_000;

export function createSoftphone(deps: SoftphoneDeps): Softphone {
  const { db, clock, exchangeClock, assistance, secrets } = deps;
  return {
    phoneOf(viewer, office) {
      const place = placeOf(viewer, office);
      return place && { origin: new URL(place.exchange.url).origin, extension: place.extension };
    },

    credentials(viewer, office) {
      const place = placeOf(viewer, office);
      if (!place) return null;
      const { exchange, extension } = place;
      const made = passwordFor(secrets, extension, exchange.domain, exchangeClock.now());
      return (
        made && {
          ...made,
          url: exchange.url,
          uri: `sip:${extension}@${exchange.domain}`,
          seconds: CREDENTIAL_SECONDS,
        }
      );
    },

    whoCalls: async (viewer, office, shown) =>
      placeOf(viewer, office) ? whoCalls(assistance, viewer, office, shown) : null,

    async report(viewer, office, report) {
      if (!placeOf(viewer, office)) return { ok: false, reason: 'not_allowed' };
      if (!isSound(report)) return { ok: false, reason: 'invalid' };
      await within(db, viewer.office, async (tx) => {
        const { appointment } = report;
        const found = appointment === null ? null : await readById(tx, appointment);
        const isTheirs = found !== null && mayAttend(viewer, found);
        const kept = isTheirs ? report : { ...report, appointment: null, attempt: null };
        await insertCall(tx, office.id, viewer.desk, kept, clock.now());
      });
      return { ok: true };
    },
  };
}

/** Where the viewer telephones from; null: nowhere. */
function placeOf(viewer: StaffViewer, office: Office) {
  const exchange = office.settings.phone?.exchange;
  if (!exchange || viewer.office !== office.id || !mayAssist(viewer) || viewer.desk === null)
    return null;
  const extension = extensionOf(exchange, office.desk(viewer.desk)?.code);
  return extension === null ? null : { exchange, extension };
}

async function whoCalls(
  assistance: SoftphoneDeps['assistance'],
  viewer: StaffViewer,
  office: Office,
  shown: string,
): ReturnType<Softphone['whoCalls']> {
  const number = callersNumber(shown, office.settings.phone?.prefix ?? '');
  const read = readPhone(number, office.settings.country);
  // A part of a number would find strangers.
  if (!read.ok) return [];
  const result = await assistance.search(viewer, office, read.phone);
  if (!result.ok) return result.reason === 'not_allowed' ? null : [];
  return result.found.slice(0, MOST_TOLD).map((each) => ({
    appointment: each.id,
    name: each.name,
    start: each.start,
    procedure: each.procedure,
    isOpen: isStillOpen(each.status),
  }));
}

/** Whether it can be so: browsers are told what to send, but anybody signed in can send anything. */
function isSound(report: CallReport): boolean {
  const { id, appointment, attempt, rangSeconds, talkedSeconds, status, quality } = report;
  const isWithin = (value: number | null, most: number, least = 0) =>
    value === null || (Number.isFinite(value) && value >= least && value <= most);
  const isWhole = (...values: (number | null)[]) =>
    values.every((value) => value === null || Number.isInteger(value));
  return (
    isWhole(attempt, rangSeconds, talkedSeconds, status) &&
    isUuid(id) &&
    (appointment === null || isUuid(appointment)) &&
    isWithin(attempt, 99, 1) &&
    isWithin(rangSeconds, LONGEST_SECONDS) &&
    isWithin(talkedSeconds, LONGEST_SECONDS) &&
    isWithin(status, 699, 100) &&
    (quality === null ||
      (isWithin(quality.loss, 100) &&
        isWithin(quality.rtt, WORST_MS) &&
        isWithin(quality.jitter, WORST_MS)))
  );
}

export type { SipSecrets } from './credentials.ts';
