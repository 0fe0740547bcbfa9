import type { Context } from '../../context.ts';
import { formSchema } from '../../domain/form/schema.ts';
import type { Office } from '../../domain/office/types.ts';
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

/** Begins a case of a form with a file that is signed, as somebody identified. The form that was there before is published again. */
export async function beginSigned(
  context: Context,
  office: Office,
  procedure: string,
): Promise<{ id: string; holder: ApplicantViewer }> {
  const { forms, cases } = context;
  const before = await forms.current(office, procedure);
  const operator = { kind: 'system', why: 'operator' } as const;
  const question = { id: 'planol', type: 'file', label: { ca: 'Plànol' } };
  const form = formSchema.parse({
    procedure,
    sign: 'valid',
    steps: [{ id: 'local', questions: [question] }],
  });
  await forms.publish(operator, office, form);
  const as = await applicantAs(context, '87654321X');
  const id = await cases.begin(as(''), office, { procedure, door: 'online', language: 'ca' });
  if (!id) throw new Error('No case was begun');
  if (before) await forms.publish(operator, office, before.form);
  return { id, holder: as(id) };
}

/** Signs a case by the stand-in of a demonstration, by which it is handed in. */
export async function signAsDemo(
  { signatures }: Context,
  office: Office,
  holder: ApplicantViewer,
): Promise<void> {
  const what = { way: 'valid', language: 'ca', cookie: '' } as const;
  const begun = await signatures.begin(holder, office, holder.case, what);
  if (!begun.ok) throw new Error(begun.reason);
  const state = new URL(begun.url).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ state, answer: 'sign' });
  const url = new URL(`http://localhost/signature/return?${query}`);
  const done = await signatures.answer(url, begun.cookie.split(';')[0] ?? '');
  if (done.kind !== 'back' || !done.isHandedIn) throw new Error('It was not signed');
}
