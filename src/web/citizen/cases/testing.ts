import { checkAnswer } from '../../../domain/form/answers/check.ts';
import { type Written, writtenAnswer } from '../../../domain/form/answers/written.ts';
import type { FormContext } from '../../../domain/form/applied.ts';
import type { GroupQuestion, Question } from '../../../domain/form/questions.ts';
import { type Form, formSchema } from '../../../domain/form/schema.ts';
import { randomAnswer } from '../../../domain/form/testing/random-citizen.ts';
import { type Chance, chanceFrom, randomForm } from '../../../domain/form/testing/random-form.ts';
import type { Page, TestTown } from '../testing.ts';

export const OPERATOR = { kind: 'system', why: 'operator' } as const;

/** The procedure with which tests publish forms. */
export const PROCEDURE = 'volant-padro';
export const APPLY = `/ca/oac/${PROCEDURE}/apply`;

/** Returns a form from what its file has. */
export const formOf = (written: object): Form =>
  formSchema.parse({ procedure: PROCEDURE, ...written });

/** Publishes a form in the office of the tests. */
export async function publish({ deps }: TestTown, form: Form): Promise<void> {
  const office = (await deps.offices.find('oac'))!;
  const done = await deps.forms.publish(OPERATOR, office, form);
  if (!done.ok) throw new Error(done.reason);
}

type FileOf = Record<string, unknown>;

/** Returns a random form that can be finished on-line: it asks for texts instead of files, and costs nothing. */
export function randomOnlineForm(seed: number): Form {
  const { fee: _, ...written } = randomForm(chanceFrom(seed));
  const plain = (question: FileOf): FileOf => {
    const { most: __, ...rest } = question;
    if (question['type'] === 'file') return { ...rest, type: 'text' };
    if (question['type'] !== 'group') return question;
    return { ...question, questions: (question['questions'] as FileOf[]).map(plain) };
  };
  const steps = (written['steps'] as FileOf[]).map((step) => ({
    ...step,
    questions: (step['questions'] as FileOf[]).map(plain),
  }));
  return formOf({ ...written, steps, procedure: PROCEDURE });
}

/** Returns the texts of an address, without what HTML writes otherwise. */
const unescaped = (text: string): string => text.replaceAll('&amp;', '&');

/** Returns the address of the link whose element has these words at its end. */
export function linkTo(html: string, pattern: RegExp): string | null {
  for (const [, href = '', words = ''] of html.matchAll(
    /<a [^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g,
  ))
    if (pattern.test(words)) return unescaped(href);
  return null;
}

/** Returns the names of the fields of the page's own form. */
export const fieldsIn = (html: string): string[] => [
  ...new Set(
    [...html.matchAll(/<(?:input|textarea|select)[^>]* name="(q-[^"]+)"/g)].map(
      (each) => each[1] ?? '',
    ),
  ),
];

/** Returns the address that the page's form is sent to. */
export const actionIn = (html: string): string =>
  unescaped(/<form class="form" action="([^"]+)" method="post"/.exec(html)?.[1] ?? '');

/** What a citizen answered, by step, question, and where there is one, item and question. */
export type Given = Map<string, unknown>;

const MOST_PAGES = 500;

/**
 * Fills in a form page by page, as its pages and nothing else lead: a citizen who answers at random, goes wrong at times, and adds and removes
 * things. Returns what they answered last, and the address of the case. @throws Error when a page leads nowhere
 */
export async function walk(
  town: TestTown,
  form: Form,
  chance: Chance,
  look: (page: Page) => Promise<void> | void = () => {},
): Promise<{ given: Given; secret: string; pages: number }> {
  const given: Given = new Map();
  const began = await town.post(APPLY, {});
  const secret = began.path.split('/')[3] ?? '';
  const overview = await town.get(began.path);
  let path = linkTo(overview.html, /primera pregunta/) ?? '';
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await town.get(path);
    if (page.status === 303) {
      path = page.path;
      continue;
    }
    await look(page);
    if (page.status !== 200) throw new Error(`${path}: ${page.status}`);
    if (path.endsWith('/check')) {
      const missing = linkTo(page.html, /primera que falta/);
      const seen = /name="seen" value="(\d+)"/.exec(page.html)?.[1] ?? '';
      const done = missing ? null : await town.post(path, { seen });
      if (done?.path.endsWith('/done')) return { given, secret, pages };
      path = missing ?? '';
      if (!path) throw new Error('The check leads nowhere');
      continue;
    }
    path = await answerPage(town, { form, chance, page, path, given });
  }
  throw new Error('The citizen never gets to the end');
}

interface At {
  form: Form;
  chance: Chance;
  page: Page;
  path: string;
  given: Given;
}

const CONTEXT: FormContext = { today: Temporal.PlainDate.from('2026-11-25'), language: 'ca' };

/** Answers one page, until it leads on. Returns where it leads. */
async function answerPage(town: TestTown, at: At): Promise<string> {
  const { chance, page, path } = at;
  const action = actionIn(page.html);
  if (!action) throw new Error(`${path} has no form`);
  if (/name="add"|id="items"/.test(page.html)) return answerList(town, at, action);
  const item = /name="item" value="([^"]*)"/.exec(page.html)?.[1];
  // Now and then nothing is answered, which is right only where nothing must be.
  if (chance.often(15)) await town.post(action, item ? { item } : {});
  let now = at;
  for (let tried = 0; tried < 20; tried++) {
    const fields = { ...fill(now), ...(item && { item }) };
    const answer = await town.post(action, fields);
    if (answer.status === 303) return answer.path;
    // Answers may have made more questions appear on the page.
    now = { ...at, page: answer };
    if (answer.status !== 200 && answer.status !== 422)
      throw new Error(`${path}: ${answer.status}`);
  }
  throw new Error(`${path} takes no answer`);
}

/** Adds to a group, takes away from it, and goes on. */
async function answerList(
  town: TestTown,
  { chance, page, path }: At,
  action: string,
): Promise<string> {
  const items = [...page.html.matchAll(/name="remove" value="([^"]+)"/g)].map(
    (each) => each[1] ?? '',
  );
  const [first] = items;
  if (first && chance.often(10)) return (await town.post(action, { remove: first })).path;
  const canAdd = page.html.includes('name="add"');
  if (canAdd && (items.length === 0 ? chance.often(60) : chance.often(25)))
    return (await town.post(action, { add: 'yes' })).path;
  const answer = await town.post(action, {});
  if (answer.status === 303) return answer.path;
  const [, problems = ''] = /<ul id="problems">([\s\S]*?)<\/ul>/.exec(answer.html) ?? [];
  const mend = /href="(\/[^"]+)"/.exec(problems)?.[1];
  if (mend) return unescaped(mend);
  if (canAdd) return (await town.post(action, { add: 'yes' })).path;
  if (first) return (await town.post(action, { remove: first })).path;
  throw new Error(`${path} takes no answer`);
}

/** Returns fields filled in at random for what is asked on a page, and notes it. */
function fill({ form, chance, page, path, given }: At): Record<string, string | string[]> {
  const names = new Set(fieldsIn(page.html));
  const [, , , , stepId, questionId] = (path.split('?')[0] ?? '').split('/');
  const fields: Record<string, string | string[]> = {};
  if (stepId === 'declarations') {
    for (const name of names) fields[name] = 'yes';
    return fields;
  }
  const step = form.steps.find(({ id }) => id === stepId);
  const group = step?.questions.find(({ id, type }) => id === questionId && type === 'group');
  const asked: readonly (Question | GroupQuestion)[] =
    group?.type === 'group' ? group.questions : (step?.questions ?? []);
  for (const question of asked) {
    const { type } = question;
    if (type === 'computed' || type === 'group' || type === 'file') continue;
    const name = `q-${question.id}_`;
    const written = (answer: unknown): Written => writtenAnswer(question, answer, name, 'ca');
    if (!Object.keys(written(undefined)).some((each) => names.has(each))) continue;
    const answer = randomAnswer(question, CONTEXT, chance);
    for (const [field, text] of Object.entries(written(answer)))
      fields[field] = typeof text === 'string' ? text : [...text];
    const checked = answer === undefined ? null : checkAnswer(question, answer, CONTEXT);
    const key = group ? `${stepId}.${questionId}.${question.id}` : `${stepId}.${question.id}`;
    given.set(key, checked?.ok ? checked.answer : undefined);
  }
  return fields;
}
