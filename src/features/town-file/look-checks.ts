import { contrast, mixed } from './contrast.ts';
import { DEFAULT_LOOK } from './defaults.ts';
import type { Tellers } from './references.ts';
import type { Spot } from './spot.ts';

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
const LEAST_CONTRAST = 4.5;

/**
 * Text on the accent, and the accent as text and border on every paper, must be readable, under the pointer too. What a look
 * doesn't say it takes from the inherited one, else from the common one.
 */
export function checkLook(look: Spot, { mistake }: Tellers, inherited?: Spot): void {
  if (!look.isGroup()) return;
  const colour = (role: 'accent' | 'accentInk', mode: 'light' | 'dark') =>
    [look, inherited].map((each) => each?.get(role).get(mode).text()).find(Boolean) ??
    DEFAULT_LOOK[role][mode];
  for (const mode of ['light', 'dark'] as const) {
    const accent = look.get('accent').get(mode);
    const ink = look.get('accentInk').get(mode);
    const accentColour = colour('accent', mode);
    const inkColour = colour('accentInk', mode);
    const common = COMMON[mode];
    const writing = ink.exists() ? ink : accent;
    const hovered = mixed(accentColour, HOVERED, common.ink) ?? accentColour;
    const tint = mixed(accentColour, common.tint, common.surface) ?? common.surface;
    const pairs = [
      { spot: writing, of: accentColour, other: inkColour, what: 'the text on it' },
      ...common.papers.map((paper) => ({
        spot: accent,
        of: accentColour,
        other: paper,
        what: 'the paper',
      })),
      { spot: accent, of: accentColour, other: tint, what: 'its own tint, under the pointer' },
      { spot: writing, of: hovered, other: inkColour, what: 'the text on it, under the pointer' },
    ];
    for (const { spot, of, other, what } of pairs) {
      const ratio = contrast(of, other);
      if (!spot.exists() || ratio === undefined || ratio >= LEAST_CONTRAST) continue;
      mistake(
        spot.path,
        `The ${mode} accent ${accentColour} stands out too little from ${what} (${other}): ${floored(ratio)} to 1, where ${LEAST_CONTRAST} is needed to be read.`,
      );
      break;
    }
  }
}

/** Never rounded up to what is needed: 4.47 is "4.4". */
const floored = (ratio: number): string => (Math.floor(ratio * 10) / 10).toFixed(1);
