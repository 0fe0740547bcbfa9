import type { ComponentChildren } from 'preact';
import { can } from '../../domain/roles.ts';
import type { Declaration, Edit, Edited } from '../../features/booking/administration/types.ts';
import { fingerprint } from '../../formats/town-file/changes/fingerprint.ts';
import { pictureFault } from '../../formats/town-file/look/logo.ts';
import type { Finding } from '../../formats/town-file/reading/check.ts';
import { BackLink } from '../../ui/parts.tsx';
import { confirmFirst } from '../console/account/confirm.tsx';
import { senderAt } from '../console/sender.ts';
import type { DeskVisit, StaffDeps } from '../console/visit.tsx';
import { readFileForm } from '../files/upload.ts';
import { readForm } from '../form.ts';
import { clashOf, standOf } from './clash.tsx';
import { adminBase } from './places.ts';
import { actOn, changed, keptPicture, pictureAt, readFields, type SentForm } from './read.ts';
import { merged, partOf, type Sheet, withPart } from './sections.ts';
import { languagesOf, render, type State } from './sheet-view.tsx';
import { askShorter } from './shorter.tsx';
import { SAVE, SAVE_AND_NEXT, SAVE_DRAFT } from './translating/beside.tsx';
import { nextWithGaps, rightAsSeen } from './translating/gaps.ts';
import { type At, type Value, valueAt } from './types.ts';

export type AdminDeps = StaffDeps;

/** A procedure of 5,000 characters in each of four languages, percent-encoded. */
const MOST_BYTES = 512 * 1024;
/** An oversized photograph is read too, so that the rest of the form isn't lost. */
const MOST_FILE_BYTES = 32 * 1024 * 1024;

/** A page of the administration that is one form. */
export interface SheetPage {
  title: string;
  lead?: string;
  /** The page's own address, and the target of the way back. */
  here: string;
  back: { href: string; text: string };
  sheet: Sheet;
  /** The future place of a new entry whose code comes from the form. */
  baseOf?: (value: Value) => At;
  /** The content above the form, for the page itself. */
  before?: ComponentChildren;
  /** The content below the fields. `isSought`: the reader asked for it, so it has the focus. */
  after?:
    | ((value: Value, isSought: boolean) => ComponentChildren | Promise<ComponentChildren>)
    | undefined;
  /** Returns mistakes in the form's values that are shown from the beginning. */
  mistakesIn?: (value: Value) => readonly Finding[];
  /** The page after a save; by default the page itself. */
  done?: string;
  /** Returns the same for a new entry. */
  doneAt?: (value: Value) => string;
  /** Whether it can be saved in the draft: everything that it asks is in the versions. */
  canDraft?: boolean;
  /** Whether texts are shown in all languages, and not in one beside the first. */
  hasAllLanguages?: boolean;
  submit?: string;
  /** Returns the declaration with the other consequences of the form. */
  besides?: (office: Value, value: Value) => Value;
}

/** Makes a page that is a form. `sheetIn`: returns null when the entry doesn't exist. */
export function sheetPage(
  deps: AdminDeps,
  sheetIn: (visit: DeskVisit, declaration: Declaration) => SheetPage | null,
) {
  return {
    get: declared(deps, (visit, all) => {
      const page = sheetIn(visit, all);
      return page ? showSheet(visit, all, page) : (visit.c.notFound() as Response);
    }),
    post: declared(deps, (visit, all) => {
      const page = sheetIn(visit, all);
      return page ? postSheet(deps, visit, all, page) : (visit.c.notFound() as Response);
    }),
  };
}

/** Shows the form with the saved values. */
export function showSheet(
  visit: DeskVisit,
  declaration: Declaration,
  page: SheetPage,
): Promise<Response> {
  const beside = visit.c.req.query('language');
  return render(visit, declaration, page, { ...asShown(visit, declaration, page.sheet), beside });
}

/** Returns the state of an unchanged form. */
function asShown(visit: DeskVisit, declaration: Declaration, sheet: Sheet): State {
  const shown = withDraft(declaration);
  const value = sheet.shown(shown);
  return {
    value,
    was: fingerprint(partOf(shown.office, sheet)),
    stand: standOf(askedOf(visit, sheet), value),
  };
}

/** Returns the declaration as forms show it: with what is in the draft. */
const withDraft = (declaration: Declaration): Declaration => ({
  ...declaration,
  ...declaration.draft?.drafted,
});

const askedOf = ({ t }: DeskVisit, { fields }: Sheet) => ({ t, fields });

/** Handles the form: one kind of button only changes the form, the other saves it. */
export async function postSheet(
  deps: AdminDeps,
  visit: DeskVisit,
  declaration: Declaration,
  asked: SheetPage,
): Promise<Response> {
  const picture = pictureAt(asked.sheet.fields);
  const isWithFile = visit.c.req.header('Content-Type')?.startsWith('multipart/');
  if (!picture || !isWithFile)
    return postForm(deps, visit, declaration, asked, await readForm(visit.c, MOST_BYTES));
  using read = await readFileForm(visit.c, MOST_FILE_BYTES, senderAt(visit));
  return read.ok
    ? postForm(deps, visit, declaration, asked, read.form)
    : unread(visit, asked, read.reason);
}

/** Answers a form that couldn't be read. Only the browser has the typed values, on the previous page. */
function unread(
  { t, c, show }: DeskVisit,
  { title, here }: SheetPage,
  reason: 'busy' | 'too_large',
): Response {
  const isBusy = reason === 'busy';
  if (isBusy) c.header('Retry-After', '20');
  return show(
    { title, status: isBusy ? 429 : 413, hasErrors: true },
    <>
      <BackLink href={here}>{t('admin.unread.anew')}</BackLink>
      <h1>{t(`admin.unread.${reason}`)}</h1>
      <p class="lead">{t(`admin.unread.${reason}.text`)}</p>
    </>,
  );
}

async function postForm(
  deps: AdminDeps,
  visit: DeskVisit,
  declaration: Declaration,
  asked: SheetPage,
  form: SentForm,
): Promise<Response> {
  const was = form.text('was');
  const stand = form.text('stand');
  const said = readFields(asked.sheet.fields, form, languagesOf(declaration));
  const page = asked.baseOf
    ? { ...asked, sheet: { ...asked.sheet, base: asked.baseOf(said) } }
    : asked;
  const { sheet } = page;
  const { value, fault } = withoutBadPicture(sheet, form, said);
  const act = form.text('act');
  const beside = form.text('beside');
  const right = form.all('right');
  if (act && ![SAVE, SAVE_AND_NEXT, SAVE_DRAFT].includes(act)) {
    const acted = actedOn(page, declaration, value, act);
    return render(visit, declaration, page, { was, stand, value, fault, beside, right, ...acted });
  }
  const isFresh = deps.staff.isFresh(visit.session);
  const isDraft = page.canDraft === true && act === SAVE_DRAFT;
  const edit: Edit = {
    was,
    ...(isFresh && { agreed: form.text('agreed') }),
    stillRight: right,
    part: (office) => partOf(office, sheet),
    change: (office) => {
      const written = sheet.written(said);
      const next = withPart(office, sheet.base, (part) => merged(part, written, sheet.fields));
      return page.besides?.(next, written) ?? next;
    },
  };
  const edited = await deps.administration[isDraft ? 'saveDraft' : 'edit'](visit.viewer, edit);
  if (edited.ok) {
    const isChanged = edited.differences.length > 0 || edited.confirmed;
    const done = isChanged ? (isDraft ? 'drafted' : 'saved') : 'same';
    const target = { done, beside, isNext: act === SAVE_AND_NEXT, said };
    return visit.redirect(await afterSave(deps, visit, page, target));
  }
  return refuseForm(deps, visit, { declaration, page, form, value, edited });
}

/** Returns the form after a button that changes only the form. */
function actedOn(
  page: SheetPage,
  declaration: Declaration,
  value: Value,
  act: string,
): Partial<State> | null {
  if (act === 'look-at') return { isLooked: true, findings: page.mistakesIn?.(value) ?? [] };
  const [verb, what] = act.split(':');
  if (verb === 'beside') return { beside: what };
  return actOn(page.sheet.fields, value, act, languagesOf(declaration));
}

/** Returns the address after a save: the page itself, or the next one that has gaps in the same language. */
async function afterSave(
  deps: AdminDeps,
  visit: DeskVisit,
  page: SheetPage,
  { done, beside, isNext, said }: { done: string; beside: string; isNext: boolean; said: Value },
): Promise<string> {
  const now = await deps.administration.read(visit.viewer);
  const [, second, ...others] = now ? languagesOf(now) : [];
  const language = others.find((each) => each === beside);
  const admin = adminBase(visit);
  const asked = language ?? second;
  const here = page.here.slice(admin.length + 1);
  const next = isNext && now && asked ? nextWithGaps(now, asked, here) : null;
  const target =
    next === null ? (page.doneAt?.(said) ?? page.done ?? page.here) : `${admin}/${next}`;
  const [path = '', query] = target.split('?');
  const search = new URLSearchParams(query);
  search.set('done', done);
  if (language) search.set('language', language);
  return `${path}?${search}`;
}

interface RefusedForm {
  declaration: Declaration;
  page: SheetPage;
  form: SentForm;
  /** The typed values. */
  value: Value;
  edited: Exclude<Edited, { ok: true }>;
}

/** Shows the form again with the reason for the refusal, or asks before a change that can't be undone. */
async function refuseForm(
  deps: AdminDeps,
  visit: DeskVisit,
  { declaration, page, form, value, edited }: RefusedForm,
): Promise<Response> {
  const typed = {
    was: form.text('was'),
    stand: form.text('stand'),
    beside: form.text('beside'),
    right: form.all('right'),
  };
  if (edited.reason === 'not_found') return visit.c.notFound() as Response;
  if (edited.reason === 'shorter')
    return (
      (await confirmFirst(deps, visit, form)) ??
      askShorter(deps, visit, { declaration, here: page.here, form, shorter: edited.shorter })
    );
  if (edited.reason === 'mistakes') {
    const { findings } = edited;
    return render(visit, declaration, page, { value, ...typed, refusal: edited, findings });
  }
  const now = edited.reason === 'changed' ? await deps.administration.read(visit.viewer) : null;
  if (!now) return render(visit, declaration, page, { value, ...typed, refusal: edited });
  // A second press is a confirmation: the form showed the present state.
  const questions = askedOf(visit, page.sheet);
  const present = withDraft(now);
  const shown = page.sheet.shown(present);
  const clash = clashOf(questions, { now: shown, typed: value, stand: typed.stand });
  return render(visit, now, page, {
    value: clash.value,
    was: fingerprint(partOf(present.office, page.sheet)),
    stand: standOf(questions, shown),
    clash: clash.rows,
    beside: typed.beside,
    right: rightAsSeen(now, page.sheet, { value, right: typed.right }),
    refusal: edited,
  });
}

/**
 * Returns the form's values with the previous picture, when the new one can't be accepted, and the mistake.
 */
function withoutBadPicture(
  { fields }: Sheet,
  form: SentForm,
  value: Value,
): Pick<State, 'value' | 'fault'> {
  const at = pictureAt(fields);
  const fault = at && pictureFault(String(valueAt(value, at) ?? ''));
  if (!fault) return { value };
  const kept = keptPicture(form, at);
  return {
    value: changed(value, at, kept && pictureFault(kept) ? undefined : kept),
    fault,
  };
}

/** Makes a handler of a page that needs a declaration to change. */
export function declared(
  deps: AdminDeps,
  handle: (visit: DeskVisit, declaration: Declaration) => Response | Promise<Response>,
) {
  return async (visit: DeskVisit): Promise<Response> => {
    const declaration = can(visit.viewer, 'administer')
      ? await deps.administration.read(visit.viewer)
      : null;
    return declaration ? handle(visit, declaration) : (visit.c.notFound() as Response);
  };
}
