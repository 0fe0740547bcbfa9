import type { Blank, Part, WordedKind, Wording, Words } from '../../../domain/office/wording.ts';
import { blanksOf, KEPT_KINDS, partsOf, WORDED_KINDS } from '../../../domain/office/wording.ts';
import type { Declaration } from '../../../features/booking/administration/types.ts';
import { deliveredWords } from '../../../features/foundation/notices/service.ts';
import { mistakesInWords } from '../../../formats/town-file/checks/wording.ts';
import { LANGUAGE_NAMES, type Language, type Texts } from '../../../lib/i18n/languages.ts';
import { BackLink, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { withFrames } from '../../framed.ts';
import { adminBase } from '../places.ts';
import type { Sheet } from '../sections.ts';
import { type AdminDeps, declared, postSheet, type SheetPage, showSheet } from '../sheet.tsx';
import { Done, languagesOf } from '../sheet-view.tsx';
import type { Field, Value } from '../types.ts';
import { wordingPreviews } from './preview.tsx';

/**
 * `/console/{office}/admin/wording`: the notices; with a `kind`: the words of that notice, and its preview.
 */
export function wordingPage(deps: AdminDeps) {
  const kindIn = (visit: DeskVisit) =>
    WORDED_KINDS.find((each) => each === visit.c.req.query('kind'));

  const pageOf = (visit: DeskVisit, all: Declaration, kind: WordedKind): SheetPage => {
    const { t } = visit;
    const list = `${adminBase(visit)}/wording`;
    const isPlain = blanksIn(kind).length === 0;
    return {
      title: t(`admin.wording.kind.${kind}`),
      lead: t(isPlain ? 'admin.wording.noBlanks' : 'admin.wording.blanks'),
      here: `${list}?kind=${kind}`,
      back: { href: list, text: t('admin.section.wording') },
      before: <Blanks visit={visit} kind={kind} />,
      sheet: wordingSheet(kind, languagesOf(all)),
      done: list,
      canDraft: true,
      besides: pruned,
      mistakesIn: (words) => mistakesInWords(kind, words),
      after: async (words, isSought) => {
        const wording: Wording = { ...all.state.settings.wording, [kind]: words as Words };
        return (
          <>
            {await wordingPreviews({ visit, deps, kind, wording, isSought })}
            <p>
              <button
                type="submit"
                class="button quiet"
                name="act"
                value="clear"
                aria-describedby="clear-hint"
              >
                {t('admin.wording.restore.do')}
              </button>
            </p>
            <p class="hint" id="clear-hint">
              {t('admin.wording.restore.hint')}
            </p>
          </>
        );
      },
    };
  };

  return {
    get: declared(deps, async (visit, all) => {
      const kind = kindIn(visit);
      return kind
        ? withFrames(await showSheet(visit, all, pageOf(visit, all, kind)))
        : showList(visit, all);
    }),
    post: declared(deps, async (visit, all) => {
      const kind = kindIn(visit);
      return kind
        ? withFrames(await postSheet(deps, visit, all, pageOf(visit, all, kind)))
        : showList(visit, all);
    }),
  };
}

/** Returns the fields of a notice: the parts of its mail and of its SMS, each with the default text. */
export function wordingSheet(kind: WordedKind, languages: readonly Language[]): Sheet {
  const question = (part: Part): Field => {
    const isSms = part[0] === 'sms';
    const key = isSms ? part[1] : part[0];
    return {
      kind: 'texts',
      key,
      optional: true,
      label: isSms ? `admin.wording.case.${part[1]}` : `admin.wording.part.${part[0]}`,
      ...(key !== 'subject' && { rows: isSms ? 2 : 3 }),
      ...(key !== 'note' && {
        instead: {
          label: 'admin.wording.delivered',
          texts: Object.fromEntries(
            languages.map((each) => [each, deliveredWords(kind, part, each)]),
          ),
        },
      }),
    };
  };
  const questions = (isSms: boolean) =>
    partsOf(kind)
      .filter(([first]) => (first === 'sms') === isSms)
      .map(question);
  return {
    fields: [
      ...questions(false),
      {
        kind: 'group',
        key: 'sms',
        label: 'admin.wording.sms.group',
        hint: 'admin.wording.sms.hint',
        fields: questions(true),
      },
    ],
    base: ['wording', kind],
    shown: ({ state }) => ({ ...state.settings.wording?.[kind] }),
    written: (value) => value,
  };
}

/** Removes kinds without words. */
const pruned = (office: Value): Value => {
  const said = Object.entries((office.wording ?? {}) as Record<string, Value>).filter(
    ([, words]) => Object.keys(words).length > 0,
  );
  return { ...office, wording: Object.fromEntries(said) };
};

/** Returns all placeholders of a notice. */
const blanksIn = (kind: WordedKind): Blank[] => [
  ...new Set(partsOf(kind).flatMap((part) => blanksOf(kind, part))),
];

function Blanks({ visit: { t }, kind }: { visit: DeskVisit; kind: WordedKind }) {
  const blanks = blanksIn(kind);
  if (blanks.length === 0) return null;
  return (
    <>
      <ul class="admin-blanks unmarked">
        {blanks.map((each) => (
          <li key={each}>
            <code>{`{${each}}`}</code> {t(`admin.wording.blank.${each}`)}
          </li>
        ))}
      </ul>
      {kind === 'late' ? <p class="hint">{t('admin.wording.late', { time: '{time}' })}</p> : null}
    </>
  );
}

function showList(visit: DeskVisit, declaration: Declaration): Response {
  const { t } = visit;
  const admin = adminBase(visit);
  const title = t('admin.section.wording');
  return visit.show(
    { title },
    <>
      <BackLink href={admin}>{t('admin.title')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('admin.lead.wording')}</p>
      <Done visit={visit} />
      <ul class="admin-list unmarked">
        {WORDED_KINDS.map((kind) => (
          <li key={kind}>
            <a href={`${admin}/wording?kind=${kind}`}>{t(`admin.wording.kind.${kind}`)}</a>
            <Whose
              visit={visit}
              words={declaration.state.settings.wording[kind]}
              languages={languagesOf(declaration)}
            />
          </li>
        ))}
      </ul>
      {KEPT_KINDS.map((kind) => (
        <p key={kind} class="small soft">
          {t(`admin.wording.kept.${kind}`)}
        </p>
      ))}
    </>,
  );
}

/** Says whether a notice has the office's own words, and lists the languages with missing ones. */
function Whose(props: {
  visit: DeskVisit;
  words: Words | undefined;
  languages: readonly Language[];
}) {
  const { visit, words, languages } = props;
  const { t } = visit;
  if (!words) return <Tag kind="plain">{t('admin.wording.ours')}</Tag>;
  const { sms = {}, ...mail } = words;
  const texts: Texts[] = [...Object.values(mail), ...Object.values(sms)];
  const lacking = languages.filter((each) => texts.some((text) => !text[each]));
  return (
    <>
      <Tag kind="good">{t('admin.wording.own')}</Tag>
      {lacking.length > 0 ? (
        <>
          {' '}
          <Tag kind="warn">
            {t('admin.wording.lacks', {
              languages: lacking.map((each) => LANGUAGE_NAMES[each]).join(', '),
            })}
          </Tag>
        </>
      ) : null}
    </>
  );
}
