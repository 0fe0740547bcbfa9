import { DEFAULT_LOOK } from '../../../domain/office/defaults.ts';
import { floored, LEAST_CONTRAST, type Meeting, meetings, readable } from '../look/colours.ts';
import type { Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';

const WORDS: Record<Meeting['with'], string> = {
  ink: 'the text on it',
  paper: 'the paper',
  tint: 'its own tint, under the pointer',
  hovered: 'the text on it, under the pointer',
};

/**
 * Checks the contrast of a look: text on the accent, and the accent as text and border on every paper, also under the pointer. Missing
 * values come from the inherited look, else from the common one.
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
    const writing = ink.exists() ? ink : accent;
    const spotOf = ({ with: what }: Meeting): Spot =>
      what === 'ink' || what === 'hovered' ? writing : accent;
    const wrong = meetings(mode, accentColour, inkColour).find(
      (each) => each.ratio < LEAST_CONTRAST && spotOf(each).exists(),
    );
    if (!wrong) continue;
    const ratio = floored(wrong.ratio);
    const offered = readable(mode, accentColour, inkColour);
    mistake(
      spotOf(wrong).path,
      `The ${mode} accent ${accentColour} stands out too little from ${WORDS[wrong.with]} (${wrong.other}): ${ratio.toFixed(1)} to 1, where ${LEAST_CONTRAST} is needed to be read.`,
      'value',
      {
        kind: 'contrast',
        values: {
          ratio,
          needed: LEAST_CONTRAST,
          other: wrong.other,
          offered: offered.accent,
          mode,
          ink: offered.ink,
        },
      },
    );
  }
}
