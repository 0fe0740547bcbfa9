/** The escaping of a value where it is filled in. */
export type Escape = (value: string) => string;

/** Escapes for the inside of a JSON string. */
export const jsonInside: Escape = (value) => JSON.stringify(value).slice(1, -1);
/** Escapes for the value of a form's field (application/x-www-form-urlencoded). */
export const formValue: Escape = (value) => new URLSearchParams({ '': value }).toString().slice(1);

const PLACEHOLDER = /\{([a-z]+)\}/g;

/** Returns the names between braces in a template. */
export const namesIn = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');

/** Fills a template's `{name}` with values, each escaped; names without a value stay unchanged. */
export const fill = (template: string, values: Record<string, string>, as: Escape): string =>
  template.replaceAll(PLACEHOLDER, (all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? all : as(value);
  });
