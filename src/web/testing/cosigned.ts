import type { Context } from '../../context.ts';
import { formSchema } from '../../domain/form/schema.ts';
import type { Office } from '../../domain/office/types.ts';
import { COSIGNED, PARTNERS } from '../../features/service/cases/testing.ts';
import type { PersonViewer } from '../../lib/viewer.ts';
import { identified } from './identification.ts';
import { applicantAs, signAsDemo } from './signed.ts';

/** A form that somebody else must sign, too. */
const formOf = (procedure: string, sign: 'session' | 'valid') =>
  formSchema.parse({
    procedure,
    identity: 'low',
    sign,
    ...COSIGNED,
    steps: [{ id: 'socis', questions: [PARTNERS] }],
  });

/** Somebody who must sign what another person handed in, identified as the one who must. */
export interface ToSign {
  id: string;
  secret: string;
  /** SHA-256 of what they sign, in hexadecimal. */
  hash: string;
  viewer: PersonViewer;
}

/** Hands in a case that somebody else must sign. The form that was published before stays. `signer`: their DNI or NIE. `sign`: how. */
export async function handInToCosign(
  context: Context,
  office: Office,
  procedure: string,
  signer = '00000001R',
  sign: 'session' | 'valid' = 'session',
): Promise<ToSign> {
  const { forms, cases, cosigning, identification } = context;
  const before = await forms.current(office, procedure);
  const operator = { kind: 'system', why: 'operator' } as const;
  await forms.publish(operator, office, formOf(procedure, sign));
  const as = await applicantAs(context, '00000023T');
  const id = await cases.begin(as(''), office, { procedure, door: 'online', language: 'ca' });
  if (!id) throw new Error('No case was begun');
  await cases.answer(as(id), office, id, { 'socis.qui': [{ nom: 'Jordi', nif: signer }] });
  if (sign === 'valid') await signAsDemo(context, office, as(id));
  else {
    const done = await cases.handIn(as(id), office, id);
    if (!done.ok) throw new Error(done.reason);
  }
  if (before) await forms.publish(operator, office, before.form);
  const [cosigner] = (await cosigning.ofCase(as(id), office, id)) ?? [];
  const theirs = await identified(context, signer);
  const { person: them } = (await identification.of(theirs))!;
  const viewer = {
    kind: 'person',
    person: them,
    level: 'substantial',
    identification: theirs,
  } as const;
  const opened = await cases.open(as(id), office, id);
  return {
    id: cosigner?.id ?? '',
    secret: cosigning.secretOf(cosigner?.id ?? ''),
    hash: opened?.case.recordHash ?? '',
    viewer,
  };
}
