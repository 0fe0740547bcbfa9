import type { FileAnswer } from './answers/things.ts';
import { type Answers, answerAt, groupOf } from './applied.ts';
import type { GroupQuestion, QuestionOf } from './questions.ts';
import type { Form } from './schema.ts';

/** A file among the answers of a form. */
export interface FileAt {
  /** The name of its question: `local.planol`, or `llar.persones.dni` of a thing of a group. */
  name: string;
  /** The place of the answer that it is in: `['llar', 'persones', 0, 'dni']`. */
  path: readonly (string | number)[];
  file: FileAnswer;
}

/** Returns the files among answers, in the order of the form. */
export function filesIn({ steps }: Pick<Form, 'steps'>, answers: Answers): FileAt[] {
  const found: FileAt[] = [];
  const add = (name: string, path: FileAt['path'], given: unknown) => {
    if (Array.isArray(given))
      for (const file of given as FileAnswer[]) found.push({ name, path, file });
  };
  for (const step of steps)
    for (const question of step.questions) {
      const given = answerAt(groupOf(answerAt(answers, step.id)), question.id);
      const name = `${step.id}.${question.id}`;
      if (question.type === 'file') add(name, [step.id, question.id], given);
      if (question.type !== 'group' || !Array.isArray(given)) continue;
      for (const [at, item] of given.entries())
        for (const { id } of question.questions.filter(isForFiles))
          add(`${name}.${id}`, [step.id, question.id, at, id], answerAt(groupOf(item), id));
    }
  return found;
}

/** Returns the question for files of a name, such as `local.planol` or `llar.persones.dni`; null: there is none. */
export function fileQuestion(
  { steps }: Pick<Form, 'steps'>,
  name: string,
): QuestionOf<'file'> | null {
  const [stepId, id, inner] = name.split('.');
  const question = steps
    .find((each) => each.id === stepId)
    ?.questions.find((each) => each.id === id);
  if (question?.type !== 'group') return question?.type === 'file' && !inner ? question : null;
  const within = question.questions.find((each) => each.id === inner);
  return within?.type === 'file' ? within : null;
}

/** Returns all questions for files of a form. */
export const fileQuestions = ({ steps }: Pick<Form, 'steps'>): QuestionOf<'file'>[] =>
  steps
    .flatMap(({ questions }) => questions)
    .flatMap((each) => (each.type === 'group' ? each.questions : [each]))
    .filter(isForFiles);

const isForFiles = (
  question: GroupQuestion | Form['steps'][number]['questions'][number],
): question is QuestionOf<'file'> => question.type === 'file';
