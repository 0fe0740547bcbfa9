import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Signatures } from '../../../features/service/signatures/service.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { identified } from '../identification.ts';
import type { Scenario, World } from './world.ts';

const OPERATOR = { kind: 'system', why: 'operator' } as const;

const FORM = formSchema.parse({
  procedure: 'volant-padro',
  sign: 'valid',
  steps: [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }],
});

interface Filled {
  id: string;
  viewer: ApplicantViewer;
  office: Office;
  signatures: Signatures;
}

/** A case that is to be signed. */
async function filled(world: World): Promise<Filled> {
  const { context } = world;
  const { forms, cases, signatures, identification } = context;
  const office = await world.office();
  await forms.publish(OPERATOR, office, FORM);
  const found = await identified(context, '12345678Z');
  const { person } = (await identification.of(found))!;
  const as = (id: string): ApplicantViewer => ({
    kind: 'applicant',
    case: id,
    identified: { person, identification: found, level: 'substantial' },
  });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(as(''), office, what))!;
  return { id, viewer: as(id), office, signatures };
}

const begin = ({ signatures, viewer, office, id }: Filled) =>
  signatures.begin(viewer, office, id, { way: 'valid', language: 'ca', cookie: '' });

/** A case whose person is where they sign. Returns what comes back. */
async function signing(world: World, answer: 'sign' | 'cancel') {
  const on = await filled(world);
  const begun = await begin(on);
  if (!begun.ok) throw new Error(begun.reason);
  const state = new URL(begun.url).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ state, answer });
  const url = new URL(`http://localhost/signature/return?${query}`);
  const cookie = begun.cookie.split(';')[0] ?? '';
  return { ...on, take: () => on.signatures.answer(url, cookie) };
}

/** What happens before anything of the answer is recorded. */
const ANSWERED = {
  besides: {
    tables: ['public.case_signature'],
    why: 'That somebody came back is noted first, since the provider’s answer can be used once. Whoever sees no signature signs again.',
  },
};

/** What is done with signatures of cases. */
export const SIGNATURES = {
  signature_begun: {
    'by the citizen': async (world) => {
      const on = await filled(world);
      return () => begin(on);
    },
  },
  signature_made: {
    'by the citizen': async (world) => {
      const { take } = await signing(world, 'sign');
      const { take: again } = await signing(world, 'sign');
      return { act: take, again, ...ANSWERED };
    },
  },
  signature_failed: {
    'by the citizen': async (world) => {
      const { take } = await signing(world, 'cancel');
      const { take: again } = await signing(world, 'cancel');
      return { act: take, again, ...ANSWERED };
    },
  },
  signature_read: {
    'by an administrator': async (world) => {
      const { take, signatures, office, id } = await signing(world, 'sign');
      await take();
      return () => signatures.file(world.staff('administrator'), office, id, 'signature');
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
