import type { ComponentChildren } from 'preact';
import { can } from '../../domain/roles.ts';
import type { Declaration, Edited } from '../../features/booking/administration/types.ts';
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
import { actOn, changed, keptPicture, pictureAt, readFields, type SentForm } from './read.ts';
import { merged, partOf, type Sheet, withPart } from './sections.ts';
import { languagesOf, render, type State } from './sheet-view.tsx';
import { askShorter } from './shorter.tsx';
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
  return render(visit, declaration, page, asShown(visit, declaration, page.sheet));
}

/** Returns the state of an unchanged form. */
function asShown(visit: DeskVisit, declaration: Declaration, sheet: Sheet): State {
  const value = sheet.shown(declaration);
  return {
    value,
    was: fingerprint(partOf(declaration.office, sheet)),
    stand: standOf(askedOf(visit, sheet), value),
  };
}

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
  if (act && act !== 'save') {
    const acted =
      act === 'look-at'
        ? { isLooked: true, findings: page.mistakesIn?.(value) ?? [] }
        : actOn(sheet.fields, value, act, languagesOf(declaration));
    return render(visit, declaration, page, { was, stand, value, fault, ...acted });
  }
  const isFresh = deps.staff.isFresh(visit.session);
  const edited = await deps.administration.edit(visit.viewer, {
    was,
    ...(isFresh && { agreed: form.text('agreed') }),
    part: (office) => partOf(office, sheet),
    change: (office) => {
      const written = sheet.written(said);
      const next = withPart(office, sheet.base, (part) => merged(part, written, sheet.fields));
      return page.besides?.(next, written) ?? next;
    },
  });
  if (edited.ok) {
    const done = edited.differences.length > 0 ? 'saved' : 'same';
    return visit.redirect(`${page.done ?? page.here}?done=${done}`);
  }
  return refuseForm(deps, visit, { declaration, page, form, value, edited });
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
  const was = form.text('was');
  const stand = form.text('stand');
  if (edited.reason === 'not_found') return visit.c.notFound() as Response;
  if (edited.reason === 'shorter')
    return (
      (await confirmFirst(deps, visit, form)) ??
      askShorter(deps, visit, { declaration, here: page.here, form, shorter: edited.shorter })
    );
  if (edited.reason === 'mistakes') {
    const { findings } = edited;
    return render(visit, declaration, page, { value, was, stand, refusal: edited, findings });
  }
  const now = edited.reason === 'changed' ? await deps.administration.read(visit.viewer) : null;
  if (!now) return render(visit, declaration, page, { value, was, stand, refusal: edited });
  // A second press is a confirmation: the form showed the present state.
  const questions = askedOf(visit, page.sheet);
  const shown = page.sheet.shown(now);
  const clash = clashOf(questions, { now: shown, typed: value, stand });
  return render(visit, now, page, {
    value: clash.value,
    was: fingerprint(partOf(now.office, page.sheet)),
    stand: standOf(questions, shown),
    clash: clash.rows,
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
