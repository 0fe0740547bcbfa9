import type { Context as Request } from 'hono';
import type {
  Identification,
  Purpose,
  Wanted,
} from '../../../features/foundation/identification/types.ts';
import type { TypedBy } from '../../../features/service/identifying/service.ts';
import { browserHash } from '../../../features/service/identifying/service.ts';
import type { NotIdentified } from '../../../features/service/identifying/types.ts';
import { proofIn } from '../appointment/proof.ts';
import { worksHere } from '../by-staff.ts';
import type { CitizenDeps } from '../visit.tsx';

/**
 * Does what an identification was for. Returns false in a browser with a console session: nobody who works here is identified as the
 * citizen of an appointment.
 */
export async function settleFor(
  deps: CitizenDeps,
  c: Request,
  { wanted, identification }: { wanted: Wanted; identification: Identification },
): Promise<boolean> {
  const { purpose } = wanted;
  if (!('office' in purpose)) return true;
  if (await worksHere(deps, c)) return false;
  const office = await deps.offices.byId(purpose.office);
  const appointment = await deps.appointments.byId(office, purpose.appointment);
  if (!appointment) return true;
  const proof = await proofIn(deps, c.req.header('Cookie'), appointment);
  const viewer = { kind: 'citizen', appointment: appointment.id, proof } as const;
  const by = typedBy(deps, c, purpose);
  await deps.identifying.settle(viewer, office, identification.id, by);
  return true;
}

/** Returns the code that was typed in this browser for what an identification is for; undefined: the browser has the appointment's link. */
function typedBy(
  { baseUrl }: Pick<CitizenDeps, 'baseUrl'>,
  c: Request,
  purpose: Purpose,
): TypedBy | undefined {
  if (purpose.for !== 'appointment' || !purpose.code) return;
  const browser = browserHash(c.req.header('Cookie') ?? '', baseUrl) ?? Buffer.alloc(0);
  return { id: purpose.code, browser };
}

/** Tells whoever asked for an identification why there is none. */
export async function failFor(
  deps: Pick<CitizenDeps, 'identifying' | 'offices'>,
  { purpose }: Wanted,
  reason: NotIdentified,
): Promise<void> {
  if (!('office' in purpose)) return;
  const office = await deps.offices.byId(purpose.office);
  const viewer = { kind: 'citizen', appointment: purpose.appointment } as const;
  await deps.identifying.fail(viewer, office, reason);
}
