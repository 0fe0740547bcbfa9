import { checkAnswer } from '../../../domain/form/answers/check.ts';
import { shownAnswer } from '../../../domain/form/answers/shown.ts';
import { typedAnswer } from '../../../domain/form/answers/typed.ts';
import type { FormPage } from '../../../domain/form/pages.ts';
import type { Question } from '../../../domain/form/questions.ts';
import { validate } from '../../../domain/form/validate.ts';
import { itemsOf } from '../../../features/service/cases/rules.ts';
import type { Form as Sent } from '../../form.ts';
import type { CitizenDeps } from '../visit.tsx';
import { typedBefore } from './applicant/kept.ts';
import { answerDeclarations, showDeclarations } from './declarations.tsx';
import {
  type Answered,
  addressOf,
  type Filling,
  type FormDeps,
  idAfter,
  isFromCheck,
  type Lost,
  questionsOn,
  readFilling,
  type Showing,
  whileAnswering,
  withFrom,
} from './filling.ts';
import { answerGroup, showGroup } from './group.tsx';
import { itemKey, KEY_FIELD } from './item.ts';
import { withContact, withRegister, withSpaces } from './known.ts';
import { fieldName, mistakesOn } from './mistakes.ts';
import { BROUGHT } from './papers/field.tsx';
import { megabytesAtOnce, readSent, takeFiles } from './papers/sending.ts';
import { showQuestions } from './questions.tsx';
import { isChanged, ONLY } from './together/shown.ts';
import { labelOf } from './words.tsx';

/** `/{language}/case/{secret}/{page}`: one page of the form. Its id is the rest of the address. */
export function formPage(deps: CitizenDeps) {
  return {
    get: whileAnswering(deps, async (filling) => {
      const kept = await typedBefore(deps, filling.visit.c);
      if (kept && kept !== 'lost') return showKept(filling, kept);
      const page = pageAt(filling);
      if (page === null) return onwards(filling);
      return open(deps, filling, page, { isOpened: true, isLost: kept === 'lost' });
    }),

    post: whileAnswering(deps, (filling) => answerPage(deps, filling)),
  };
}

/** Opens a page of the form; leads on where there is none at the address. */
export async function openPage(deps: FormDeps, filling: Filling): Promise<Response> {
  const page = pageAt(filling);
  return page ? open(deps, filling, page, { isOpened: true }) : onwards(filling);
}

/** Shows a page with what the register of inhabitants and the booking of an appointment have for its questions. */
async function open(deps: FormDeps, filling: Filling, page: FormPage, showing: Showing) {
  const known = await withContact(deps, await withRegister(deps, filling, page), page);
  return show(await withSpaces(deps, known, page), page, showing);
}

/** Keeps what was sent from a page of the form, and leads on, or tells what is wrong. */
export async function answerPage(deps: FormDeps, filling: Filling): Promise<Response> {
  using read = await readSent(deps, filling);
  if (!read.ok) return tooMuch(filling, read.reason);
  const { sent } = read;
  const page = pageOf(filling, sent);
  if (page === 'gone') return showLost(filling, sent);
  if (page === null) return onwards(filling);
  if (page.kind === 'group') return answerGroup(deps, filling, page, sent);
  const answered = await answer(deps, filling, page, sent);
  if (answered) return answered;
  if (sent.has(ONLY)) return filling.visit.c.body(null, 204);
  const taken = await takeFiles(deps, filling, page, sent);
  // What was typed is kept, whatever it is. Mistakes are told on the page that they are on.
  const now = await readFilling(deps, filling.visit);
  if (!now) return onwards(filling);
  if (taken.wrong.size > 0)
    return show(await withSpaces(deps, now, page), page, { wrong: taken.wrong });
  if (taken.isAll) return filling.visit.redirect(here(now, page, taken.brought));
  if (sent.has('later')) return filling.visit.redirect(addressOf(now, 'start'));
  const asked = pageOf(now, sent);
  const appeared = asked && asked !== 'gone' ? appearedOn(now, asked, page) : [];
  if (asked && asked !== 'gone' && appeared.length > 0)
    return open(deps, now, asked, { hasMistakes: true, appeared });
  if (mistakesOn(page, now.checked.mistakes).length > 0)
    return show(now, page, { hasMistakes: true });
  return filling.visit.redirect(addressAfter(now, page));
}

/** Shows a page whose files are too much to be read: nothing of what was sent has come. */
function tooMuch(filling: Filling, reason: 'too_large' | 'busy'): Response {
  const page = pageAt(filling);
  if (page === null) return onwards(filling);
  const { t } = filling.visit;
  const megabytes = megabytesAtOnce(filling);
  const text =
    reason === 'busy'
      ? t('documents.mistake.no_room', { megabytes })
      : t('case.paper.tooLarge', { megabytes });
  const asked = questionsOn(filling, page).find(({ question }) => question.type === 'file');
  const field = asked ? fieldName(asked.question) : 'main';
  return show(filling, page, { wrong: new Map([[field, text]]) });
}

/** Returns the address of a page, where its files are shown again. `brought`: which one was brought to an appointment. */
function here(filling: Filling, page: FormPage, brought: string | null): string {
  const address = withFrom(addressOf(filling, page.id), filling.visit);
  if (brought === null) return address;
  return `${address}${address.includes('?') ? '&' : '?'}${BROUGHT}=${brought}`;
}

/** The page of an address; null: it does not apply any more, or never did. */
function pageAt({ visit, pages }: Filling): FormPage | null {
  const { step, question, item } = visit.c.req.param() as Record<string, string | undefined>;
  const id = [step, question, item].filter((each) => each !== undefined).join('/');
  const page = pages.find((each) => each.id === id);
  return page && ['question', 'step', 'group', 'item', 'declarations'].includes(page.kind)
    ? page
    : null;
}

/** Returns the id of the list of a group, of an address of one of its things. */
function listAt({ visit }: Filling): string {
  const { step, question } = visit.c.req.param() as Record<string, string | undefined>;
  return `${step}/${question}`;
}

/**
 * Returns the page that a form was sent from. One of a group is found by its key, wherever it stands by now: others may have been removed in
 * another tab. `gone`: it was removed itself.
 */
function pageOf(filling: Filling, sent: Sent): FormPage | 'gone' | null {
  const key = sent.text(KEY_FIELD);
  const page = pageAt(filling);
  if (!key || (page && page.kind !== 'item')) return page;
  const list = listAt(filling);
  const at = itemsOf(filling.answers, list.replace('/', '.')).findIndex((each) => each.key === key);
  return filling.pages.find(({ id }) => id === `${list}/${at + 1}`) ?? 'gone';
}

/** Returns the names of the questions that answering a page has made appear on it. */
const appearedOn = (now: Filling, page: FormPage, before: FormPage): string[] =>
  questionsOn(now, page).flatMap(({ name, question }) =>
    question.type === 'computed' || before.questions.includes(name) ? [] : [name],
  );

/** Shows a page with what was typed on it when the session had ended. */
function showKept(filling: Filling, typed: Sent): Response {
  const page = pageOf(filling, typed);
  if (page === 'gone') return showLost(filling, typed);
  if (page === null) return onwards(filling);
  if (page.kind === 'group' || page.kind === 'declarations') return show(filling, page, {});
  return show(withTyped(filling, page, typed), page, { isKept: true });
}

/** Shows the list of a group with what was typed for one of its things that was removed meanwhile, so that it can be typed again. */
function showLost(filling: Filling, typed: Sent): Response {
  const list = filling.pages.find(({ id }) => id === listAt(filling));
  if (!list) return onwards(filling);
  return show(filling, list, { lost: typedIn(filling, list, typed) });
}

/** Returns in words what was typed for a thing of a group. */
function typedIn({ form, visit }: Filling, list: FormPage, typed: Sent): Lost[] {
  const { t, language } = visit;
  const step = form.steps.find(({ id }) => id === list.step);
  const group = step?.questions.find(({ id }) => list.id === `${list.step}/${id}`);
  if (!step || group?.type !== 'group') return [];
  return group.questions.flatMap((question) => {
    if (question.type === 'computed' || question.type === 'file') return [];
    const answer = typedAnswer(question, typed, fieldName(question), language);
    if (answer === undefined) return [];
    const applied = { name: question.id, step, question, answer, value: null, items: [] };
    return [{ label: labelOf(question, t), lines: shownAnswer(applied, t) }];
  });
}

/** Leads from a page that is not there to the next one that is. */
function onwards(filling: Filling): Response {
  const { step, question, item } = filling.visit.c.req.param() as Record<string, string>;
  const id = [step, question, item].filter(Boolean).join('/');
  return filling.visit.redirect(addressOf(filling, idAfter(filling, id)));
}

/** Returns where somebody goes on: back to the list of one of its things, or to the check where they came from it. */
function addressAfter(filling: Filling, page: FormPage): string {
  const list = page.kind === 'item' ? page.id.split('/').slice(0, 2).join('/') : null;
  if (list) return withFrom(addressOf(filling, list), filling.visit);
  if (isFromCheck(filling.visit)) return addressOf(filling, 'check');
  return addressOf(filling, idAfter(filling, page.id));
}

function show(filling: Filling, page: FormPage, showing: Showing): Response {
  switch (page.kind) {
    case 'group':
      return showGroup(filling, page, showing);
    case 'declarations':
      return showDeclarations(filling, page, showing);
    default:
      return showQuestions(filling, page, showing);
  }
}

/** Keeps what was sent from a page. Returns an answer when there is nothing more to say on it. */
async function answer(
  deps: FormDeps,
  filling: Filling,
  page: FormPage,
  sent: Sent,
): Promise<Response | null> {
  if (page.kind === 'declarations')
    return after(filling, await answerDeclarations(deps, filling, sent));
  const given = answersOn(filling, page, sent);
  const { viewer, office, found } = filling.visit;
  if (page.kind !== 'item') {
    const change = Object.fromEntries(given.map(({ name, value }) => [name, value]));
    return after(filling, await deps.cases.answer(viewer, office, found.id, change));
  }
  const [step = '', question = ''] = page.id.split('/');
  const key = sent.text(KEY_FIELD) || itemKey(filling, page);
  const set = Object.fromEntries(given.map(({ question: { id }, value }) => [id, value]));
  const change = { group: `${step}.${question}`, key, set };
  const done = await deps.cases.answerItem(viewer, office, found.id, change);
  if (!done.ok) return after(filling, done, `${addressOf(filling, listAt(filling))}?gone`);
  return null;
}

function after({ visit }: Filling, done: Answered, gone?: string): Response | null {
  if (done.ok) return null;
  if (done.reason === 'gone' && gone) return visit.redirect(gone);
  return visit.redirect(visit.to.case(visit.secret, done.reason === 'handed_in' ? 'done' : ''));
}

/** Returns what was typed on a page, in its normal form where it is right. */
function answersOn(
  filling: Filling,
  page: FormPage,
  sent: Sent,
): { name: string; question: Question; value: unknown }[] {
  const { context, visit } = filling;
  return questionsOn(filling, page).flatMap(({ name, question }) => {
    const { type } = question;
    if (type === 'computed' || type === 'group' || type === 'file') return [];
    const field = fieldName(question);
    const typed = typedAnswer(question, sent, field, visit.language);
    const checked = typed === undefined ? null : checkAnswer(question, typed, context);
    const value = checked?.ok ? checked.answer : typed;
    return isChanged(sent, field, value) ? [{ name, question, value }] : [];
  });
}

/** Returns the answers with what was typed, which nobody has kept yet. */
function withTyped(filling: Filling, page: FormPage, typed: Sent): Filling {
  const answers: Record<string, unknown> = structuredClone(filling.answers);
  for (const { name, question, value } of answersOn(filling, page, typed)) {
    const [step = '', id = ''] = name.split('.');
    const group = { ...(answers[step] as Record<string, unknown> | undefined) };
    answers[step] = group;
    if (page.item === undefined) group[id] = value;
    else {
      const items = [...((group[id] as Record<string, unknown>[] | undefined) ?? [])];
      items[page.item] = { ...items[page.item], [question.id]: value };
      group[id] = items;
    }
  }
  const { form, context } = filling;
  return { ...filling, answers, checked: validate(form, answers, context) };
}
