import { type Answers, answerAt, groupOf } from './applied.ts';
import type { Form } from './schema.ts';

/** Somebody else who must sign what is handed in. */
export interface Cosigner {
  name: string;
  /** Their DNI or NIE. */
  nif: string;
  email: string | null;
}

/** Returns who else must sign answers that were checked, in their order. Nobody signs twice: each identifier counts once. */
export function cosignersIn(
  { cosigners }: Pick<Form, 'cosigners'>,
  answers: Answers | Readonly<Record<string, unknown>>,
): Cosigner[] {
  if (!cosigners) return [];
  const [step = '', question = ''] = cosigners.of.split('.');
  const items = answerAt(groupOf(answerAt(answers as Answers, step)), question);
  const all = (Array.isArray(items) ? items : []).map((item): Cosigner => {
    const text = (id: string) => {
      const answer = answerAt(groupOf(item), id);
      return typeof answer === 'string' ? answer : '';
    };
    return {
      name: text(cosigners.name),
      nif: text(cosigners.nif),
      email: (cosigners.email && text(cosigners.email)) || null,
    };
  });
  return all.filter(({ nif }, nth) => all.findIndex((each) => each.nif === nif) === nth);
}
