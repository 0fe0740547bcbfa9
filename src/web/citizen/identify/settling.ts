import type { Context as Request } from 'hono';
import type {
  Identification,
  Purpose,
  Wanted,
} from '../../../features/foundation/identification/types.ts';
import type { TypedBy } from '../../../features/service/identifying/service.ts';
import { browserHash } from '../../../features/service/identifying/service.ts';
import type { NotIdentified } from '../../../features/service/identifying/types.ts';
import type { CitizenViewer } from '../../../lib/viewer.ts';
import { proofIn } from '../appointment/proof.ts';
import { worksHere } from '../by-staff.ts';
import type { CitizenDeps } from '../visit.tsx';

/** The query of an act's page that says why an identification was no consent. */
export const REFUSED = 'refused';

/** `next`: where the browser goes on. `refused`: why the identification did not do what it was for; null: it did. */
export type Settled = { ok: true; next: string; refused: string | null } | { ok: false };

/**
 * Does what an identification was for. Not ok in a browser with a console session: nobody who works here is identified as the citizen of an
 * appointment.
 */
export async function settleFor(
  deps: CitizenDeps,
  c: Request,
  { wanted, identification }: { wanted: Wanted; identification: Identification },
): Promise<Settled> {
  const { purpose, next } = wanted;
  const done = { ok: true, next, refused: null } as const;
  if (!('office' in purpose)) return done;
  if (await worksHere(deps, c)) return { ok: false };
  const office = await deps.offices.byId(purpose.office);
  const appointment = await deps.appointments.byId(office, purpose.appointment);
  if (!appointment) return done;
  const proof = await proofIn(deps, c.req.header('Cookie'), appointment);
  const viewer = { kind: 'citizen', appointment: appointment.id, proof } as const;
  if (purpose.for === 'act') return settleAct(deps, viewer, { purpose, next, identification });
  const by = typedBy(deps, c, purpose);
  await deps.identifying.settle(viewer, office, identification.id, by);
  return done;
}

/** Consents to an act. What was refused is said on the act's page. */
async function settleAct(
  deps: CitizenDeps,
  viewer: CitizenViewer,
  on: {
    purpose: Extract<Purpose, { for: 'act' }>;
    next: string;
    identification: Identification;
  },
): Promise<Settled> {
  const { purpose, next, identification } = on;
  const office = await deps.offices.byId(purpose.office);
  const { appointment, act, link } = purpose;
  const given = { identification: identification.id, link };
  const done = await deps.consent.consentByIdentity(viewer, office, appointment, act, given);
  if (done.ok) {
    // It is theirs too, as after any other identification for it.
    await deps.identifying.settle(viewer, office, identification.id);
    return { ok: true, next, refused: null };
  }
  // The page itself shows an act that was answered meanwhile, or that is not there.
  if (done.reason === 'over') return { ok: true, next, refused: null };
  if (done.reason === 'not_found') return { ok: true, next, refused: done.reason };
  const more = new URLSearchParams({ [REFUSED]: done.reason });
  return { ok: true, next: `${next}?${more}`, refused: done.reason };
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

/** Tells whoever asked for an identification why there is none, unless it was by a code that no longer counts in this browser. */
export async function failFor(
  deps: Pick<CitizenDeps, 'identifying' | 'identityCodes' | 'offices'>,
  c: Request,
  { purpose }: Wanted,
  reason: NotIdentified,
): Promise<void> {
  if (purpose.for !== 'appointment') return;
  if (purpose.code) {
    const typed = await deps.identityCodes.typed(c.req.header('Cookie') ?? '');
    if (typed?.id !== purpose.code || typed.state !== 'confirmed') return;
  }
  const office = await deps.offices.byId(purpose.office);
  const viewer = { kind: 'citizen', appointment: purpose.appointment } as const;
  await deps.identifying.fail(viewer, office, reason);
}
