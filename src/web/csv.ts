/**
 * Rows as a CSV file (RFC 4180) that spreadsheets read as UTF-8. What a spreadsheet would run as a formula is kept from it
 * by an apostrophe (OWASP, CSV injection).
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}
