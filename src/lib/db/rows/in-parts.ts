/** Returns rows in parts that one statement can hold: it has 65,535 parameters at most. */
export const rowsInParts = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / 1000) }, (_, nth) =>
    rows.slice(nth * 1000, nth * 1000 + 1000),
  );
