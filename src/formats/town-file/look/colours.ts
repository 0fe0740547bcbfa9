import { DEFAULT_LOOK } from '../../../domain/office/defaults.ts';
import { contrast, mixed } from './contrast.ts';

/** The roles of the common look that are combined with an accent, as in src/ui/css/tokens.css. */
export const COMMON = {
  light: {
    ink: '#16202a',
    surface: '#ffffff',
    tint: 9,
    papers: ['#fbfaf7', '#ffffff', '#fdf3dc', '#e7f2ea', '#fbf0dd', '#fbe9e7'],
  },
  dark: {
    ink: '#eef1f3',
    surface: '#1c2024',
    tint: 12,
    papers: ['#14171a', '#1c2024', '#33291a', '#1a2b20', '#32281a', '#3a2220'],
  },
} as const;
/** The share of the accent in a button under the pointer, as in src/ui/css/forms.css. */
export const HOVERED = 86;
/** The minimum contrast of text (WCAG 2.2, 1.4.3). Borders and rings (1.4.11) need 3, so they pass too. */
export const LEAST_CONTRAST = 4.5;

export type Mode = keyof typeof COMMON;

/** Two colours that are combined, and their contrast, 1 to 21. */
export interface Meeting {
  /**
   * `ink`: the text on the accent; `paper`; `tint`: the accent's own tint, under the pointer; `hovered`: the text on the accent under the
   * pointer.
   */
  with: 'ink' | 'paper' | 'tint' | 'hovered';
  other: string;
  ratio: number;
}

/** Returns where an accent is shown as text or below text, in one of the two modes; an empty list when a colour is not #rrggbb. */
export function meetings(mode: Mode, accent: string, ink: string): Meeting[] {
  const common = COMMON[mode];
  const hovered = mixed(accent, HOVERED, common.ink) ?? accent;
  const tint = mixed(accent, common.tint, common.surface) ?? common.surface;
  const pairs = [
    { with: 'ink', of: accent, other: ink },
    ...common.papers.map((paper) => ({ with: 'paper', of: accent, other: paper }) as const),
    { with: 'tint', of: accent, other: tint },
    { with: 'hovered', of: hovered, other: ink },
  ] as const;
  return pairs.flatMap(({ of, ...pair }) => {
    const ratio = contrast(of, pair.other);
    return ratio === undefined ? [] : [{ ...pair, ratio }];
  });
}

const passes = (mode: Mode, accent: string, ink: string): boolean =>
  meetings(mode, accent, ink).every((each) => each.ratio >= LEAST_CONTRAST);

/**
 * Returns the nearest readable accent, darker on light paper and lighter on dark paper, with this text on it or else with the common text.
 * Returns the common look when a colour is not #rrggbb.
 */
export function readable(mode: Mode, accent: string, ink: string): { accent: string; ink: string } {
  const end = mode === 'light' ? '#000000' : '#ffffff';
  const common = { accent: DEFAULT_LOOK.accent[mode], ink: DEFAULT_LOOK.accentInk[mode] };
  const shades = Array.from({ length: 101 }, (_, step) => mixed(accent, 100 - step, end));
  for (const text of [ink, common.ink]) {
    const shade = shades.find((each) => each && passes(mode, each, text));
    if (shade) return { accent: shade, ink: text };
  }
  return common;
}

/** Returns the ratio with one decimal, rounded down so that it never reaches a limit by rounding: 4.47 is 4.4. */
export const floored = (ratio: number): number => Math.floor(ratio * 10) / 10;
