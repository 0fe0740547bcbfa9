import type { Context } from '../../context.ts';
import { formSchema } from '../../domain/form/schema.ts';
import type { Office } from '../../domain/office/types.ts';
import { PARTNERS } from '../../features/service/cases/testing.ts';
import type { ApplicantViewer } from '../../lib/viewer.ts';
import { identified } from './identification.ts';

/** Identifies somebody, and returns them as the applicant of a case. */
export async function applicantAs(
  context: Context,
  identifier: string,
): Promise<(id: string) => ApplicantViewer> {
  const identification = await identified(context, identifier);
  const { person } = (await context.identification.of(identification))!;
  return (id) => ({
    kind: 'applicant',
    case: id,
    identified: { person, identification, level: 'substantial' },
  });
}

/** What a form has more where somebody else must sign it, too. */
const COSIGNED = {
  identity: 'low',
  cosigners: { of: 'local.socis', name: 'nom', nif: 'nif', state: 'socis' },
  states: {
    names: { socis: { ca: 'Socis' } },
    transitions: [
      { from: 'socis', to: 'registered', who: 'cosigners' },
      { from: 'registered', to: 'in-review', who: 'office' },
      { from: 'in-review', to: 'granted', who: 'office' },
    ],
  },
};
/**
 * Begins a case of a form with a file that is signed, as somebody identified. The form that was there before is published again. `cosigner`: the DNI or
 * NIE of somebody else who must sign it.
 */
export async function beginSigned(
  context: Context,
  office: Office,
  procedure: string,
  cosigner: string | null = null,
): Promise<{ id: string; holder: ApplicantViewer }> {
  const { forms, cases } = context;
  const before = await forms.current(office, procedure);
  const operator = { kind: 'system', why: 'operator' } as const;
  const question = { id: 'planol', type: 'file', label: { ca: 'Plànol' } };
  const form = formSchema.parse({
    procedure,
    sign: 'valid',
    ...(cosigner && COSIGNED),
    steps: [
      { id: 'local', questions: [question, ...(cosigner ? [{ ...PARTNERS, id: 'socis' }] : [])] },
    ],
  });
  await forms.publish(operator, office, form);
  const as = await applicantAs(context, '87654321X');
  const id = await cases.begin(as(''), office, { procedure, door: 'online', language: 'ca' });
  if (!id) throw new Error('No case was begun');
  if (before) await forms.publish(operator, office, before.form);
  if (cosigner) {
    const answers = { 'local.socis': [{ nom: 'Jordi', nif: cosigner }] };
    await cases.answer(as(id), office, id, answers);
  }
  return { id, holder: as(id) };
}

/** Signs a case by the stand-in of a demonstration, by which it is handed in. */
export async function signAsDemo(
  { signatures }: Context,
  office: Office,
  holder: ApplicantViewer,
): Promise<void> {
  const what = { way: 'valid', language: 'ca', cookie: '' } as const;
  const done = await signed(signatures, await signatures.begin(holder, office, holder.case, what));
  if (done.kind !== 'back' || !done.isHandedIn) throw new Error('It was not signed');
}

/** Signs what was handed in as somebody else who must, by the stand-in of a demonstration. Returns who they are in the case. */
export async function cosignAsDemo(
  context: Context,
  office: Office,
  { holder, signer }: { holder: ApplicantViewer; signer: string },
): Promise<string> {
  const { cases, cosigning, identification, signatures } = context;
  const [of] = (await cosigning.ofCase(holder, office, holder.case)) ?? [];
  const opened = await cases.open(holder, office, holder.case);
  const theirs = await identified(context, signer);
  const { person } = (await identification.of(theirs))!;
  const hash = opened?.case.recordHash ?? '';
  const viewer = { kind: 'person', person, level: 'substantial', identification: theirs } as const;
  const id = of?.id ?? '';
  const what = { way: 'valid', language: 'ca', cookie: '', hash } as const;
  const done = await signed(signatures, await signatures.beginCosigning(viewer, office, id, what));
  if (done.kind !== 'back' || done.failure) throw new Error('It was not signed, too');
  return id;
}

/** Signs on the page of the stand-in. */
async function signed(
  signatures: Context['signatures'],
  begun: { ok: true; url: string; cookie: string } | { ok: false; reason: string },
) {
  if (!begun.ok) throw new Error(begun.reason);
  const state = new URL(begun.url).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ state, answer: 'sign' });
  const url = new URL(`http://localhost/signature/return?${query}`);
  return signatures.answer(url, begun.cookie.split(';')[0] ?? '');
}
