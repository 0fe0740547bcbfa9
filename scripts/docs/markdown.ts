import { posix } from 'node:path';
import type { Markdown, MarkdownEnvironment, Token } from '../lib/eleventy.ts';
import { anchors } from './pages.ts';

/** What the rules know of the page that is rendered. */
export interface Around {
  /** The path of its text in the project. */
  source: string;
  /** Its file in the site. */
  address: string;
  /** The files of the site, by the paths of their texts and pictures. */
  addresses: ReadonlyMap<string, string>;
  /** The size of each picture, by its path. */
  sizes: ReadonlyMap<string, { width: number; height: number }>;
  /** What a table is called for screen readers, by the heading above it. */
  tableName(heading: string): string;
  /** What a column without a head is called: the first one, or another. */
  columnName(isFirst: boolean): string;
}

/** Makes the renderer write pages of the site. `around`: of the page that is rendered at this moment. */
export function amendMarkdown(
  markdown: Markdown,
  around: (environment: MarkdownEnvironment) => Around,
): void {
  markdown.core.ruler.push('site', ({ tokens, env }) => {
    const page = around(env);
    markHeadings(tokens);
    const inline = tokens.flatMap((each) => each.children ?? []);
    linkFiles(inline, page);
    showPictures(inline, page);
    nameTables(tokens, page);
  });
  markdown.renderer.rules['table_open'] = (tokens, index) =>
    `<section class="table" tabindex="0" aria-label="${escapeHtml(tokens[index]?.attrGet('data-name') ?? '')}"><table>`;
  markdown.renderer.rules['table_close'] = () => '</table></section>';
  markdown.renderer.rules['fence'] = (tokens, index) =>
    `<pre tabindex="0"><code>${escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`;
  markdown.renderer.rules['html_block'] = (tokens, index) =>
    /^<!--/.test(tokens[index]?.content ?? '') ? '' : (tokens[index]?.content ?? '');
}

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Gives headings their anchors, and the columns of tables their scope. */
function markHeadings(tokens: Token[]): void {
  const slugOf = anchors();
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') token.attrSet('id', slugOf(wordsOf(tokens[index + 1])));
    if (token.type === 'th_open') token.attrSet('scope', 'col');
    if (/^t[hd]_open$/.test(token.type) && token.attrGet('style')) {
      // The policy of the pages allows no styles in them.
      token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null;
      token.attrSet('class', 'number');
    }
  }
}

const wordsOf = (token: Token | undefined): string =>
  (token?.children ?? []).map(({ content }) => content).join('');

/**
 * Names each table by the heading above it, and by a number where the heading has several. Columns without a head get
 * one: screen readers say it with each cell.
 */
function nameTables(tokens: Token[], { tableName, columnName }: Around): void {
  let heading = '';
  let count = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      heading = wordsOf(tokens[index + 1]);
      count = 0;
    }
    const head = tokens[index + 1];
    if (token.type === 'th_open' && head && wordsOf(head) === '') {
      const content = columnName(tokens[index - 1]?.type === 'tr_open');
      head.children = [{ ...head, type: 'text', content, children: null }];
    }
    if (token.type !== 'table_open') continue;
    count += 1;
    token.attrSet('data-name', tableName(count > 1 ? `${heading} (${count})` : heading));
  }
}

/** Makes links to texts lead to pages. What isn't on the site becomes the name of a file. */
function linkFiles(inline: Token[], around: Around): void {
  let isFile = false;
  for (const token of inline) {
    const target = token.type === 'link_open' ? (token.attrGet('href') ?? '') : '';
    if (token.type === 'link_close' && isFile) {
      Object.assign(token, { tag: 'span' });
      isFile = false;
    }
    if (target === '' || /^([a-z]+:|#)/.test(target)) continue;
    const [file = '', anchor] = target.split('#');
    const path = posix.join(posix.dirname(around.source), decodeURI(file)).replace(/\/$/, '');
    const address = around.addresses.get(path);
    isFile = address === undefined;
    if (address !== undefined)
      token.attrSet('href', relative(around.address, address) + (anchor ? `#${anchor}` : ''));
    else
      Object.assign(token, {
        tag: 'span',
        attrs: [
          ['class', 'file'],
          ['data-path', path],
        ],
      });
  }
}

/** The address of a file of the site from another one. */
export const relative = (from: string, to: string): string =>
  posix.relative(posix.dirname(from), to);

function showPictures(inline: Token[], { source, address, addresses, sizes }: Around): void {
  for (const token of inline) {
    if (token.type !== 'image') continue;
    const path = posix.join(posix.dirname(source), token.attrGet('src') ?? '');
    const to = addresses.get(path);
    const size = sizes.get(path);
    if (!to || !size) throw new Error(`${source}: the picture ${path} is not there.`);
    token.attrSet('src', relative(address, to));
    token.attrSet('width', String(size.width));
    token.attrSet('height', String(size.height));
    token.attrSet('loading', 'lazy');
  }
}
