import { maskedIdentifier } from '../../../../domain/identity.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { staffIn } from '../../../../lib/viewer.ts';
import { readEvents } from '../../../booking/appointments/views.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { ConsentDeps, Kept } from '../keeping.ts';
import { identified } from '../means.ts';
import type { IdentityRefusal, MeansOn, Proof, ProofOfIdentity } from '../types.ts';
import { judgeIdentity, transactionHash } from './rules.ts';

/** An identification, with what is kept of it. */
export interface OpenedIdentity {
  of: IdentificationOf;
  /** The names of its provider; its code where the town no longer has it. */
  provider: Parameters<typeof textIn>[0] | string;
  /** See `EvidenceOf`. */
  evidence: string;
}

/** Opens an identification, before the unit of work: it belongs to no office. Null: there is none. */
export async function openIdentity(
  { identification }: Pick<ConsentDeps, 'identification'>,
  id: string,
): Promise<OpenedIdentity | null> {
  const of = await identification.of(id);
  const evidence = of && (await identification.evidence(id));
  if (!evidence) return null;
  const offered = await identification.offered();
  const provider = offered.find(({ code }) => code === of.provider)?.name ?? of.provider;
  return { of, provider, evidence: evidence.hash };
}

/** Takes an identification as the consent to an act whose record was opened, or refuses it. */
export async function acceptIdentity(
  deps: Pick<ConsentDeps, 'compareNif'>,
  unit: Unit,
  on: MeansOn & { kept: Kept },
  { of, provider, evidence }: OpenedIdentity,
): Promise<{ ok: true; proof: Proof } | { ok: false; reason: IdentityRefusal }> {
  const { appointment, act, kept } = on;
  // Whoever identifies hands the form in themselves.
  if (kept.record.case) return { ok: false, reason: 'other_act' };
  const { official, language, level: demanded } = kept.record;
  const hash = transactionHash(kept.hash);
  const staff = staffIn(act.preparedBy);
  const judged = judgeIdentity(on, {
    of,
    hash,
    level: demanded,
    events: await readEvents(unit.tx, appointment.id),
    official: {
      name: official.name,
      nif: staff === null ? 'unknown' : await deps.compareNif(staff, of.of),
    },
  });
  if (!judged.ok) return judged;
  const { id, method, level, name, represents, transaction, at } = of;
  const given: ProofOfIdentity = {
    ...{ identification: id, provider: of.provider, method, level, evidence },
    name: typeof provider === 'string' ? provider : textIn(provider, language),
    person: { name: name.full, masked: maskedIdentifier(of.of) },
    represents: represents?.name ?? null,
    at: at.toString(),
    shownBy: judged.shownBy,
    transaction: transaction ?? { hash, isSigned: false },
  };
  return { ok: true, proof: identified(on, given) };
}
