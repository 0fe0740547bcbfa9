import { type Known, type Prefilled, prefilled } from '../../../domain/form/prefilled.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { CitizenSession } from '../../../features/foundation/identification/types.ts';
import type { Filling } from './filling.ts';

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

/**
 * Returns the answers of a page with what is known filled in, and where it came from. What somebody answered or emptied before stays so: it is
 * filled in on the page only, and kept when they go on from it.
 */
export function filledIn({ visit, form, context, opened, answers }: Filling): Prefilled {
  const { hands } = opened.corrections ?? opened.draft;
  const { answers: filled, from } = prefilled(
    asOpen(form, hands),
    answers,
    knownOf(visit.session),
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
