import type { ComponentChildren } from 'preact';
import type { Slip } from '../../domain/office/fields.ts';
import { can } from '../../domain/roles.ts';
import type { Declaration, Edited } from '../../features/booking/administration/types.ts';
import { fingerprint } from '../../formats/town-file/changes/fingerprint.ts';
import { isFile, pictureFault } from '../../formats/town-file/look/logo.ts';
import type { Finding } from '../../formats/town-file/reading/check.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Button } from '../../ui/buttons.tsx';
import { BackLink, ErrorSummary, Notice } from '../../ui/parts.tsx';
import { confirmFirst } from '../console/account/confirm.tsx';
import { senderAt } from '../console/sender.ts';
import type { DeskVisit, StaffDeps } from '../console/visit.tsx';
import { readForm } from '../form.ts';
import { readFileForm } from '../upload.ts';
import { Clash, type ClashRow, clashOf, standOf } from './clash.tsx';
import { Fields } from './fields.tsx';
import { pageForMending } from './places.ts';
import { actOn, changed, keptPicture, pictureAt, readFields, type SentForm } from './read.ts';
import { mendedElsewhere, Stranding } from './refused.tsx';
import { merged, partOf, type Sheet, withPart } from './sections.ts';
import { askShorter } from './shorter.tsx';
import { type At, nameOf, type Value, valueAt, type Wrong } from './types.ts';
import { isAskedIn, wrongOf } from './wrong.ts';

export type AdminDeps = StaffDeps;

/** A procedure of 5,000 characters in each of four languages, percent-encoded. */
const MOST_BYTES = 512 * 1024;
/** A photograph that is far too large for a logo is read nevertheless, so that nothing else of the form is lost. */
const MOST_FILE_BYTES = 32 * 1024 * 1024;

/** A page of the administration that is one form. */
export interface SheetPage {
  title: string;
  lead?: string;
  /** The page's own address, and where the way back leads. */
  here: string;
  back: { href: string; text: string };
  sheet: Sheet;
  /** Where it will stand, of what is new and gets its code from what the form says. */
  baseOf?: (value: Value) => At;
  /** What stands before the form, for what it shows. */
  before?: ComponentChildren;
  /** What stands after the questions. `isSought`: it was asked for, and has the focus. */
  after?:
    | ((value: Value, isSought: boolean) => ComponentChildren | Promise<ComponentChildren>)
    | undefined;
  /** What is wrong with what the form says, told already when it is looked at. */
  mistakesIn?: (value: Value) => readonly Finding[];
  /** Where it leads once it is saved; itself, else. */
  done?: string;
  submit?: string;
  /** The declaration with what else follows from what the form says. */
  besides?: (office: Value, value: Value) => Value;
}

/** What became of what was sent. */
interface State {
  value: Value;
  was: string;
  /** Each answer as it was shown, to tell who has changed it. */
  stand: string;
  clash?: readonly ClashRow[];
  focus?: string;
  isLooked?: boolean;
  findings?: readonly Finding[];
  /** What is wrong with the picture that was sent, if that is all. */
  fault?: Slip | undefined;
  refusal?: Exclude<Edited, { ok: true } | { reason: 'shorter' }>;
}

export const languagesOf = ({ state }: Declaration): readonly Language[] =>
  state.settings.languages;

/** What is asked of a page that is a form. `sheetIn`: null where there is no such thing. */
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

/** Shows the form as it is written now. */
export function showSheet(
  visit: DeskVisit,
  declaration: Declaration,
  page: SheetPage,
): Promise<Response> {
  return render(visit, declaration, page, asShown(visit, declaration, page.sheet));
}

/** The form as it is before anybody has touched it. */
function asShown(visit: DeskVisit, declaration: Declaration, sheet: Sheet): State {
  const value = sheet.shown(declaration);
  return {
    value,
    was: fingerprint(partOf(declaration.office, sheet)),
    stand: standOf(askedOf(visit, sheet), value),
  };
}

const askedOf = ({ t }: DeskVisit, { fields }: Sheet) => ({ t, fields });

/** Takes the form: a button that changes it alone shows it changed, the other saves it. */
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

/** A form that couldn't be read: what was typed is in the browser alone, which has it on the page before. */
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
  const [was, stand] = [form.text('was'), form.text('stand')];
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
  if (edited.ok)
    return visit.redirect(
      `${page.done ?? page.here}?done=${edited.differences.length > 0 ? 'saved' : 'same'}`,
    );
  if (edited.reason === 'not_found') return visit.c.notFound() as Response;
  if (edited.reason === 'shorter')
    return (
      (await confirmFirst(deps, visit, form)) ??
      askShorter(deps, visit, { declaration, here: page.here, form, shorter: edited.shorter })
    );
  if (edited.reason === 'mistakes')
    return render(visit, declaration, page, {
      value,
      ...{ was, stand, refusal: edited },
      findings: edited.findings,
    });
  const now = edited.reason === 'changed' ? await deps.administration.read(visit.viewer) : null;
  if (!now) return render(visit, declaration, page, { value, was, stand, refusal: edited });
  // Who presses once more has seen what it is now.
  const questions = askedOf(visit, sheet);
  const clash = clashOf(questions, { now: sheet.shown(now), typed: value, stand });
  return render(visit, now, page, {
    value: clash.value,
    was: fingerprint(partOf(now.office, sheet)),
    stand: standOf(questions, sheet.shown(now)),
    ...{ clash: clash.rows, refusal: edited },
  });
}

/** What a form is shown with again: of a picture that can't be taken, the one before. What is wrong with it. */
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

/** Where a picture of the form comes from, for the page to be allowed to show it. */
function imageIn(value: Value, at: At | null): string | undefined {
  const address = at ? String(valueAt(value, at) ?? '') : '';
  return isFile(address) ? 'data:' : undefined;
}

const STATUS = {
  mistakes: 422,
  changed: 409,
  appointments_without_desk: 409,
  not_found: 404,
} as const;

async function render(
  visit: DeskVisit,
  declaration: Declaration,
  page: SheetPage,
  { value, was, stand, focus, isLooked = false, findings = [], fault, refusal, clash = [] }: State,
): Promise<Response> {
  const { t } = visit;
  const { sheet, title, lead, here, back } = page;
  const after = await page.after?.(value, isLooked && findings.length === 0);
  const languages = languagesOf(declaration);
  const picture = pictureAt(sheet.fields);
  const others = findings.filter(
    (each) => !isAskedIn(sheet, each) && pageForMending(each) !== null,
  );
  const mine = findings.filter((each) => !others.includes(each));
  const wrong = wrongOf(t, mine, { fields: sheet.fields, value, languages, base: sheet.base });
  if (fault && picture && wrong.length === 0)
    wrong.push({ at: picture, text: t(`admin.slip.${fault.kind}`, fault.values) });
  const problems = [
    ...wrong.map((each) => ({ href: `#${nameOf(each.at)}`, text: each.text })),
    ...mendedElsewhere(visit, declaration, others),
  ];
  return visit.show(
    {
      title,
      ...(problems.length > 0 && { status: 422, hasErrors: true }),
      ...(refusal && { status: STATUS[refusal.reason], hasErrors: true }),
      image: imageIn(value, picture),
    },
    <>
      <BackLink href={back.href}>{back.text}</BackLink>
      <ErrorSummary title={t('people.wrong.title')} problems={problems} />
      {refusal?.reason === 'changed' ? <Clash t={t} rows={clash} /> : null}
      {refusal?.reason === 'appointments_without_desk' ? (
        <Stranding visit={visit} stranded={refusal.stranded} />
      ) : null}
      <h1>{title}</h1>
      {lead ? <p class="lead">{lead}</p> : null}
      <Done visit={visit} />
      {page.before}
      <form
        method="post"
        action={here}
        class="form admin"
        enctype={picture ? 'multipart/form-data' : undefined}
      >
        <input type="hidden" name="was" value={was} />
        <input type="hidden" name="stand" value={stand} />
        {/* The Enter key presses a form's first button. */}
        <button type="submit" class="hide" tabIndex={-1} aria-hidden="true" name="act" value="save">
          {page.submit ?? t('admin.save')}
        </button>
        <Offers t={t} wrong={wrong} />
        <Fields view={{ t, languages, wrong, focus }} fields={sheet.fields} value={value} />
        {after}
        <Button name="act" value="save">
          {page.submit ?? t('admin.save')}
        </Button>
      </form>
    </>,
  );
}

const DONE = ['saved', 'same', 'retired', 'back', 'revoked', 'deskRetired', 'deskBack'] as const;

/** What the page before has done, said politely. */
export function Done({ visit }: { visit: DeskVisit }) {
  const { c, t } = visit;
  const done = DONE.find((each) => each === c.req.query('done'));
  return done ? (
    <div role="status">
      <Notice kind="good">{t(`admin.done.${done}`)}</Notice>
    </div>
  ) : null;
}

/** Makes a handler of a page for which there must be a declaration to change. */
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

/** Colours that can be read, in place of those that can't. */
function Offers({ t, wrong }: { t: Translate; wrong: readonly Wrong[] }) {
  return wrong.map(({ at, slip }) => {
    if (slip?.kind !== 'contrast') return null;
    const { mode, offered, ink } = slip.values ?? {};
    return (
      <p key={nameOf(at)}>
        <button
          type="submit"
          class="button quiet"
          name="act"
          value={`set:look-accent-${mode}:${offered},look-accentInk-${mode}:${ink}`}
        >
          {t('admin.look.take', { colour: String(offered) })}
        </button>
      </p>
    );
  });
}
