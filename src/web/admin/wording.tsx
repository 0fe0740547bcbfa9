import type { Preview } from '../../features/notices/service.ts';
import { blanksOf, WORDED_KINDS } from '../../features/town-file/rules.ts';
import type { Declaration, WordedKind, Wording, Words } from '../../features/town-file/types.ts';
import { LANGUAGE_NAMES } from '../../lib/i18n/languages.ts';
import { BackLink, Notice, Tag } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { adminBase } from './places.ts';
import type { Sheet } from './sections.ts';
import { type AdminDeps, Done, declared, postSheet, type SheetPage, showSheet } from './sheet.tsx';
import type { Field, Value } from './types.ts';

const FIELDS = (['subject', 'phone', 'video', 'note'] as const).map(
  (key): Field => ({
    ...{ kind: 'texts', key, label: `admin.wording.${key}`, optional: true },
    ...(key !== 'subject' && { rows: 3 }),
  }),
);

/** `/console/{body}/admin/wording`: which mails there are; with a `kind`: that one's words, and how it looks with them. */
export function wordingPage(deps: AdminDeps) {
  const kindIn = (visit: DeskVisit) =>
    WORDED_KINDS.find((each) => each === visit.c.req.query('kind'));

  const pageOf = (visit: DeskVisit, { state }: Declaration, kind: WordedKind): SheetPage => {
    const { t, body } = visit;
    const list = `${adminBase(visit)}/wording`;
    const blanks = blanksOf(kind).map((each) => `{${each}}`);
    return {
      title: t(`admin.wording.kind.${kind}`),
      lead: t('admin.wording.blanks', { blanks: blanks.join(', ') }),
      here: `${list}?kind=${kind}`,
      back: { href: list, text: t('admin.section.wording') },
      sheet: sheetOf(kind),
      done: list,
      besides: pruned,
      after: async (words) => {
        const wording: Wording = { ...state.settings.wording, [kind]: words as Words };
        return <Shown visit={visit} previews={await deps.previews.of(body, kind, wording)} />;
      },
    };
  };

  return {
    get: declared(deps, (visit, all) => {
      const kind = kindIn(visit);
      return kind ? showSheet(visit, all, pageOf(visit, all, kind)) : showList(visit, all);
    }),
    post: declared(deps, (visit, all) => {
      const kind = kindIn(visit);
      return kind ? postSheet(deps, visit, all, pageOf(visit, all, kind)) : showList(visit, all);
    }),
  };
}

const sheetOf = (kind: WordedKind): Sheet => ({
  fields: FIELDS,
  base: ['wording', kind],
  shown: ({ state }) => ({ ...state.settings.wording?.[kind] }),
  written: (value) => value,
});

/** Without kinds of which nothing is said. */
const pruned = (body: Value): Value => {
  const said = Object.entries((body.wording ?? {}) as Record<string, Value>).filter(
    ([, words]) => Object.keys(words).length > 0,
  );
  return { ...body, wording: Object.fromEntries(said) };
};

function Shown({ visit, previews }: { visit: DeskVisit; previews: readonly Preview[] }) {
  const { t } = visit;
  return (
    <section aria-labelledby="preview" class="admin-previews">
      <h2 id="preview">{t('admin.wording.preview')}</h2>
      <p class="hint">{t('admin.wording.previewText')}</p>
      {previews.length === 0 ? <Notice>{t('admin.wording.nobody')}</Notice> : null}
      {previews.map(({ language, subject, text }, index) => (
        <details key={language} open={index === 0}>
          <summary lang={language}>
            {LANGUAGE_NAMES[language]}: {subject}
          </summary>
          <pre class="admin-letter" lang={language}>
            {text}
          </pre>
        </details>
      ))}
      <p>
        <button type="submit" class="button quiet" name="act" value="look-at">
          {t('admin.wording.look')}
        </button>
      </p>
    </section>
  );
}

function showList(visit: DeskVisit, { state }: Declaration): Response {
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
            {state.settings.wording?.[kind] ? (
              <Tag kind="good">{t('admin.wording.own')}</Tag>
            ) : (
              <Tag kind="plain">{t('admin.wording.ours')}</Tag>
            )}
          </li>
        ))}
      </ul>
    </>,
  );
}
