import type { ComponentChildren } from 'preact';
import {
  type Answers,
  type AppliedQuestion,
  applyForm,
  type FormContext,
} from '../../../domain/form/applied.ts';
import { selfNamed } from '../../../domain/form/cosigners.ts';
import { filesIn } from '../../../domain/form/files.ts';
import {
  type FormPage,
  nextPage,
  pagesOf,
  previousPage,
  resumePage,
} from '../../../domain/form/pages.ts';
import type { Known } from '../../../domain/form/prefilled.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { type Validated, validate } from '../../../domain/form/validate.ts';
import type { PublishedForm } from '../../../features/foundation/forms/types.ts';
import { contextOf } from '../../../features/service/cases/rules.ts';
import { paperMistakes } from '../../../features/service/cases/service.ts';
import {
  DRAFT,
  type Hand,
  type OpenedCase,
  type SpaceShelf,
} from '../../../features/service/cases/types.ts';
import { type ApplicantViewer, type StaffViewer, staffIn } from '../../../lib/viewer.ts';
import { problem } from '../problem.tsx';
import type { formPage } from '../shared.tsx';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';
import { type Amends, amendsIn, isOpen, openPages } from './amending/amends.ts';

/** The request of whoever fills in a form: its applicant, or an official who helps them. */
export interface FillingVisit
  extends Pick<
    CaseVisit,
    | 'c'
    | 't'
    | 'language'
    | 'now'
    | 'office'
    | 'dates'
    | 'found'
    | 'procedure'
    | 'secret'
    | 'session'
    | 'redirect'
    | 'handNames'
  > {
  viewer: ApplicantViewer | StaffViewer;
  /** The name of the person for whom it is filled in, by whoever acts for them; null or absent: they do it themselves. */
  represented?: string | null;
  to: Pick<CaseVisit['to'], 'case'>;
  show(
    page: ReturnType<typeof formPage> & { islands?: readonly string[] },
    children: ComponentChildren,
  ): Response;
}

/** What the pages of a form read and write with. */
export type FormDeps = Pick<CitizenDeps, 'cases' | 'forms' | 'residents' | 'addressOf' | 'baseUrl'>;

/** A case that is being filled in, with the version of the form with which it began. */
export interface Filling<V extends FillingVisit = FillingVisit> {
  visit: V;
  published: PublishedForm;
  form: Form;
  context: FormContext;
  opened: OpenedCase;
  answers: Answers;
  pages: readonly FormPage[];
  checked: Validated;
  /** What is asked to be amended in what was handed in; null: nothing is. */
  amends: Amends | null;
  /** What the town's register of inhabitants has of whoever is identified; empty: nothing on the page is filled in from it. */
  register: Known;
  /** What its person gave when they booked an appointment, likewise. */
  contact: Known;
  /** The documents of its person's appointments that can answer questions of the page; empty: none, or it asks for no file. */
  spaces: readonly SpaceShelf[];
  /** Whose hand gave each answer, in words, by the names of the questions; empty: only the applicant fills it in. */
  hands: ReadonlyMap<string, string>;
}

/** The same for its applicant, on their own pages. */
export type OwnFilling = Filling<CaseVisit>;

type Handle = (filling: OwnFilling) => Response | Promise<Response>;

/** What every page and form of a case's form begins with: its answers, or where they are to be found when it was handed in. */
export const whileDraft = (deps: CitizenDeps, handle: Handle) => whileDraftOr(deps, null, handle);

/** The same for what is also there for whoever is asked to amend what they handed in. */
export const whileAnswering = (deps: CitizenDeps, handle: Handle) =>
  whileDraftOr(deps, handle, handle);

/** The same for what is another page for them: `amending`. */
export const whileDraftOr =
  (deps: CitizenDeps, amending: Handle | null, handle: Handle) =>
  async (visit: CaseVisit): Promise<Response> => {
    const filling = await readFilling(deps, visit);
    if (!filling) return problem(visit, 'no_case');
    const isDraft = filling.opened.case.state === DRAFT;
    const run = isDraft ? handle : filling.amends && amending;
    return run ? run(filling) : visit.redirect(visit.to.case(visit.secret, 'done'));
  };

/** Reads a case with its form; null: it was deleted meanwhile. */
export async function readFilling<V extends FillingVisit>(
  deps: Pick<FormDeps, 'cases' | 'forms'>,
  visit: V,
): Promise<Filling<V> | null> {
  const { viewer, office, found, now, language } = visit;
  const opened = await deps.cases.open(viewer, office, found.id);
  if (!opened) return null;
  const published = await deps.forms.version(office.id, found.form);
  const { form } = published;
  // What is amended is checked by the day on which it was handed in, as what stays the same was.
  const at = opened.corrections ? (opened.case.handedInAt ?? now) : now;
  const context = contextOf(office, at, language);
  const { answers } = opened.corrections ?? opened.draft;
  const pages = pagesOf(form, answers, context);
  const amends = await amendsIn(deps, visit, { form, context, opened });
  return {
    visit,
    published,
    form,
    context,
    opened,
    answers,
    amends,
    register: {},
    contact: {},
    spaces: [],
    hands: await handsIn(visit, opened),
    pages: amends ? openPages(pages, amends) : pages,
    checked: forViewer(
      visit,
      withOwn(visit, form, withPapers(validate(form, answers, context), { form, amends, opened })),
    ),
  };
}

/** Adds that whoever applies names themselves among those who must sign, too. */
function withOwn(visit: FillingVisit, form: Form, checked: Validated): Validated {
  const isOwn = visit.found.representation === null;
  const own = isOwn ? (visit.session?.id.identifier ?? null) : null;
  const found = visit.found.state === DRAFT ? selfNamed(form, checked.answers, own) : [];
  if (found.length === 0) return checked;
  return { ...checked, ok: false, mistakes: [...checked.mistakes, ...found] };
}

/** What is declared only the applicant ticks: for an official who helps, nothing of it is missing. */
function forViewer({ viewer }: FillingVisit, checked: Validated): Validated {
  if (viewer.kind !== 'staff') return checked;
  const mistakes = checked.mistakes.filter(({ path }) => path[0] !== 'declarations');
  return { ...checked, ok: mistakes.length === 0, mistakes };
}

/** Returns whose hand gave each answer of a draft to which others than its applicant gave answers, or may give them, in words. */
async function handsIn(
  visit: FillingVisit,
  { case: { encounter, state, openedBy }, draft: { hands } }: OpenedCase,
): Promise<Filling['hands']> {
  const given = Object.entries(hands);
  const actors = [openedBy, ...given.map(([, { by }]) => by)];
  const isShared = encounter !== null || actors.some((each) => OTHERS.test(each));
  if (!isShared || state !== DRAFT) return new Map();
  const staff = given.flatMap(([, { by }]) => staffIn(by) ?? []);
  const names = staff.length > 0 ? await visit.handNames([...new Set(staff)]) : new Map();
  return new Map(given.map(([name, hand]) => [name, handIn(visit, names, hand)]));
}

/** The actors who are not the applicant of a case: officials and other systems. */
const OTHERS = /^(staff|token):/;

/** Returns whose hand gave an answer, in words. */
function handIn(
  { t, dates, viewer }: FillingVisit,
  names: ReadonlyMap<number, string>,
  { by, at }: Hand,
): string {
  const time = dates.time(Temporal.Instant.from(at));
  if (by.startsWith('token:')) return t('case.hand.system', { time });
  const id = staffIn(by);
  if (id === null)
    return t(viewer.kind === 'staff' ? 'case.hand.citizen' : 'case.hand.own', { time });
  const who = names.get(id);
  return who ? t('case.hand.named', { name: who, time }) : t('case.hand.office', { time });
}

/** Adds what the check of papers found to what is wrong with the answers. What can't be changed any more stops nobody who amends. */
export function withPapers(
  checked: Validated,
  { form, amends, opened }: Pick<Filling, 'form' | 'amends' | 'opened'>,
): Validated {
  const files = filesIn(form, checked.answers).filter(({ name }) => isOpen(amends, name));
  const found = paperMistakes(files, opened.papers);
  if (found.length === 0) return checked;
  return { ...checked, ok: false, mistakes: [...checked.mistakes, ...found] };
}

/** The item pages of a group are reached from its list. Of what was handed in, only pages with something to amend are there. */
const isOnTheWay = ({ pages }: Filling, page: FormPage): boolean =>
  page.kind !== 'item' && pages.some(({ id }) => id === page.id);

/** Returns the id of the page after one; that of an item leads to the list. */
export function idAfter(filling: Filling, id: string): string {
  const { form, answers, context } = filling;
  let next = nextPage(form, answers, context, id);
  while (next && !isOnTheWay(filling, next)) next = nextPage(form, answers, context, next.id);
  return next?.id ?? 'check';
}

/** Returns the id of the page before one. */
export function idBefore(filling: Filling, id: string): string {
  const { form, answers, context } = filling;
  let before = previousPage(form, answers, context, id);
  while (before && !isOnTheWay(filling, before))
    before = previousPage(form, answers, context, before.id);
  return before?.id ?? 'start';
}

/** Returns the address of a page of the form. The first is the one where somebody goes on with it. */
export const addressOf = ({ visit: { to, secret } }: Filling, id: string): string =>
  to.case(secret, id === 'start' ? '' : id);

/** The island that keeps a page true which two people fill in; none where the applicant does it alone. */
export const islandsOf = ({ opened }: Pick<Filling, 'opened'>): { islands?: readonly string[] } =>
  isTogether({ opened }) ? { islands: ['four-hands'] } : {};

/** Whether an official helps with what is being filled in. */
export const isTogether = ({ opened: { case: of } }: Pick<Filling, 'opened'>): boolean =>
  of.encounter !== null && of.state === DRAFT;

/** The query of a page that is opened from the check, to change one answer. */
export const FROM = 'from';

/** Returns whether somebody came from the check, and goes back to it. */
export const isFromCheck = ({ c }: Pick<CaseVisit, 'c'>): boolean => c.req.query(FROM) === 'check';

/** Returns the address of a page with where somebody came from. */
export const withFrom = (address: string, visit: Pick<CaseVisit, 'c'>): string =>
  isFromCheck(visit) ? `${address}?${FROM}=check` : address;

/** An answer in words, which belongs nowhere any more. */
export interface Lost {
  label: string;
  lines: readonly string[];
}

/** How a page is shown. */
export interface Showing {
  /** Whether its mistakes are told: somebody wanted to go on. */
  hasMistakes?: boolean;
  /** Whether it has what was typed when the session had ended. */
  isKept?: boolean;
  /** Whether what was sent when the session had ended could not be kept. */
  isLost?: boolean;
  /** Whether somebody opens it: mistakes in what they have answered on it before are told. */
  isOpened?: boolean;
  /** The names of questions that the last answers have made appear on it. Their mistakes are not told yet. */
  appeared?: readonly string[];
  /** What was typed for a thing of a group that is gone. */
  lost?: readonly Lost[];
  /** What is wrong with files that were sent, by the name of their field. */
  wrong?: ReadonlyMap<string, string>;
}

/** What became of a change of answers. */
export type Answered =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'handed_in' | 'gone' | 'full' };

/** The questions that are answered on a page, as they apply now. */
export function questionsOn(
  { form, answers, context }: Filling,
  page: FormPage,
): AppliedQuestion[] {
  const { steps } = applyForm(form, answers, context);
  const all = steps.flatMap((each): readonly AppliedQuestion[] => each.questions);
  const within =
    page.item === undefined
      ? all
      : all.flatMap(({ name, items }): readonly AppliedQuestion[] =>
          page.id.startsWith(`${name.replace('.', '/')}/`) ? (items[page.item ?? 0] ?? []) : [],
        );
  return within.filter(({ name }) => page.questions.includes(name));
}

/** Returns the id of the page on which somebody goes on: the first one that is not answered. */
export const resumeId = ({ form, answers, context, checked }: Filling): string =>
  resumePage(form, answers, context, checked).id;
