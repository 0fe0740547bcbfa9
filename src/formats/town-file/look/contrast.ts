/** Returns the contrast of two colours written #rrggbb (WCAG 2.2, "contrast ratio"), 1 to 21; undefined when either has another form. */
export function contrast(a: string, b: string): number | undefined {
  const [first, second] = [luminance(a), luminance(b)];
  if (first === undefined || second === undefined) return undefined;
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** Returns the CSS colour `color-mix(in srgb, colour share%, other)`; undefined when either colour is not #rrggbb. */
export function mixed(colour: string, percent: number, other: string): string | undefined {
  const [first, second] = [partsOf(colour), partsOf(other)];
  if (!first || !second) return undefined;
  const share = percent / 100;
  const parts = first.map((part, index) =>
    Math.round(part * share + (second[index] ?? 0) * (1 - share)),
  );
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Returns red, green and blue, 0 to 255. */
function partsOf(colour: string): number[] | undefined {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  return parts?.slice(1).map((hex) => Number.parseInt(hex, 16));
}

/** Returns the relative luminance (WCAG 2.2). */
function luminance(colour: string): number | undefined {
  const parts = partsOf(colour);
  if (!parts) return undefined;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
