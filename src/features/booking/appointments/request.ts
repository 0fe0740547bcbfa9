import { createHash, randomBytes } from 'node:crypto';
import {
  type Appointment,
  askOf,
  type Choice,
  type Repetition,
} from '../../../domain/appointment.ts';
import { extentOf } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Details, detailsOf, fieldOf, PERSON_FIELD_NAMES } from '../../../domain/person.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { referenceFrom } from './rules.ts';
import type { ClaimOn, NewAppointment } from './store.ts';

/** How the citizen of a request is written to. */
export type Noticed = Pick<Appointment, 'noticeLanguage' | 'noticesBy'>;

/** The row of a request, once a desk can take its time. */
export function newAppointment(
  office: Office,
  request: Choice & Details & Noticed,
  repetition: Repetition,
  made: {
    newId(): string;
    secretOf(of: Pick<Appointment, 'id' | 'link'>): string;
    contentHash: Buffer;
    claimed: ClaimOn;
    isDisplaced?: boolean;
  },
): NewAppointment {
  const id = made.newId();
  const { claim, now } = made.claimed;
  const { channel, language, noticeLanguage, noticesBy = null } = request;
  return {
    known: {
      id,
      reference: referenceFrom(randomBytes(6)),
      office: office.id,
      ...extentOf(request),
      channel,
      language,
      site: claim.site ?? null,
      noticeLanguage,
      noticesBy,
      start: claim.start,
      end: claim.end,
      ...detailsOf(request),
      externalId: repetition.externalId ?? null,
      link: 0,
      sequence: 0,
      createdAt: now,
      updatedAt: now,
      displacedAt: made.isDisplaced ? now : null,
    },
    procedureId: office.procedure(request.procedure)!.id,
    idempotencyKey: repetition.idempotencyKey ?? null,
    linkHash: hashSecret(made.secretOf({ id, link: 0 })),
    contentHash: made.contentHash,
  };
}

/** Returns the data by which two requests with the same key are compared. A hold is not part of it. */
export function hashContent(request: Choice & Details, { externalId }: Repetition): Buffer {
  const { start } = request;
  const content = [
    ...Object.values(askOf(request)),
    start.epochMilliseconds,
    ...PERSON_FIELD_NAMES.map((name) => fieldOf(request, name)),
    externalId,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
