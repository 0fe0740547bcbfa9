import { createHash } from 'node:crypto';

interface Shade {
  light: string;
  dark: string;
}

/** An office's look: the roles that it overrides. The check of the town file covers the colours and their contrast. */
export interface Theme {
  accent: Shade;
  accentInk: Shade;
}

/** A theme as a style element's text, and the CSP source that allows exactly it. */
export interface ThemeStyle {
  css: string;
  source: string;
}

const COLOUR = /^#[0-9a-f]{3,8}$/i;
/** The colours of the stylesheet: an office with these needs no style of its own. */
const COMMON: Theme = {
  accent: { light: '#0b5d66', dark: '#6cc5cf' },
  accentInk: { light: '#ffffff', dark: '#06282c' },
};

function roles(theme: Theme, scheme: 'light' | 'dark'): string {
  const accent = theme.accent[scheme];
  const ink = theme.accentInk[scheme];
  const isCommon = accent === COMMON.accent[scheme] && ink === COMMON.accentInk[scheme];
  if (isCommon || !COLOUR.test(accent) || !COLOUR.test(ink)) return '';
  return `:root{--accent:${accent};--accent-ink:${ink}}`;
}

const made = new Map<string, ThemeStyle>();

/** Returns the style of a theme, made once; null when it overrides nothing. */
export function styleOf(theme: Theme): ThemeStyle | null {
  const light = roles(theme, 'light');
  const dark = roles(theme, 'dark');
  const css = [
    light && `@media not (prefers-color-scheme:dark){${light}}`,
    dark && `@media (prefers-color-scheme:dark){${dark}}`,
  ].join('');
  if (!css) return null;
  let style = made.get(css);
  if (style === undefined) {
    const hash = createHash('sha256').update(css).digest('base64');
    style = { css, source: `'sha256-${hash}'` };
    made.set(css, style);
  }
  return style;
}
