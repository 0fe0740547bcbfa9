import type { AppointmentEvent } from '../../../../domain/appointment.ts';
import {
  type GivenLevel,
  isComparableName,
  isEnough,
  type PersonId,
} from '../../../../domain/identity.ts';
import type { Viewer } from '../../../../lib/viewer.ts';
import { couldBeCitizen } from '../../../booking/proof/rules.ts';
import type { IdentificationOf, PersonName } from '../../../foundation/identification/types.ts';
import type { SameNif } from '../../../foundation/staff-identifiers/types.ts';
import { isAsBooked, isSameName, shownByOf } from '../../identifying/rules.ts';
import type { IdentityRefusal, IdentityWay, MeansOn } from '../types.ts';

/** Returns the hash of a record (`hashOf`) as an identification has it: base64url. */
export const transactionHash = (hash: string): string =>
  Buffer.from(hash, 'hex').toString('base64url');

/** Returns whether a code was typed in the viewer's browser. */
const hasCode = (viewer: Viewer): boolean =>
  viewer.kind === 'citizen' && !!viewer.proof && viewer.proof.channel !== 'identity';

/**
 * Returns whether somebody in this browser could consent by identifying, as far as it is known before they do: with changed contact data
 * only a code shows that they are the citizen, and a code shows nothing where the official could have got it.
 */
export function identityWay(
  events: readonly Pick<AppointmentEvent, 'kind'>[],
  viewer: Viewer,
  isIndependent: boolean,
): Exclude<IdentityWay, 'none'> {
  if (isAsBooked(events)) return 'open';
  if (!isIndependent) return 'not_independent';
  return hasCode(viewer) ? 'open' : 'needs_code';
}

/** The facts by which an identification is taken as consent. */
export interface IdentityFacts {
  of: IdentificationOf;
  /** The hash of the act as it is now (`transactionHash`). */
  hash: string;
  /** The level that the act's record demands. */
  level: GivenLevel;
  events: readonly Pick<AppointmentEvent, 'kind'>[];
  official: {
    /** As the register has it. */
    name: string;
    /** Whether their NIF is the identifier of the person. */
    nif: SameNif;
  };
}

/**
 * Returns what shows that the identified person is the citizen, or why their identification is no consent. It is looked at anew: what was
 * shown for the appointment before may come from a code that an official got.
 */
export function judgeIdentity(
  { viewer, appointment, act, standing }: MeansOn,
  { of, hash, level, events, official }: IdentityFacts,
): { ok: true; shownBy: 'name' | 'code' } | { ok: false; reason: IdentityRefusal } {
  const refused = (reason: IdentityRefusal) => ({ ok: false, reason }) as const;
  const isForThis = of.purpose === 'act' && of.transaction?.hash === hash;
  // A wallet signs what it confirms, so that what isn't signed was not confirmed.
  const isUnsigned = of.kind === 'wallet' && !of.transaction?.isSigned;
  if (!isForThis || isUnsigned) return refused('other_act');
  if (!isEnough(of.level, level)) return refused('too_low');
  // The name counts before the code: an official may have got the code, and never somebody's identity.
  const on = { appointment, events, name: of.name };
  const shownBy =
    shownByOf({ ...on, hasCode: false }) ?? shownByOf({ ...on, hasCode: hasCode(viewer) });
  if (shownBy === null) return refused('not_shown');
  if (isOfficial(of, official)) return refused('not_independent');
  const isTheirCode = viewer.kind === 'citizen' && viewer.proof?.setBy === act.preparedBy;
  if (shownBy === 'code' && (isTheirCode || couldBeCitizen(act.preparedBy, standing)))
    return refused('not_independent');
  return { ok: true, shownBy };
}

/**
 * Returns whether an identified person is the official, or may be: no NIF shows that they are another person, and they have the same name,
 * or names that can't be compared. A document of another kind than the NIF shows nothing.
 */
export function isOfficial(
  { of, name }: { of: PersonId; name: PersonName },
  official: IdentityFacts['official'],
): boolean {
  if (official.nif === 'same') return true;
  const isNif = of.scheme === 'dni' || of.scheme === 'nie';
  const isAnother = official.nif === 'other' && isNif;
  if (isAnother) return false;
  const isKnown = isComparableName(official.name) && isComparableName(name.full);
  return !isKnown || isSameName(official.name, name);
}
