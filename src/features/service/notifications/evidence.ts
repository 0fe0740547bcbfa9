import { createHash, randomUUID } from 'node:crypto';
import { maskedIdentifier } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { placeData } from '../../../lib/envelope/place.ts';
import { seal, sealText, unseal } from '../../../lib/envelope/seal.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { concernedIn, findTheirs, handedInBy, keyPlaceOf, withIdentity } from '../cases/service.ts';
import type { CaseRow } from '../cases/types.ts';
import { readCase, readCaseEvents } from '../cases/views.ts';
import type { OpenDocument, Verified } from '../documents/types.ts';
import { newCode, openedBy, VERIFIER, verifiedOf } from '../verification/service.ts';
import type { NotificationsDeps } from './deps.ts';
import { evidenceDocument } from './document.ts';
import { handoverOf } from './elsewhere/service.ts';
import { factsIn } from './facts.ts';
import { insertEvidence } from './store.ts';
import type { EvidenceFile, EvidenceOf } from './types.ts';
import {
  type EvidenceRow,
  readCaseOf,
  readEvidence,
  readEvidenceById,
  readNotices,
  readOfCase,
  readWho,
  type Who,
} from './views.ts';

/** Evidence of notifications: a sealed document with the facts, and the hash of what was notified (docs/adr/0098). */
export interface Evidence {
  /**
   * Returns the evidence of the notification of a case, issued when nobody asked for it since the last fact; null: there is none, or the case
   * isn't the viewer's. @throws when the seal can't be used
   */
  evidence(viewer: StaffViewer, office: Office, id: string): Promise<EvidenceFile | null>;
  /** Answers the verification code of evidence; null: there is none with this code. It names no person. */
  verify(code: string): Promise<Verified | null>;
  /** Opens the evidence with a verification code; null: there is none. */
  openByCode(code: string): Promise<(OpenDocument & { office: number }) | null>;
}

export function createEvidence(deps: NotificationsDeps): Evidence {
  return {
    evidence: (viewer, office, id) => evidenceFor(deps, viewer, { office, id }),

    async verify(code) {
      const found = await readVerified(deps, code, 'told');
      return found && verifiedOf(found);
    },

    async openByCode(code) {
      const found = await readVerified(deps, code, 'fetched');
      return found && openedBy(code, found, 'notificacio.pdf');
    },
  };
}

/** The labels under which the parts of evidence are sealed. */
const documentLabel = (id: string): string => `notification evidence ${id}`;
const codeLabel = (id: string): string => `notification evidence code ${id}`;

interface Asked {
  office: Office;
  id: string;
}

async function evidenceFor(
  deps: NotificationsDeps,
  viewer: StaffViewer,
  asked: Asked,
): Promise<EvidenceFile | null> {
  const { office } = asked;
  const drafted = await deps.unit(viewer, office.id, async (each) => {
    const row = await findTheirs(each, asked.id, readCase);
    const notification = row && (await readOfCase(each.tx, row.id));
    if (!row || !notification) return null;
    const facts = factsIn(await readCaseEvents(each.tx, row.id));
    const kept = await readEvidence(each.tx, notification.id, facts.length);
    const bytes = kept && (await openRow(deps, each.tx, row, kept));
    if (bytes) {
      await each.record('notification_read', { data: { case: row.id, evidence: true } });
      return { kept: { reference: row.reference, bytes } };
    }
    const notices = await readNotices(each.tx, notification);
    const applicant = await handedInBy(deps.keyring, each, row);
    const who = await readWho(each.tx, row.id);
    const there = await handoverOf(deps, each, notification);
    return { kept: null, row, ...who, notification, facts, notices, applicant, there };
  });
  if (!drafted || drafted.kept) return drafted?.kept ?? null;
  const { row, kept: _, ...of } = drafted;
  return issue(deps, viewer, office, { row, of: await namedOf(deps, office, row, of) });
}

interface Draft {
  row: CaseRow;
  of: EvidenceOf;
}

/** Returns what evidence is made of, with the people as their providers say. */
async function namedOf(
  deps: NotificationsDeps,
  office: Office,
  row: CaseRow,
  of: Pick<EvidenceOf, 'notification' | 'facts' | 'notices' | 'applicant' | 'there'> & Who,
): Promise<EvidenceOf> {
  const { handedInBy, settledBy, ...facts } = of;
  const record = {
    applicant: handedInBy === null ? null : { identification: handedInBy, level: row.level },
  };
  const known = settledBy === null ? null : await deps.identification.of(settledBy);
  const applicant = await withIdentity(deps.identification, of.applicant, record);
  const { language, reference } = row;
  return {
    ...facts,
    language,
    reference,
    procedure: textIn(office.procedure(row.procedure)?.name, language),
    applicant,
    by: known && {
      name: known.name.full,
      masked: maskedIdentifier(known.of),
      provider: known.provider,
      level: known.level,
      at: known.at,
      represents: known.represents ?? representedIn(of.facts, applicant),
    },
  };
}

/** Returns for whom a notification was opened by an authorisation, which the fact of it names; null: the person did it themselves. */
function representedIn(facts: EvidenceOf['facts'], applicant: EvidenceOf['applicant']) {
  const isFor = facts.some(({ data }) => data.authorisation !== undefined);
  if (!isFor || !applicant) return null;
  const { name, identifier } = concernedIn(applicant);
  return { name, identifier: identifier ?? '' };
}

async function issue(
  deps: NotificationsDeps,
  viewer: StaffViewer,
  office: Office,
  { row, of }: Draft,
): Promise<EvidenceFile> {
  const { unit, keyring, issuing, clock } = deps;
  const code = newCode();
  // An authority of time may take seconds: nothing is locked meanwhile.
  const bytes = await issuing.issue(evidenceDocument(of, { office, code, at: clock.now() }));
  const { notification, facts, reference } = of;
  return unit(viewer, office.id, async (each) => {
    const place = keyPlaceOf(row);
    const key = await keyring.make(each.tx, place);
    const id = randomUUID();
    const isFirst = await insertEvidence(each, {
      ...{ id, notification: notification.id, facts: facts.length },
      document: seal(key, placeData(place, documentLabel(id)), bytes),
      code: sealText(key, place, codeLabel(id), code),
    });
    if (!isFirst) {
      const kept = await readEvidence(each.tx, notification.id, facts.length);
      const before = kept && (await openRow(deps, each.tx, row, kept));
      if (!before) throw new Error(`Evidence of ${notification.id} can't be opened`);
      return { reference, bytes: before };
    }
    await insertOpening(each, { opens: 'notification', subject: id }, hashSecret(code));
    const hash = createHash('sha256').update(bytes).digest('hex');
    await each.record('notification_evidence', { data: { case: row.id, hash } });
    return { reference, bytes };
  });
}

/** Opens evidence; null: its case is destroyed. @throws Broken where it was changed or moved since */
async function openRow(
  { keyring }: Pick<NotificationsDeps, 'keyring'>,
  tx: Tx,
  { id, office }: Pick<CaseRow, 'id' | 'office'>,
  row: EvidenceRow,
): Promise<Buffer | null> {
  const place = keyPlaceOf({ id, office });
  const key = await keyring.shelf(tx, place);
  return key && unseal(key, placeData(place, documentLabel(row.id)), row.document);
}

/** Opens the evidence of a code, and records that on the audit trail. */
async function readVerified(
  deps: NotificationsDeps,
  code: string,
  as: 'told' | 'fetched',
): Promise<{ id: string; office: number; madeAt: Temporal.Instant; bytes: Buffer } | null> {
  const { db, unit } = deps;
  const read = async (_: Tx, id: string, office: number) => ({ id, office });
  const found = await readOpened(db, 'notification', code, read);
  if (!found) return null;
  const { office } = found;
  return unit(VERIFIER, office, async ({ tx, record }) => {
    const row = await readEvidenceById(tx, found.id);
    const of = row && (await readCaseOf(tx, row.notification_id));
    const bytes = row && of ? await openRow(deps, tx, { id: of, office }, row) : null;
    if (!row || !of || !bytes) return null;
    await record('notification_verified', { data: { case: of, fetched: as === 'fetched' } });
    return { id: row.id, office, madeAt: row.issued_at, bytes };
  });
}
