import { MEGABYTE } from '../../../../domain/form/answers/things.ts';
import { fileQuestions } from '../../../../domain/form/files.ts';
import type { FormPage } from '../../../../domain/form/pages.ts';
import type { QuestionOf } from '../../../../domain/form/questions.ts';
import type {
  BringResult,
  PaperAt,
  PaperResult,
} from '../../../../features/service/cases/types.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { type FileForm, isFileForm, readFileForm } from '../../../files/upload.ts';
import { readForm, type Form as Sent } from '../../../form.ts';
import { senderIn } from '../../documents/sender.ts';
import { type Filling, type FormDeps, questionsOn } from '../filling.ts';
import { itemKey, KEY_FIELD } from '../item.ts';
import { fieldName } from '../mistakes.ts';
import { ADD, BRING, REMOVE, USE } from './field.tsx';

/** The most megabytes that a browser sends at once, unless one file may be larger. */
export const MOST_MEGABYTES = 40;

/** Returns how many megabytes a page of the form takes at once. */
export const megabytesAtOnce = ({ form }: Filling): number =>
  Math.max(0, ...fileQuestions(form).map(({ most, megabytes }) => largest(most, megabytes)));

const largest = (most: number, megabytes: number): number =>
  Math.max(megabytes, Math.min(most * megabytes, MOST_MEGABYTES));

type Read = ({ ok: true; sent: Sent | FileForm } | { ok: false; reason: 'too_large' | 'busy' }) &
  Disposable;

/** Reads what was sent from a page, which has files where a question asks for them. */
export async function readSent(deps: FormDeps, filling: Filling): Promise<Read> {
  const { visit } = filling;
  if (!isFileForm(visit.c))
    return { ok: true, sent: await readForm(visit.c), [Symbol.dispose]() {} };
  const most = megabytesAtOnce(filling) * MEGABYTE;
  const read = await readFileForm(visit.c, most, senderIn(deps, visit));
  const giveBack = () => read[Symbol.dispose]();
  return read.ok
    ? { ok: true, sent: read.form, [Symbol.dispose]: giveBack }
    : { ok: false, reason: read.reason, [Symbol.dispose]: giveBack };
}

/** What became of the files of a page. */
export interface Taken {
  /** Whether somebody asked for nothing else, so that the page is shown again. */
  isAll: boolean;
  /** What is wrong, by the name of the field. */
  wrong: ReadonlyMap<string, string>;
  /** The id of the document that was brought to an appointment; null: none was. */
  brought: string | null;
}

/** Takes the files that were sent from a page, and takes out the one that somebody wants out. */
export async function takeFiles(
  deps: FormDeps,
  filling: Filling,
  page: FormPage,
  sent: Sent | FileForm,
): Promise<Taken> {
  const { t } = filling.visit;
  const questions = questionsOn(filling, page).flatMap(({ name, question }) =>
    question.type === 'file' ? [{ at: placeOf(filling, page, sent, name), question }] : [],
  );
  const [removed, document] = sent.text(REMOVE).split(' ');
  const wrong = new Map<string, string>();
  const brought = await bring(deps, filling, sent);
  const askedIn = questions.find(({ question }) => question.id === brought?.asked);
  if (askedIn && brought?.said) wrong.set(fieldName(askedIn.question), brought.said);
  for (const { at, question } of questions) {
    if (question.id === removed && document) await remove(deps, filling, at, document);
    const said =
      (await use(deps, filling, { at, question, sent })) ??
      (await add(deps, filling, { at, question, sent }));
    if (said) wrong.set(fieldName(question), said);
    else if (sent.text(ADD) === question.id && chosen(sent, question).length === 0)
      wrong.set(fieldName(question), t('documents.mistake.missing'));
  }
  return {
    isAll: sent.has(REMOVE) || sent.has(ADD) || sent.has(USE) || sent.has(BRING),
    wrong,
    brought: brought?.document ?? null,
  };
}

function placeOf(filling: Filling, page: FormPage, sent: Sent, name: string): PaperAt {
  if (page.kind !== 'item') return { question: name };
  return { question: name, item: sent.text(KEY_FIELD) || itemKey(filling, page) };
}

async function remove(
  { cases }: Pick<FormDeps, 'cases'>,
  { visit: { viewer, office, found } }: Filling,
  at: PaperAt,
  document: string,
): Promise<void> {
  await cases.removePaper(viewer, office, found.id, at, document);
}

const chosen = (sent: Sent | FileForm, question: QuestionOf<'file'>) =>
  'filesOf' in sent ? sent.filesOf(fieldName(question)) : [];

type RefusedFile = Extract<PaperResult, { ok: false }>;

/** Returns whether the words of a refusal have the name of the file. */
const isNamed = (refused: RefusedFile): boolean =>
  refused.reason === 'invalid' && refused.slips.every(({ values }) => values && 'name' in values);

/** Adds the files of one question. Returns what is wrong with those that can't be, each by its name where there are several; null: nothing. */
async function add(
  { cases }: Pick<FormDeps, 'cases'>,
  { visit: { viewer, office, found, t } }: Filling,
  on: { at: PaperAt; question: QuestionOf<'file'>; sent: Sent | FileForm },
): Promise<string | null> {
  const files = chosen(on.sent, on.question);
  const wrong: string[] = [];
  for (const file of files) {
    const done = await cases.addPaper(viewer, office, found.id, on.at, file);
    if (done.ok) continue;
    const words = wordsOf(done, on.question, t);
    const isClear = files.length === 1 || isNamed(done);
    wrong.push(isClear ? words : t('case.paper.one', { name: file.name, words }));
  }
  return wrong.length > 0 ? wrong.join(' ') : null;
}

/** Brings a file of a question to the appointment that somebody chose, where those who attend see it. Null: nobody chose one. */
async function bring(
  { cases }: Pick<FormDeps, 'cases'>,
  { visit: { viewer, office, found, t } }: Filling,
  sent: Sent | FileForm,
): Promise<{ asked: string; document: string; said: string | null } | null> {
  const [asked = '', document = '', appointment = ''] = sent.text(BRING).split(' ');
  if (document === '' || viewer.kind !== 'applicant') return null;
  const done = await cases.bringPaper(viewer, office, found.id, { appointment, document });
  return { asked, document, said: done.ok ? null : t(`talking.papers.${saidOf(done.reason)}`) };
}

const saidOf = (reason: Exclude<BringResult, { ok: true }>['reason']) =>
  reason === 'full' || reason === 'not_open' ? reason : 'failed';

/** Answers a question with the document of an appointment that somebody chose. Returns why it can't be; null: it is, or none was chosen. */
async function use(
  { cases }: Pick<FormDeps, 'cases'>,
  { visit: { viewer, office, found, t } }: Filling,
  { at, question, sent }: { at: PaperAt; question: QuestionOf<'file'>; sent: Sent | FileForm },
): Promise<string | null> {
  const [asked, appointment = '', document = ''] = sent.text(USE).split(' ');
  if (asked !== question.id || viewer.kind !== 'applicant') return null;
  const done = await cases.usePaper(viewer, office, found.id, at, { appointment, document });
  return done.ok ? null : wordsOf(done, question, t);
}

/** Returns why a file can't be added. */
function wordsOf(refused: RefusedFile, { megabytes }: QuestionOf<'file'>, t: Translate): string {
  switch (refused.reason) {
    case 'invalid':
      return refused.slips.map(({ key, values }) => t(key, values)).join(' ');
    case 'empty':
    case 'full':
    case 'no_room':
      return t(`documents.mistake.${refused.reason}`, { megabytes });
    default:
      return t('documents.mistake.failed');
  }
}
