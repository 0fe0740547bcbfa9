import { checkFiles, type FileAnswer } from '../../../../domain/form/answers/things.ts';
import { type Answers, answerAt, groupOf } from '../../../../domain/form/applied.ts';
import { type FileAt, fileQuestion, filesIn } from '../../../../domain/form/files.ts';
import type { QuestionOf } from '../../../../domain/form/questions.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { AnswerMistake } from '../../../../domain/form/validate.ts';
import { type ApplicantViewer, staffIn, type Viewer } from '../../../../lib/viewer.ts';
import { isKept } from '../../documents/rules.ts';
import type { CasePaper } from '../../documents/types.ts';
import { opensTo } from '../access.ts';
import { itemsOf } from '../rules.ts';
import type { Case, Change, Draft, PaperAt } from '../types.ts';

/**
 * Whether a viewer of a case may open its papers: staff, the identified person whose case it is, and whoever acts for that person or organisation
 * in it. What nobody identified for opens to nobody on-line: its link, and whoever identifies with it later, see the names of its files alone.
 */
export const opensPapers = (
  viewer: Viewer,
  of: Pick<Case, 'level' | 'person' | 'representation'>,
): boolean => {
  if (viewer.kind === 'staff') return true;
  return (
    viewer.kind === 'applicant' && of.level !== 'none' && of.person !== null && opensTo(viewer, of)
  );
};

/**
 * Whether an applicant may bring the papers of a draft to an appointment of theirs, where its documents open to them: whoever may open them, and
 * the citizen with whom an official began the draft at that very appointment. Whoever has only the link of another draft can book an appointment
 * about it, and is the citizen of that one.
 */
export const bringsPapers = (
  viewer: ApplicantViewer,
  of: Pick<Case, 'level' | 'person' | 'representation' | 'openedBy' | 'citizenOf'>,
  appointment: string,
): boolean =>
  opensPapers(viewer, of) ||
  (!!viewer.proof && staffIn(of.openedBy) !== null && of.citizenOf === appointment);

/** Returns the files that answer a question; null: the thing of the group is gone. */
export function filesAt(answers: Answers, { question, item }: PaperAt): FileAnswer[] | null {
  const [step = '', id = '', inner] = question.split('.');
  if (inner === undefined) return listOf(answerAt(groupOf(answerAt(answers, step)), id));
  const found = itemsOf(answers, `${step}.${id}`).find(({ key }) => key === item);
  return found ? listOf(answerAt(found.item, inner)) : null;
}

const listOf = (given: unknown): FileAnswer[] =>
  Array.isArray(given) ? (given as FileAnswer[]) : [];

/** Returns what is wrong with adding a file to others; empty: nothing. */
export function slipsOf(
  question: QuestionOf<'file'>,
  there: readonly FileAnswer[],
  file: FileAnswer,
): Pick<AnswerMistake, 'key' | 'values'>[] {
  // What was there may be of a kind that the form took before: only the new one is judged.
  const alone = checkFiles(question, [file]);
  const others = there.map((each) => ({ ...each, kind: file.kind, bytes: 1 }));
  const checked = alone.ok ? checkFiles(question, [...others, file]) : alone;
  return checked.ok ? [] : checked.slips.map(({ key, values = {} }) => ({ key, values }));
}

/** Returns a change without files that the answers did not have: those come in by `addPaper` alone, which has seen their bytes. */
export function withoutNewFiles(
  form: Pick<Form, 'steps'>,
  { answers }: Pick<Draft, 'answers'>,
  change: Change,
): Change {
  const known = new Map(filesIn(form, answers).map(({ file }) => [file.document, file]));
  const onlyKnown = (given: unknown) =>
    Array.isArray(given) ? given.flatMap((each) => known.get(each?.document) ?? []) : given;
  const changed = Object.entries(change).map(([name, value]) => {
    if (fileQuestion(form, name)) return [name, onlyKnown(value)];
    const inner = filesWithin(form, name);
    if (inner.length === 0 || !Array.isArray(value)) return [name, value];
    return [name, value.map((item) => withFiles(item, inner))];
  });
  return Object.fromEntries(changed);

  function withFiles(item: unknown, inner: readonly string[]): unknown {
    const of = groupOf(item);
    const files = inner.filter((id) => Object.hasOwn(of, id)).map((id) => [id, onlyKnown(of[id])]);
    return { ...of, ...Object.fromEntries(files) };
  }
}

/** Returns the ids of the questions for files of a group; empty: it is no group, or has none. */
const filesWithin = ({ steps }: Pick<Form, 'steps'>, name: string): string[] => {
  const [step, id] = name.split('.');
  const group = steps.find((each) => each.id === step)?.questions.find((each) => each.id === id);
  if (group?.type !== 'group') return [];
  return group.questions.filter(({ type }) => type === 'file').map((each) => each.id);
};

/** Returns what is wrong with papers that are to be handed in: refused by their check, or not there. */
export function paperMistakes(
  files: readonly FileAt[],
  papers: readonly CasePaper[],
): AnswerMistake[] {
  return files.flatMap(({ name, path, file }): AnswerMistake[] => {
    const paper = papers.find(({ id }) => id === file.document);
    const values = { name: file.name };
    if (!paper || paper.state === 'receiving' || paper.size !== file.bytes)
      return [{ name, path, key: 'case.paper.lost', values }];
    return isKept(paper.state) ? [] : [{ name, path, key: 'case.paper.refused', values }];
  });
}

/**
 * How long somebody waits for the check of a paper before it is handed in. After that it is handed in unchecked: a check that is late must not
 * make anybody miss a term. Nobody opens it before it was checked.
 */
export const WAIT_SECONDS = 120;

/** Returns the first paper whose check is still waited for; null: none. */
export const awaited = (
  files: readonly FileAt[],
  papers: readonly CasePaper[],
  now: Temporal.Instant,
): CasePaper | null =>
  papers.find(
    ({ id, state, stateAt }) =>
      state === 'checking' &&
      now.since(stateAt).total('seconds') < WAIT_SECONDS &&
      files.some(({ file }) => file.document === id),
  ) ?? null;
