import type { FormPage } from '../../../domain/form/pages.ts';
import { type Known, type Prefilled, prefilled } from '../../../domain/form/prefilled.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { isEnough } from '../../../domain/identity.ts';
import { knownOfResident } from '../../../domain/residence/prefill.ts';
import type { CitizenSession } from '../../../features/foundation/identification/types.ts';
import { RegisterSilent } from '../../../features/foundation/residents/types.ts';
import { type Filling, type FormDeps, questionsOn } from './filling.ts';

/** The schemes of the NIF of a person. */
const NIFS: ReadonlySet<string> = new Set(['dni', 'nie']);

/**
 * Returns what the provider of identities said of whoever is identified. Of an organisation it is what its representative's certificate has. Of another
 * `represented` person it is their name alone: what is known of whoever acts for them is not theirs.
 */
export function knownOf(session: CitizenSession | null, represented: string | null = null): Known {
  if (!session) return {};
  if (represented) return { 'identity.name': represented, 'represented.name': represented };
  const { id, name, represents } = session;
  return {
    'identity.name': name.full || undefined,
    'identity.nif': NIFS.has(id.scheme) ? id.identifier : undefined,
    'represented.name': represents?.name || undefined,
    'represented.nif': represents?.identifier,
  };
}

/** The level at which the register is asked: it tells where somebody lives. */
const REGISTER_LEVEL = 'substantial';

/**
 * Returns a page's form with what the register of inhabitants has, where the page asks for something of it that nobody has answered. It is asked
 * of whoever is identified for themselves, and each look is on the trail.
 */
export async function withRegister(
  { residents }: Pick<FormDeps, 'residents'>,
  filling: Filling,
  page: FormPage,
): Promise<Filling> {
  const { session, viewer, office, found } = filling.visit;
  if (!session || session.represents || session.acting) return filling;
  // A page that asks by itself what is new keeps what was filled in on it (src/islands/four-hands/merge.ts).
  if (filling.visit.c.req.header('X-Refresh') !== undefined) return filling;
  const asks = asksFor(filling, page, 'padro.');
  if (!asks || filling.amends || !isEnough(session.level, REGISTER_LEVEL)) return filling;
  const about = { case: found.id, extent: 'person', isAsked: false } as const;
  try {
    const looked = await residents.find(viewer, office.id, about, session.id);
    return { ...filling, register: knownOfResident(looked, session.name.full) };
  } catch (error) {
    // They write it themselves, as everybody does of whom the register has nothing.
    if (error instanceof RegisterSilent) return filling;
    throw error;
  }
}

/** Returns a page's form with what its person gave when they booked an appointment, where the page asks for it and nobody has answered. */
export async function withContact(
  { cases }: Pick<FormDeps, 'cases'>,
  filling: Filling,
  page: FormPage,
): Promise<Filling> {
  const { viewer, office, found, session } = filling.visit;
  // Whoever acts for another person is not that person.
  if (session?.represents || session?.acting) return filling;
  if (filling.amends || !asksFor(filling, page, 'contact.')) return filling;
  const booked = await cases.bookedContact(viewer, office, found.id);
  const contact = booked && {
    'contact.name': booked.name ?? undefined,
    'contact.email': booked.email ?? undefined,
    'contact.phone': booked.phone ?? undefined,
  };
  return contact ? { ...filling, contact } : filling;
}

/** Returns a page's form with the documents of its person's appointments, where the page asks for files. */
export async function withSpaces(
  { cases }: Pick<FormDeps, 'cases'>,
  filling: Filling,
  page: FormPage,
): Promise<Filling> {
  const { viewer, office, found } = filling.visit;
  const asks = questionsOn(filling, page).some(({ question }) => question.type === 'file');
  if (!asks || viewer.kind !== 'applicant') return filling;
  return { ...filling, spaces: await cases.inSpaces(viewer, office, found.id) };
}

/** Returns whether a page asks for something of a source that nobody has answered. */
function asksFor(filling: Filling, page: FormPage, source: string): boolean {
  const { hands } = filling.opened.draft;
  return questionsOn(filling, page).some(
    ({ name, question }) =>
      'from' in question && question.from?.startsWith(source) && !(name in hands),
  );
}

/**
 * Returns the answers of a page with what is known filled in, and where it came from. What somebody answered or emptied before stays so: it is
 * filled in on the page only, and kept when they go on from it.
 */
export function filledIn(filling: Filling): Prefilled {
  const { visit, form, context, opened, answers, register, contact } = filling;
  const { hands } = opened.corrections ?? opened.draft;
  const { answers: filled, from } = prefilled(
    asOpen(form, hands),
    answers,
    { ...knownOf(visit.session, visit.represented), ...register, ...contact },
    context,
  );
  return { answers: filled, from };
}

/** Returns a form in which nothing is filled in that somebody has answered. */
const asOpen = (form: Form, hands: Readonly<Record<string, unknown>>): Form => ({
  ...form,
  steps: form.steps.map((step) => ({
    ...step,
    questions: step.questions.map((question) => {
      if (!('from' in question) || !(`${step.id}.${question.id}` in hands)) return question;
      const { from: _, ...rest } = question;
      return rest as typeof question;
    }),
  })),
});
