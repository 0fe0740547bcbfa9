import type { ComponentChildren } from 'preact';
import type { Slip } from '../../domain/office/fields.ts';
import type { Declaration, Edited } from '../../features/booking/administration/types.ts';
import { isFile } from '../../formats/town-file/look/logo.ts';
import type { Finding } from '../../formats/town-file/reading/check.ts';
import { LANGUAGE_NAMES, type Language } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Button } from '../../ui/buttons.tsx';
import { BackLink, ErrorSummary, Notice } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { Clash, type ClashRow } from './clash.tsx';
import { Fields } from './fields.tsx';
import { adminBase, pageForMending } from './places.ts';
import { pictureAt } from './read.ts';
import { mendedElsewhere, Stranding } from './refused.tsx';
import type { Sheet } from './sections.ts';
import type { SheetPage } from './sheet.tsx';
import { besideOf, ChooseBeside, SAVE, SAVE_AND_NEXT, SAVE_DRAFT } from './translating/beside.tsx';
import { nextWithGaps, olderInForm } from './translating/gaps.ts';
import { UnseenRight } from './translating/older-mark.tsx';
import { shownIn } from './translating/per-language.tsx';
import { type At, nameOf, type Value, valueAt, type Wrong } from './types.ts';
import { isAskedIn, wrongOf } from './wrong.ts';

/** The result of a sent form. */
export interface State {
  value: Value;
  was: string;
  /** Each answer as it was shown, to find changes by other people. */
  stand: string;
  clash?: readonly ClashRow[];
  focus?: string;
  isLooked?: boolean;
  /** The wished language beside the first one. */
  beside?: string | undefined;
  /** Paths of older translations that are ticked as still right. */
  right?: readonly string[];
  findings?: readonly Finding[];
  /** The mistake in the sent picture, if that is the only one. */
  fault?: Slip | undefined;
  refusal?: Exclude<Edited, { ok: true } | { reason: 'shorter' }>;
}

export const languagesOf = ({ state }: Declaration): readonly Language[] =>
  state.settings.languages;

/** Returns the source of the form's picture, which the page's policy must allow. */
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

/** Returns the mistakes in the form, and those elsewhere since it was sent. */
function problemsOf(
  visit: DeskVisit,
  declaration: Declaration,
  { sheet }: SheetPage,
  { value, findings = [], fault }: State,
) {
  const { t } = visit;
  const picture = pictureAt(sheet.fields);
  const others = findings.filter(
    (each) => !isAskedIn(sheet, each) && pageForMending(each) !== null,
  );
  const mine = findings.filter((each) => !others.includes(each));
  const languages = languagesOf(declaration);
  const wrong = wrongOf(t, mine, { fields: sheet.fields, value, languages, base: sheet.base });
  if (fault && picture && wrong.length === 0)
    wrong.push({ at: picture, text: t(`admin.slip.${fault.kind}`, fault.values) });
  const problems = [
    ...wrong.map((each) => ({ href: `#${nameOf(each.at)}`, text: each.text })),
    ...mendedElsewhere(visit, declaration, others),
  ];
  return { wrong, problems };
}

/** Shows a form with its values and its mistakes. */
export async function render(
  visit: DeskVisit,
  declaration: Declaration,
  page: SheetPage,
  state: State,
): Promise<Response> {
  const { t } = visit;
  const { value, isLooked = false, findings = [], refusal, clash = [] } = state;
  const { sheet, title, lead, back } = page;
  const after = await page.after?.(value, isLooked && findings.length === 0);
  const { wrong, problems } = problemsOf(visit, declaration, page, state);
  return visit.show(
    {
      title,
      ...(problems.length > 0 && { status: 422, hasErrors: true }),
      ...(refusal && { status: STATUS[refusal.reason], hasErrors: true }),
      image: imageIn(value, pictureAt(sheet.fields)),
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
      <InDraft visit={visit} declaration={declaration} sheet={sheet} />
      <SheetForm t={t} page={page} state={state} wrong={wrong} declaration={declaration}>
        {after}
      </SheetForm>
    </>,
  );
}

interface SheetFormProps {
  t: DeskVisit['t'];
  page: SheetPage;
  state: State;
  wrong: Wrong[];
  declaration: Declaration;
  children: ComponentChildren;
}

function SheetForm({ t, page, state, wrong, declaration, children }: SheetFormProps) {
  const { sheet } = page;
  const { fields } = sheet;
  const { value, was, stand, focus, right = [] } = state;
  const languages = languagesOf(declaration);
  const beside = page.hasAllLanguages
    ? undefined
    : besideOf(languages, fields, languageOf(wrong, languages) ?? state.beside);
  const view = {
    t,
    languages,
    wrong,
    focus,
    beside,
    older: olderInForm(declaration.older, sheet, value),
    right,
  };
  const isDraft = isInDraft(declaration, sheet);
  const submit = page.submit ?? t(isDraft ? 'admin.draft.publishHere' : 'admin.save');
  return (
    <form
      method="post"
      action={page.here}
      class="form admin"
      enctype={pictureAt(fields) ? 'multipart/form-data' : undefined}
    >
      <input type="hidden" name="was" value={was} />
      <input type="hidden" name="stand" value={stand} />
      {beside ? <input type="hidden" name="beside" value={beside} /> : null}
      <UnseenRight right={right} older={declaration.older} shown={shownIn(view)} />
      {/* The Enter key presses a form's first button. */}
      <button
        type="submit"
        class="hide"
        tabIndex={-1}
        aria-hidden="true"
        name="act"
        value={isDraft ? SAVE_DRAFT : SAVE}
      >
        {submit}
      </button>
      {beside ? (
        <ChooseBeside t={t} declaration={declaration} sheet={sheet} beside={beside} />
      ) : null}
      <Offers t={t} wrong={wrong} />
      <Fields view={view} fields={fields} value={value} />
      {children}
      <SheetButtons t={t} page={page} declaration={declaration} submit={submit} beside={beside} />
    </form>
  );
}

interface ButtonsProps {
  t: DeskVisit['t'];
  page: SheetPage;
  declaration: Declaration;
  submit: string;
  beside: Language | undefined;
}

/** The ways to save: at once, in the draft, and with the next page that has something to translate. */
function SheetButtons({ t, page, declaration, submit, beside }: ButtonsProps) {
  return (
    <div class="row">
      <Button name="act" value="save">
        {submit}
      </Button>
      {page.canDraft ? (
        <Button kind="quiet" name="act" value={SAVE_DRAFT}>
          {t('admin.draft.save')}
        </Button>
      ) : null}
      {beside && hasMore(declaration, page, beside) ? (
        <Button kind="quiet" name="act" value={SAVE_AND_NEXT}>
          {t('admin.beside.next', { language: LANGUAGE_NAMES[beside] })}
        </Button>
      ) : null}
    </div>
  );
}

/** Returns whether the form shows something that is only in the draft. */
const isInDraft = ({ draft }: Declaration, sheet: Sheet): boolean =>
  draft?.drafted != null &&
  draft.changes.some((each) => isAskedIn(sheet, { field: each.path.split('.') }));

/** Says that the form shows what is in the draft. */
function InDraft(props: { visit: DeskVisit; declaration: Declaration; sheet: Sheet }) {
  const { visit, declaration, sheet } = props;
  if (!isInDraft(declaration, sheet)) return null;
  return (
    <Notice>
      <p>{visit.t('admin.draft.here')}</p>
      <p>
        <a class="act" href={`${adminBase(visit)}/draft`}>
          {visit.t('admin.draft.open')}
        </a>
      </p>
    </Notice>
  );
}

/** Returns the language of the first mistake in a text, which must then be shown. */
const languageOf = (wrong: readonly Wrong[], languages: readonly Language[]) =>
  wrong.map(({ at }) => languages.slice(1).find((each) => each === at.at(-1))).find(Boolean);

/** Returns whether another page has something to translate into this language. */
const hasMore = (declaration: Declaration, { here }: SheetPage, language: Language): boolean =>
  nextWithGaps(declaration, language, here.replace(/^.*?\/admin\//, '')) !== null;

/** Readable colours, in place of unreadable ones. */
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

const DONE = [
  'saved',
  'same',
  'retired',
  'back',
  'revoked',
  'deskRetired',
  'deskBack',
  'reverted',
  'drafted',
  'published',
  'dropped',
] as const;

/** A status message about the action of the previous page. */
export function Done({ visit }: { visit: DeskVisit }) {
  const { c, t } = visit;
  const done = DONE.find((each) => each === c.req.query('done'));
  return done ? (
    <div role="status">
      <Notice kind="good">{t(`admin.done.${done}`)}</Notice>
    </div>
  ) : null;
}
