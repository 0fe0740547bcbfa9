import { type Answers, answerAt, groupOf } from './applied.ts';
import type { Form } from './schema.ts';
import type { AnswerMistake } from './validate.ts';

/** Somebody else who must sign what is handed in. */
export interface Cosigner {
  name: string;
  /** Their DNI or NIE. */
  nif: string;
  email: string | null;
}

/** Returns who else must sign answers that were checked, in their order. Nobody signs twice: each identifier counts once. */
export function cosignersIn({ cosigners }: Pick<Form, 'cosigners'>, answers: Given): Cosigner[] {
  if (!cosigners) return [];
  const all = itemsIn({ cosigners }, answers).map((item): Cosigner => {
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

type Given = Answers | Readonly<Record<string, unknown>>;

/** Returns what was answered of each of them. */
function itemsIn({ cosigners }: Pick<Form, 'cosigners'>, answers: Given) {
  const [step = '', question = ''] = cosigners?.of.split('.') ?? [];
  const items = answerAt(groupOf(answerAt(answers as Answers, step)), question);
  return Array.isArray(items) ? items : [];
}

/** Returns what is wrong where whoever applies names themselves: they sign by handing it in. `own`: their identifier; null: it isn't known. */
export function selfNamed(
  { cosigners }: Pick<Form, 'cosigners'>,
  answers: Given,
  own: string | null,
): AnswerMistake[] {
  if (!cosigners || own === null) return [];
  const { of, nif } = cosigners;
  return itemsIn({ cosigners }, answers).flatMap((item, nth): AnswerMistake[] => {
    if (answerAt(groupOf(item), nif) !== own) return [];
    const path = [...of.split('.'), nth, nif];
    return [{ name: `${of}.${nif}`, path, key: 'form.error.cosigner', values: {} }];
  });
}
