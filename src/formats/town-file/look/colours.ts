import { DEFAULT_LOOK } from '../../../domain/office/defaults.ts';
import { contrast, mixed } from './contrast.ts';

/** The roles of the common look that an accent meets, as src/ui/css/tokens.css has them. */
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
/** How much of the accent is left in a button under the pointer, as src/ui/css/forms.css has it. */
export const HOVERED = 86;
/** WCAG 2.2, 1.4.3, of text; borders and rings (1.4.11) need 3, so what passes here is enough for them. */
export const LEAST_CONTRAST = 4.5;

export type Mode = keyof typeof COMMON;

/** Two colours that meet, and how far they stand apart, 1 to 21. */
export interface Meeting {
  /** `ink`: the text on the accent; `paper`; `tint`: its own, under the pointer; `hovered`: the text on it then. */
  with: 'ink' | 'paper' | 'tint' | 'hovered';
  other: string;
  ratio: number;
}

/** Where an accent is met as text or has text on it, in one of the two modes; nothing of what is no #rrggbb. */
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
 * The accent nearest to this one that can be read, darker on light paper and lighter on dark, with this text on it or else
 * with the common one. What is no #rrggbb is answered with the common look.
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

/** To one decimal, never rounded up to what is needed: 4.47 is 4.4. */
export const floored = (ratio: number): number => Math.floor(ratio * 10) / 10;
