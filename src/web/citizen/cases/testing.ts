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

/** Returns a random form that can be finished on-line: it costs nothing. */
export function randomOnlineForm(seed: number): Form {
  const { fee: _, ...written } = randomForm(chanceFrom(seed));
  return formOf({ ...written, procedure: PROCEDURE });
}

/** Sends a form with files, as a browser without scripts does. */
export async function sendFiles(
  town: { send(path: string, init: RequestInit): Promise<Page> },
  path: string,
  fields: Readonly<Record<string, string | string[]>>,
  files: readonly { field: string; name: string; bytes: Uint8Array<ArrayBuffer> }[],
): Promise<Page> {
  const body = new FormData();
  for (const [name, texts] of Object.entries(fields))
    for (const text of [texts].flat()) body.append(name, text);
  for (const { field, name, bytes } of files) body.append(field, new File([bytes], name));
  const request = new Request('http://localhost/', { method: 'POST', body });
  const whole = await request.arrayBuffer();
  return town.send(path, {
    method: 'POST',
    body: whole,
    headers: {
      'Content-Type': request.headers.get('Content-Type') ?? '',
      'Content-Length': String(whole.byteLength),
    },
  });
}

/** The first bytes of the kinds of files that a form takes; the others are texts. */
const HEADS: Record<string, string> = {
  pdf: '%PDF-1.7\n',
  jpg: '\xff\xd8\xff\xe0',
  png: '\x89PNG\r\n\x1a\n',
  webp: 'RIFF0000WEBP',
  heic: '\0\0\0\x18ftypheic\0\0\0\0heicmif1',
  txt: 'Hola',
};
const PACKAGE = 'PK\x03\x04';

/** Returns the bytes of a small file that seems to be of a kind. */
export const fileOf = (kind: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(HEADS[kind] ?? PACKAGE, 'latin1'));

/** Returns the fields for files of a page, each with the kinds that it takes. */
const fileFieldsIn = (html: string): { field: string; kinds: string[] }[] =>
  [...html.matchAll(/<input id="(q-[^"]+)"[^>]*? type="file"[^>]*? accept="([^"]+)"/g)].map(
    ([, field = '', accept = '']) => ({
      field,
      kinds: accept.split(',').map((each) => each.slice(1)),
    }),
  );

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
const ENDS = /\/(done|sign|pay)(?:\?|$)/;

/**
 * Fills in a form page by page, as its pages and nothing else lead: a citizen who answers at random, goes wrong at times, and adds and removes
 * things. Returns what they answered last, the secret of the case, where they get to (`at`), and whether it is `done` or there is something to `sign` or to `pay`. @throws Error when a page leads nowhere
 */
export async function walk(
  town: TestTown,
  form: Form,
  chance: Chance,
  look: (page: Page) => Promise<void> | void = () => {},
): Promise<{ given: Given; secret: string; pages: number; end: string; at: string }> {
  const given: Given = new Map();
  const began = await town.post(`/ca/oac/${form.procedure}/apply`, {});
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
      await town.deps.documents.pass();
      const seen = /name="seen" value="(\d+)"/.exec(page.html)?.[1] ?? '';
      const done = missing ? null : await town.post(path, { seen });
      const end = ENDS.exec(done?.path ?? '')?.[1];
      if (end) return { given, secret, pages, end, at: done?.path ?? '' };
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
  let shown = '';
  for (let tried = 0; tried < 20; tried++) {
    const fields = { ...fill(now), ...(item && { item }) };
    const files = randomFiles(chance, tried === 0 ? page.html : shown);
    const answer = page.html.includes('enctype="multipart')
      ? await sendFiles(town, action, fields, files)
      : await town.post(action, fields);
    shown = answer.html;
    noteFiles(at, files, answer.status);
    if (answer.status === 303) return answer.path;
    // Answers may have made more questions appear on the page.
    now = { ...at, page: answer };
    if (answer.status !== 200 && answer.status !== 422)
      throw new Error(`${path}: ${answer.status}`);
  }
  throw new Error(`${path} takes no answer`);
}

type RandomFile = { field: string; name: string; bytes: Uint8Array<ArrayBuffer> };

/** Returns files for a page: one for most of its fields. */
const randomFiles = (chance: Chance, html: string): RandomFile[] =>
  fileFieldsIn(html).flatMap(({ field, kinds }) => {
    const kind = chance.one(kinds.filter((each) => each !== 'jpeg' && each !== 'heif'));
    if (!chance.often(75)) return [];
    return [{ field, name: `paper ${chance.below(1000)}.${kind}`, bytes: fileOf(kind) }];
  });

/** Notes the files that a page took: also one that has a mistake (422), or on which more questions appeared (200). */
function noteFiles({ path, given }: At, files: readonly RandomFile[], status: number): void {
  if (![200, 303, 422].includes(status)) return;
  const [, , , , step, question] = (path.split('?')[0] ?? '').split('/');
  for (const { field, name } of files) {
    const id = field.slice('q-'.length, -1);
    const key = question && question !== id ? `${step}.${question}.${id}` : `${step}.${id}`;
    given.set(key, [...((given.get(key) as string[] | undefined) ?? []), name]);
  }
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
