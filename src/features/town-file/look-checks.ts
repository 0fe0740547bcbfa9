import { contrast } from './contrast.ts';
import { DEFAULT_LOOK } from './defaults.ts';
import type { Tellers } from './references.ts';
import type { Spot } from './spot.ts';

/** The papers of the common look; WCAG 2.2, 1.4.3 asks 4.5:1 of text. */
const PAPERS = { light: ['#fbfaf7', '#ffffff'], dark: ['#14171a', '#1c2024'] } as const;
const LEAST_CONTRAST = 4.5;

/** Text on the accent, and the accent on the papers, must be readable. */
export function checkLook(look: Spot, { mistake }: Tellers): void {
  if (!look.isGroup()) return;
  for (const mode of ['light', 'dark'] as const) {
    const accent = look.get('accent').get(mode);
    const ink = look.get('accentInk').get(mode);
    const accentColour = accent.text() ?? DEFAULT_LOOK.accent[mode];
    const pairs = [
      {
        spot: ink.exists() ? ink : accent,
        other: ink.text() ?? DEFAULT_LOOK.accentInk[mode],
        what: 'the text on it',
      },
      ...PAPERS[mode].map((paper) => ({ spot: accent, other: paper, what: 'the paper' })),
    ];
    for (const { spot, other, what } of pairs) {
      const ratio = contrast(accentColour, other);
      if (!spot.exists() || ratio === undefined || ratio >= LEAST_CONTRAST) continue;
      mistake(
        spot.path,
        `The ${mode} accent ${accentColour} stands out too little from ${what} (${other}): ${ratio.toFixed(1)} to 1, where ${LEAST_CONTRAST} is needed to be read.`,
      );
      break;
    }
  }
}
