import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type CitizenViewer, type StaffViewer, type Viewer } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { couldBeCitizen } from '../../booking/proof/rules.ts';
import { rememberBrowser } from '../../booking/proof/service.ts';
import type { CodeWay, Standing } from '../../booking/proof/types.ts';
import { readStanding } from '../../booking/proof/views.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { holdIdentification } from '../../foundation/identification/service.ts';
import { isTheirs } from '../documents/rules.ts';
import { dropKeys } from '../documents/service.ts';
import { readDocumentForUpdate } from '../documents/views.ts';
import type { NotSent } from '../one-time-codes/service.ts';
import { acceptIdentity, openIdentity } from './identity/accepting.ts';
import {
  type ConsentDeps,
  type Kept,
  openNoted,
  openRecord,
  putOnTrail,
  type Refused,
  sealNoted,
  sealRecord,
  tellOf,
} from './keeping.ts';
import { byCode, spoken, witnessed } from './means.ts';
import {
  acceptSeen,
  isScanOf,
  LONGEST_PLACE,
  type PaperRefusal,
  proofOnPaper,
  type Scan,
  whyNotSigned,
} from './paper/rules.ts';
import { isStillHabilitated, standingOf } from './rules.ts';
import { setConsented, setEnded, setHeard, setNoted, setWitnessed } from './store.ts';
import type { ActRow, IdentityRefusal, MeansRefused, Proof } from './types.ts';
import { isFreeScan, readActForUpdate } from './views.ts';

/** `over`: expired. */
type Over = Refused<'not_found' | 'over'>;
type NotHabilitated = Refused<'not_habilitated'>;

/** `secret`: for the browser in which the citizen typed a code; null: no code was typed in a browser. */
type Sealed = { ok: true; secret: string | null } | Over | NotHabilitated;

export type ConsentResult = Sealed | MeansRefused;

export type IdentityResult = Sealed | Refused<IdentityRefusal>;

/** `waits`: it is no consent before a second member of staff has seen the paper. */
export type PaperResult =
  | { ok: true; waits: boolean }
  | Over
  | NotHabilitated
  | Refused<PaperRefusal>;

export type SendResult = { ok: true; to: CodeWay } | Over | Refused<'not_independent'> | NotSent;

/** Answers to an act that was prepared, by the citizen and by the agent who serves them. */
export interface Answering {
  /** Sends the citizen a code with which they consent to this act and nothing else. */
  sendCode(viewer: Viewer, office: Office, appointment: string, id: string): Promise<SendResult>;
  /** Consents with a code. The citizen types it, or reads it out to the official, who types it. */
  consentByCode(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
    typed: string,
  ): Promise<ConsentResult>;
  /** Records that the official heard the citizen consent. It becomes a consent only when the citizen confirms it. */
  hear(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Over>;
  /**
   * Consents with an identification that the citizen made for this act. `link`: the number of the link with which they began it: whoever had
   * a link that was replaced since consents to nothing.
   */
  consentByIdentity(
    viewer: CitizenViewer,
    office: Office,
    appointment: string,
    id: string,
    given: { identification: string; link: number },
  ): Promise<IdentityResult>;
  /** Confirms a spoken consent. The citizen does so in a browser in which they have typed a code. */
  confirm(viewer: Viewer, office: Office, appointment: string, id: string): Promise<ConsentResult>;
  /** Records that a second member of staff heard the consent too. It becomes a consent if the official has recorded the same. */
  witness(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<ConsentResult>;
  /**
   * Takes the citizen's signature on the paper that was printed for it, before the official. `code`: as it is printed there. `scan`: the id of
   * the scanned paper in the appointment's evidence, with which it is a consent; empty: none. `place`: where the paper is kept; without a scan it
   * waits for a second member of staff.
   */
  consentOnPaper(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
    given: { code: string; scan: string; place: string },
  ): Promise<PaperResult>;
  /** Consents by a signed paper that the official noted and a second member of staff saw. `code`: as they read it on the paper. */
  witnessPaper(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
    code: string,
  ): Promise<PaperResult>;
  /** Declines an act. The citizen gives no reason. */
  decline(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Over>;
  /** Withdraws an act, by a member of staff who serves the citizen. */
  withdraw(
    viewer: StaffViewer,
    office: Office,
    appointment: string,
    id: string,
  ): Promise<{ ok: true } | Over>;
}

interface Found {
  appointment: Appointment;
  act: ActRow;
  standing: Standing;
}

/** An act, and the viewer who acts on it. */
interface Given {
  viewer: Viewer;
  office: Office;
  appointment: string;
  id: string;
  /** The identification on which the act is to rely; absent: none. */
  identification?: string;
  /** The id of the document that is to be the signed paper; absent: none. */
  scan?: string;
}

const NOT_THEIRS = { ok: false, reason: 'not_found' } as const;

export function createAnswering(deps: ConsentDeps): Answering {
  const { unit } = deps;
  const code = byCode(deps.oneTimeCodes);

  return {
    ...createOnPaper(deps),
    sendCode: (viewer, office, appointment, id) =>
      sendCode(deps, { viewer, office, appointment, id }),

    consentByCode: (viewer, office, appointment, id, typed) =>
      consent(deps, { viewer, office, appointment, id }, async (each, found) => {
        if (viewer.kind === 'staff' && !isOfficial(viewer, found.act))
          return { ok: false, reason: 'ended' };
        return code.accept(each, { viewer, ...found }, typed);
      }),

    consentByIdentity: async (viewer, office, appointment, id, { identification, link }) => {
      const identity = isUuid(identification) ? await openIdentity(deps, identification) : null;
      if (!identity) return NOT_THEIRS;
      const given = { viewer, office, appointment, id, identification };
      return consent(deps, given, async (each, found) =>
        found.appointment.link === link
          ? acceptIdentity(deps, each, { viewer, ...found }, identity)
          : NOT_THEIRS,
      );
    },

    hear: (viewer, office, appointment, id) =>
      onAct(unit, { viewer, office, appointment, id }, async (each, { act }) => {
        if (!isOfficial(viewer, act)) return NOT_THEIRS;
        await setHeard(each.tx, act.id, each.now);
        await putOnTrail(each, act, 'act_heard');
        return { ok: true } as const;
      }),

    confirm: async (viewer, office, appointment, id) =>
      viewer.kind === 'citizen'
        ? consent(deps, { viewer, office, appointment, id }, (each, found) =>
            spoken.accept(each, { viewer, ...found }, null),
          )
        : NOT_THEIRS,

    witness: (viewer, office, appointment, id) =>
      consent(deps, { viewer, office, appointment, id }, async (each, found) => {
        const accepted = await witnessed.accept(each, { viewer, ...found }, null);
        if (accepted.ok) await setWitnessed(each.tx, found.act.id, each.now);
        return accepted;
      }),

    decline: async (viewer, office, appointment, id) =>
      viewer.kind === 'citizen'
        ? end(unit, { viewer, office, appointment, id }, 'declined')
        : NOT_THEIRS,

    withdraw: (viewer, office, appointment, id) =>
      end(unit, { viewer, office, appointment, id }, 'withdrawn'),
  };
}

/**
 * Runs `work` on an act of the viewer's that is still asked about. Both rows are locked, and before them the person of the identification
 * and the scan, as whoever erases a person or undoes a document does.
 */
async function onAct<T extends { ok: boolean }>(
  run: RunUnit,
  { viewer, office, appointment, id, identification, scan }: Given,
  work: (unit: Unit, found: Found) => Promise<T>,
): Promise<T | Over> {
  if (!isUuid(appointment) || !isUuid(id)) return NOT_THEIRS;
  return run(viewer, office.id, async (unit): Promise<T | Over> => {
    if (identification && !(await holdIdentification(unit, identification))) return NOT_THEIRS;
    if (scan && !(await readDocumentForUpdate(unit.tx, scan))) return NOT_THEIRS;
    const found = await lockAct(unit, appointment, id);
    if (!found) return NOT_THEIRS;
    const standing = standingOf(found.act, found.appointment.status, unit.now);
    if (standing !== 'prepared') return { ok: false, reason: 'over' };
    return work(unit, found);
  });
}

/** Runs `work` on the record of such an act, unless the official is no longer habilitated. */
function onRecord<T extends { ok: boolean }>(
  deps: ConsentDeps,
  given: Given,
  work: (unit: Unit, found: Found & { kept: Kept }) => Promise<T>,
): Promise<T | Over | NotHabilitated> {
  const { settings, timeZone } = given.office;
  return onAct(deps.unit, given, async (unit, found): Promise<T | NotHabilitated> => {
    const kept = await openRecord(deps, unit.tx, found.act);
    if (!kept) throw new Error(`Act ${found.act.id} is prepared and has no record`);
    const today = unit.now.toZonedDateTimeISO(timeZone).toPlainDate();
    if (!isStillHabilitated(settings.habilitated, kept.record.official, today))
      return { ok: false, reason: 'not_habilitated' };
    return work(unit, { ...found, kept });
  });
}

/** Takes the proof of the consent and seals it as evidence. */
function consent<R extends Refused<string>>(
  deps: ConsentDeps,
  given: Given,
  accept: (unit: Unit, found: Found & { kept: Kept }) => Promise<{ ok: true; proof: Proof } | R>,
): Promise<Sealed | R> {
  return onRecord(deps, given, async (unit, found): Promise<Sealed | R> => {
    const { appointment, act, kept } = found;
    const { tx, now } = unit;
    const accepted = await accept(unit, found);
    if (!accepted.ok) return accepted;
    const { proof } = accepted;
    const { method, code, identity, insiders, paper } = proof;
    const identification = identity?.identification ?? null;
    const scan = paper?.scan?.id ?? null;
    const record = { ...kept.record, consent: { ...proof, at: now.toString() } };
    const { sealed, hash } = await sealRecord(deps, tx, act, record);
    await setConsented(tx, act.id, { method, record: sealed, identification, scan, now });
    const data = {
      ...{ hash, method },
      ...(paper && { paper: scan ? 'scanned' : 'seen' }),
      ...(insiders.length > 0 && { insiders }),
      ...(identification && { identification }),
    };
    await tellOf(unit, { appointment, act }, 'act_consented', data);
    if (method !== 'code' || !code) return { ok: true, secret: null };
    const { channel, to: masked, setBy } = code;
    const secret = await rememberBrowser(unit, appointment, { channel, masked, setBy });
    return { ok: true, secret };
  });
}

/** The signature of the citizen on paper. */
const createOnPaper = (deps: ConsentDeps): Pick<Answering, 'consentOnPaper' | 'witnessPaper'> => ({
  async consentOnPaper(viewer, office, appointment, id, { code, scan, place }) {
    const on = { viewer, office, appointment, id };
    const found = scan ? await scanOf(deps, { ...on, id: scan }) : null;
    const isGiven = (!scan || found) && (found || place) && place.length <= LONGEST_PLACE;
    const given = { code, paper: isGiven ? { scan: found, place } : null };
    if (!found) return notePaper(deps, on, given);
    const done = await consent<Refused<PaperRefusal>>(
      deps,
      { ...on, scan },
      async ({ tx }, act) => {
        const why = whyNotSigned({ viewer, ...act }, given);
        if (why) return { ok: false, reason: why };
        if (!(await isFreeScan(tx, scan))) return { ok: false, reason: 'other_scan' };
        return { ok: true, proof: proofOnPaper({ viewer, ...act }, { scan: found, place }) };
      },
    );
    return done.ok ? { ok: true, waits: false } : done;
  },

  async witnessPaper(viewer, office, appointment, id, code) {
    const on = { viewer, office, appointment, id };
    const done = await consent<Refused<PaperRefusal>>(deps, on, async ({ tx, now }, found) => {
      const noted = await openNoted(deps, tx, found.act);
      const accepted = acceptSeen({ viewer, ...found }, { code, noted });
      if (accepted.ok) await setWitnessed(tx, found.act.id, now);
      return accepted;
    });
    return done.ok ? { ok: true, waits: false } : done;
  },
});

/** Notes that the citizen signed a paper that is kept, which a second member of staff must see. */
function notePaper(
  deps: ConsentDeps,
  on: Given,
  given: Parameters<typeof whyNotSigned>[1],
): Promise<PaperResult> {
  return onRecord(deps, on, async (unit, found): Promise<PaperResult> => {
    const why = whyNotSigned({ viewer: on.viewer, ...found }, given);
    if (why || !given.paper) return { ok: false, reason: why ?? 'no_paper' };
    const { place } = given.paper;
    const noted = { place, at: unit.now.toString() };
    await setNoted(unit.tx, found.act.id, await sealNoted(deps, unit.tx, found.act, noted));
    await putOnTrail(unit, found.act, 'act_signed');
    return { ok: true, waits: true };
  });
}

/** Returns a scan that the viewer put into the evidence and that was checked; null: there is none. */
async function scanOf(
  { documents }: Pick<ConsentDeps, 'documents'>,
  { viewer, office, appointment, id }: Given,
): Promise<Scan | null> {
  const list = (await documents.list(viewer, office, appointment)) ?? [];
  const entry = list.find((each) => each.id === id && isScanOf(viewer, each));
  const [digest] = (entry && (await documents.digest(viewer, office, appointment, [id]))) || [];
  return entry && digest ? { ...digest, madeAt: entry.madeAt } : null;
}

function end(
  run: RunUnit,
  given: Given,
  state: 'declined' | 'withdrawn',
): Promise<{ ok: true } | Over> {
  return onAct(run, given, async (unit, { appointment, act }) => {
    await setEnded(unit.tx, act.id, state, unit.now);
    await dropKeys(unit, appointment.id);
    await tellOf(unit, { appointment, act }, `act_${state}`);
    return { ok: true } as const;
  });
}

async function sendCode(
  { unit, oneTimeCodes }: Pick<ConsentDeps, 'unit' | 'oneTimeCodes'>,
  given: Given,
): Promise<SendResult> {
  const found = await onAct(unit, given, async (each, { act, appointment, standing }) => {
    if (couldBeCitizen(act.preparedBy, standing))
      return { ok: false, reason: 'not_independent' } as const;
    if (each.viewer.kind === 'staff') await putOnTrail(each, act, 'act_code_sent');
    return { ok: true, appointment } as const;
  });
  return found.ok ? oneTimeCodes.send(found.appointment, `act ${given.id}`) : found;
}

/** Whether a viewer is the official who prepared the act: only that official hears the consent or types its code. */
const isOfficial = (viewer: Viewer, { preparedBy }: ActRow): boolean =>
  actorOf(viewer) === preparedBy;

/** Locks an appointment and its act, in this order; null: they are not this viewer's. */
async function lockAct(unit: Unit, appointment: string, id: string): Promise<Found | null> {
  const { tx, viewer } = unit;
  const found = await lockAppointment(tx, appointment);
  const events = viewer.kind === 'staff' ? await readEvents(tx, appointment) : [];
  if (!found || !isTheirs(viewer, found, events)) return null;
  const act = await readActForUpdate(tx, appointment, id);
  if (!act) return null;
  const standing = await readStanding(tx, found, unit.now);
  return { appointment: found, act, standing };
}
