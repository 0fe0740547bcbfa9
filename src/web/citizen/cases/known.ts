import type { FormPage } from '../../../domain/form/pages.ts';
import { type Known, type Prefilled, prefilled } from '../../../domain/form/prefilled.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { isEnough } from '../../../domain/identity.ts';
import { knownOfResident } from '../../../domain/residence/prefill.ts';
import type { CitizenSession } from '../../../features/foundation/identification/types.ts';
import { type Filling, type FormDeps, questionsOn } from './filling.ts';

/** The schemes of the NIF of a person. */
const NIFS: ReadonlySet<string> = new Set(['dni', 'nie']);

/** Returns what the provider of identities said of whoever is identified. Of an organisation it is what its representative's certificate has. */
export function knownOf(session: CitizenSession | null): Known {
  if (!session) return {};
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
  const { hands } = filling.opened.draft;
  const asks = questionsOn(filling, page).some(
    ({ name, question }) =>
      'from' in question && question.from?.startsWith('padro.') && !(name in hands),
  );
  if (!asks || filling.amends || !isEnough(session.level, REGISTER_LEVEL)) return filling;
  const looked = await residents.find(viewer, office.id, { case: found.id }, session.id);
  return { ...filling, register: knownOfResident(looked, session.name.full) };
}

/**
 * Returns the answers of a page with what is known filled in, and where it came from. What somebody answered or emptied before stays so: it is
 * filled in on the page only, and kept when they go on from it.
 */
export function filledIn(filling: Filling): Prefilled {
  const { visit, form, context, opened, answers, register } = filling;
  const { hands } = opened.corrections ?? opened.draft;
  const { answers: filled, from } = prefilled(
    asOpen(form, hands),
    answers,
    { ...knownOf(visit.session), ...register },
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
