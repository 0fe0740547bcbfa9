/** How a value is written where it is filled in. */
export type Escape = (value: string) => string;

/** For the inside of a JSON string. */
export const jsonInside: Escape = (value) => JSON.stringify(value).slice(1, -1);
/** For the value of a form's field (application/x-www-form-urlencoded). */
export const formValue: Escape = (value) => new URLSearchParams({ '': value }).toString().slice(1);

const PLACEHOLDER = /\{([a-z]+)\}/g;

/** The names between braces in a template. */
export const namesIn = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');

/** Fills a template's `{name}` with values, each escaped; what is in braces and has no value stays as it is. */
export const fill = (template: string, values: Record<string, string>, as: Escape): string =>
  template.replaceAll(PLACEHOLDER, (all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? all : as(value);
  });
