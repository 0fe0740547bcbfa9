import type { ComponentChildren } from 'preact';
import { formatLanguage } from '../lib/i18n/format-language.ts';
import type { EncounterLanguage, Language, Texts } from '../lib/i18n/languages.ts';
import { LANGUAGES, textIn } from '../lib/i18n/languages.ts';
import type { Translate } from '../lib/i18n/translate.ts';

/** A text of the town file in the reader's language; marked with its own language when that is another. */
export function Say({ of, t }: { of: Texts | undefined; t: Translate }) {
  if (!of) return null;
  if (of[t.language]) return <>{of[t.language]}</>;
  const language: Language | undefined = LANGUAGES.find((each) => of[each]);
  return <span lang={language}>{textIn(of, t.language)}</span>;
}

export interface ProblemLink {
  /** The wrong field, `#name`, or a page. */
  href: string;
  text: string;
}

/**
 * The list of mistakes at the top of the page; it takes the focus first. Its name includes the mistakes: a screen reader that comes to an
 * alert may read its name only.
 */
export function ErrorSummary(props: { title: string; problems: readonly ProblemLink[] }) {
  if (props.problems.length === 0) return null;
  return (
    <div
      class="errors"
      role="alert"
      aria-labelledby="problem problems"
      id="errors"
      tabIndex={-1}
      autofocus
    >
      <h2 id="problem">{props.title}</h2>
      <ul id="problems">
        {props.problems.map((each) => (
          <li key={each.text}>
            <a href={each.href}>{each.text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** An important notice. `time`: how long something is kept. */
export function Notice(props: {
  kind?: 'plain' | 'warn' | 'good' | 'time';
  children: ComponentChildren;
}) {
  const kind = props.kind ?? 'plain';
  return <div class={kind === 'plain' ? 'notice' : `notice ${kind}`}>{props.children}</div>;
}

export type TagKind = 'good' | 'warn' | 'bad' | 'now' | 'plain';

const SIGNS: Record<TagKind, string> = { good: '✓', warn: '▲', bad: '✕', now: '●', plain: '○' };

/** A state: a word, a sign and a colour. */
export function Tag({ kind, children }: { kind: TagKind; children: ComponentChildren }) {
  return (
    <span class={`tag ${kind}`}>
      <span aria-hidden="true">{SIGNS[kind]}</span>
      {children}
    </span>
  );
}

/** The link back, above the page's title. */
export function BackLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="back" href={href}>
      {children}
    </a>
  );
}

export interface SummaryRow {
  label: string;
  value: ComponentChildren;
  /** The link to change it; `name` says what, for whoever hears the link alone. It begins with `text`. */
  change?: { href: string; text: string; name: string };
}

/** Answers to check, each with a link to change it. */
export function SummaryList({ rows }: { rows: readonly SummaryRow[] }) {
  return (
    <dl class="summary">
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd class="said" dir="auto">
            {row.value}
          </dd>
          {row.change ? (
            <dd>
              <a href={row.change.href} aria-label={row.change.name}>
                {row.change.text}
              </a>
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
}

export interface Column<Row> {
  head: ComponentChildren;
  cell: (row: Row) => ComponentChildren;
  /** Right-aligned, tabular figures. */
  number?: boolean;
}

/** A region that may be wider than the page; with a name, the keyboard can scroll it too. */
function Scroll({ name, children }: { name?: string | undefined; children: ComponentChildren }) {
  if (!name) return <div class="scroll">{children}</div>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys must be able to scroll it
    <section class="scroll" aria-labelledby={name} tabIndex={0}>
      {children}
    </section>
  );
}

/** A table with its caption; the first column heads each row. */
export function Table<Row>(props: {
  caption: ComponentChildren;
  /** The caption's id, for a table that is wider than a telephone and has no focusable content. */
  wide?: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}) {
  return (
    <Scroll name={props.wide}>
      <table class="table">
        <caption id={props.wide}>{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column, index) => (
              <th key={index} scope="col" class={column.number ? 'number' : undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.keyOf(row)}>
              {props.columns.map((column, index) =>
                index === 0 ? (
                  <th key={index} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={index} class={column.number ? 'number' : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** A language by its name, marked as text in that language. */
export function LanguageName({ of, t }: { of: EncounterLanguage; t: Translate }) {
  const { name, writtenIn } = formatLanguage(of, t);
  return <span lang={writtenIn}>{name}</span>;
}
